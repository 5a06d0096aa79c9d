"""Cards customers keep: only after their own tick, shown and deleted in their account, gone with it."""

import logging
import uuid
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_tasks import task

from storefront.payments import gateway, stripe_cards
from storefront.payments.errors import CardNotFound, ConsentMissing, GatewayFailed, PaymentError
from storefront.payments.models import CardConsent, Payment, StripeCustomer
from storefront.payments.selectors.cards import consent_text, customer_id_of

logger = logging.getLogger(__name__)


def ensure_customer(*, user: Any, now: datetime) -> str:
    """Return the user's id at Stripe, made now if there is none; call it outside any transaction."""
    row = _row_of(user, now=now)
    if row.customer_id is None:
        try:
            customer_id = stripe_cards.create_customer(
                key=f"customer-{row.reference.hex}", reference=row.reference.hex
            )
        except GatewayFailed:
            # Stripe repeats its failure to this key: the next try takes another. One left behind keeps no card.
            StripeCustomer.objects.filter(pk=row.pk, customer_id=None).update(reference=uuid.uuid4())
            raise
        StripeCustomer.objects.filter(pk=row.pk, customer_id=None).update(customer_id=customer_id)
        row.refresh_from_db()
    return row.customer_id or ""


def record_consent(*, user: Any, now: datetime, payment: Payment | None = None) -> CardConsent:
    """Keep the words of the tick as they were shown in the language in force, and when it was set."""
    return CardConsent.objects.create(
        customer=_row_of(user, now=now),
        payment=payment,
        text=consent_text(),
        language=get_language() or "",
        given_at=now,
    )


def begin_card(*, user: Any, has_agreed: bool, now: datetime) -> stripe_cards.Setup:
    """Return the setup intent for a card to keep. Raises ConsentMissing, or GatewayError: then try again."""
    if not has_agreed:
        raise ConsentMissing(_("Tick that we may keep the card. Nothing was saved."))
    customer_id = ensure_customer(user=user, now=now)
    consent = record_consent(user=user, now=now)
    return stripe_cards.create_setup(customer_id=customer_id, reference=consent.customer.reference.hex)


def delete_card(*, user: Any, card_id: str) -> None:
    """Delete a card of the user's own. Raises CardNotFound for any other, GatewayError when Stripe did not do it."""
    customer_id = customer_id_of(user)
    if not customer_id or card_id not in {card.id for card in stripe_cards.list_cards(customer_id)}:
        raise CardNotFound(_("This card is not kept in your account. Nothing was changed."))
    stripe_cards.detach_card(card_id)


def forget_cards(*, user: Any) -> None:
    """Cut the user's cards off from the account; Stripe deletes them after the commit, or at reconciliation."""
    for key in list(user.stripe_customers.order_by("pk").values_list("pk", flat=True)):
        StripeCustomer.objects.filter(pk=key).update(user=None)
        transaction.on_commit(partial(delete_at_stripe.enqueue, key))


@task()
def delete_at_stripe(key: int) -> bool:
    """Delete one customer nobody belongs to any more; what Stripe does not answer is left to reconciliation."""
    try:
        return forget_customer(key)
    except PaymentError as error:
        logger.warning("Customer %d at Stripe is left to reconciliation: %s", key, error)
        return False


def forget_customer(key: int) -> bool:
    """Delete a customer without a user at Stripe, then here; safe to repeat. Call it outside any transaction."""
    row = StripeCustomer.objects.filter(pk=key, user=None, is_live=gateway.takes_real_money()).first()
    if row is None:
        return False
    if row.customer_id:
        stripe_cards.delete_customer(row.customer_id)
    row.delete()
    return True


def forget_customers() -> int:
    """Delete every customer whose account was erased; return how many could not be deleted yet."""
    failed = 0
    rows = StripeCustomer.objects.filter(user=None, is_live=gateway.takes_real_money()).order_by("pk")
    for key in list(rows.values_list("pk", flat=True)):
        try:
            forget_customer(key)
        except PaymentError as error:
            failed += 1
            logger.warning("Customer %d could not be deleted at Stripe yet: %s", key, error)
    return failed


def _row_of(user: Any, *, now: datetime) -> StripeCustomer:
    row, _created = StripeCustomer.objects.get_or_create(
        user=user, is_live=gateway.takes_real_money(), defaults={"created_at": now}
    )
    return row
