"""The order behind a link, and what is open."""

import re
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import Q, QuerySet
from oscar.core.loading import get_model

from storefront.payments import gateway
from storefront.payments.models import (
    CANCELLABLE_STATES,
    OPEN_STATES,
    UNDECIDED_STATES,
    Finding,
    FindingState,
    Payment,
    PaymentState,
)
from storefront.payments.models.captures import setup_in_use

Order = get_model("order", "Order")

# The salt of Oscar's own Order.verification_hash(), whose links these are.
_LINK_SIGNER = Signer(salt="oscar.apps.order.Order")


def payment_by_token(token: str) -> Payment | None:
    """Return the payment, with its order, that a signed order link names; None for a link we did not sign."""
    try:
        number = _LINK_SIGNER.unsign(token)
    except BadSignature:
        return None
    return (
        Payment.objects.select_related(
            "order__shipping_address__country",
            "order__billing_address__country",
            "order__user",
            "order__tax_terms",
        )
        .filter(order__number=number)
        .first()
    )


def order_token(order: "Order") -> str:
    """Return the signed part of the order's link: whoever has it may see the order."""
    return order.verification_hash()


def can_take_payments() -> bool:
    """Say whether Stripe, or the stand-in, is set up."""
    return gateway.is_configured()


def offers_wallets() -> bool:
    """Say whether basket and product pages offer the wallets of the browser: Stripe's own page offers its own."""
    return gateway.is_configured() and settings.STRIPE_EXPRESS_WALLETS and not setup_in_use().is_hosted


def browser_setup() -> dict[str, str | bool]:
    """Return what a page needs to show the card form."""
    return {
        "is_configured": gateway.is_configured(),
        "publishable_key": settings.STRIPE_PUBLISHABLE_KEY,
        "script": settings.STRIPE_JS_URL,
        "is_hosted": setup_in_use().is_hosted,
    }


def charged_units(*, amount: Decimal, currency: str) -> int:
    """Return the amount as the card form wants it: a whole number of the currency's smallest units."""
    return gateway.to_minor_units(amount=amount, currency=currency)


def open_payment(payment_id: int | None) -> Payment | None:
    """Return the payment, with its order, while it can still be paid."""
    return open_payments().select_related("order").filter(pk=payment_id).first() if payment_id else None


def payment_for_basket(basket_id: int) -> Payment | None:
    """Return the payment of the order this basket became, if it did."""
    return Payment.objects.select_related("order").filter(basket_id=basket_id).first()


def is_ours(*, reference: str, intent_id: str = "", session_id: str = "") -> bool:
    """Say whether an intent or session belongs to a payment here, by its id or by the reference in its metadata."""
    by_reference = Q(reference=reference) if is_reference(reference) else Q()
    by_id = Q(session_id=session_id) if session_id else Q(intent_id=intent_id)
    return Payment.objects.filter(by_id | by_reference).exists()


def undecided_payments() -> QuerySet[Payment]:
    """Return the payments Stripe may still decide, those whose money is reserved included, oldest first."""
    return Payment.objects.filter(state__in=UNDECIDED_STATES).order_by("pk")


def open_payments() -> QuerySet[Payment]:
    """Return the payments a shopper can still pay or a bank still works on, oldest first."""
    return Payment.objects.filter(state__in=OPEN_STATES).order_by("pk")


def overdue_payments(*, now: datetime) -> QuerySet[Payment]:
    """Return the unpaid payments whose time is up, and those whose order was cancelled in the back office."""
    is_overdue = Q(state=PaymentState.AWAITING, expires_at__lte=now)
    return Payment.objects.filter(
        is_overdue | Q(state__in=CANCELLABLE_STATES, order__status="Cancelled")
    ).order_by("pk")


def order_lines(order: "Order") -> QuerySet:
    """Return the order's lines with what a page prints of them, in the order they were bought."""
    return order.lines.select_related("product__parent").prefetch_related("product__images").order_by("pk")


def is_reference(text: str) -> bool:
    """Say whether a text has the form of a payment's reference in an intent's metadata."""
    return re.fullmatch(r"[0-9a-f]{32}", text) is not None


def count_open_findings() -> int:
    """Return how many findings wait for a person."""
    return Finding.objects.filter(state=FindingState.OPEN).count()
