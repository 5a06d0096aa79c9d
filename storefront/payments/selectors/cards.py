"""The cards a customer keeps, and the words they agreed to."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from storefront.payments import gateway, stripe_cards
from storefront.payments.models import StripeCustomer


def consent_text() -> str:
    """Return what a customer ticks before a card is kept, in the language in force."""
    return _(
        "Keep this card for my next orders at %(shop)s. Stripe keeps it, the shop never sees its number; "
        "it is charged only when I order and choose it. I can delete it in my account at any time."
    ) % {"shop": settings.SHOP_NAME}


def customer_id_of(user: Any) -> str:
    """Return the user's id at Stripe in the mode the shop is in, empty when there is none."""
    if user is None or not user.is_authenticated:
        return ""
    rows = StripeCustomer.objects.filter(user=user, is_live=gateway.takes_real_money())
    return rows.values_list("customer_id", flat=True).first() or ""


def saved_cards(user: Any) -> list[stripe_cards.SavedCard]:
    """Return the cards the user keeps; raises GatewayError when Stripe could not be asked."""
    customer_id = customer_id_of(user)
    return stripe_cards.list_cards(customer_id) if customer_id else []


def card_session(user: Any) -> str:
    """Return the secret with which the card form shows the user's kept cards, empty when there are none to show."""
    customer_id = customer_id_of(user)
    return stripe_cards.open_session(customer_id) if customer_id else ""
