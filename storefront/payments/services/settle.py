"""Decide a payment from what Stripe says now: for the webhook, the return page and reconciliation."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from storefront.payments import stripe_intents
from storefront.payments.errors import UnknownPayment
from storefront.payments.models import CLOSED_UNPAID_STATES, FINAL_STATES, Payment, PaymentState, PaymentWay
from storefront.payments.selectors import is_reference
from storefront.payments.services.intents import METADATA_KEY
from storefront.payments.services.records import record_authorised, record_paid, record_unpaid

logger = logging.getLogger(__name__)


def settle(*, intent_id: str, now: datetime, client_secret: str | None = None) -> Payment:
    """Bring the payment of this intent to the state the intent has at Stripe, once; return it with its order.

    `client_secret`, when given, must be the intent's own. Raises UnknownPayment, or GatewayError when Stripe
    could not be asked; then nothing has changed. Call it outside any transaction.
    """
    if client_secret is None:
        known = Payment.objects.select_related("order").filter(intent_id=intent_id).first()
        if known and known.state in FINAL_STATES:
            return known
    intent = stripe_intents.retrieve_intent(intent_id)
    if client_secret is not None and not constant_time_compare(client_secret, intent.client_secret):
        raise _unknown()
    with transaction.atomic():
        payment = _lock(intent)
        if payment.state not in FINAL_STATES:
            _apply(payment, intent, now=now)
    return payment


def _lock(intent: stripe_intents.Intent) -> Payment:
    """Return the payment, its row and its order's locked; take in an intent whose answer was lost."""
    locked = Payment.objects.select_for_update(of=("self", "order")).select_related("order")
    payment = locked.filter(intent_id=intent.id).first()
    if payment is None:
        reference = intent.metadata.get(METADATA_KEY, "")
        if is_reference(reference):
            # Another process may take the intent in while this one waits for the row: then it is there.
            payment = locked.filter(reference=reference, way=PaymentWay.STRIPE).first()
        if payment is None or payment.intent_id not in (None, intent.id):
            raise _unknown()
        if payment.intent_id is None:
            payment.intent_id = intent.id
            payment.save(update_fields=["intent_id"])
    return payment


def _apply(payment: Payment, intent: stripe_intents.Intent, *, now: datetime) -> None:
    if intent.status == "succeeded":
        _apply_success(payment, intent, now=now)
    elif payment.state in CLOSED_UNPAID_STATES:
        return
    elif intent.status == "canceled":
        state = PaymentState.EXPIRED if payment.is_authorised else PaymentState.CANCELLED
        record_unpaid(payment, state=state, now=now)
    elif payment.is_authorised:
        return  # what was read before it was reserved, or that it still is
    elif intent.status == "requires_capture":
        _apply_authorisation(payment, intent, now=now)
    elif intent.status == "processing":
        payment.state = PaymentState.PROCESSING
        payment.save(update_fields=["state"])
    else:
        _reopen(payment, intent, now=now)


def _apply_success(payment: Payment, intent: stripe_intents.Intent, *, now: datetime) -> None:
    difference = _difference(payment, intent)
    if difference:
        _set_aside(payment, state=PaymentState.MISMATCH, note=difference)
    elif payment.state in CLOSED_UNPAID_STATES or not _is_wanted(payment):
        note = f"{intent.amount_received} {intent.currency} arrived after the order was cancelled."
        _set_aside(payment, state=PaymentState.NEEDS_REFUND, note=note)
    else:
        record_paid(payment, now=now, method=intent.method, taken=intent.amount_received)


def _apply_authorisation(payment: Payment, intent: stripe_intents.Intent, *, now: datetime) -> None:
    difference = _difference(payment, intent)
    if difference:
        note = f"{difference}. Nothing is taken yet: cancel it in Stripe's Dashboard."
        _set_aside(payment, state=PaymentState.MISMATCH, note=note)
    else:
        record_authorised(payment, now=now, method=intent.method, capture_before=intent.capture_before)


def _is_wanted(payment: Payment) -> bool:
    """Say whether the order still waits for this money: a reserved one may be on its way already."""
    order = payment.order
    return "Paid" in order.available_statuses() or (payment.is_authorised and order.status == "Shipped")


def _difference(payment: Payment, intent: stripe_intents.Intent) -> str:
    """Return what was paid otherwise than agreed, in words; empty when all agrees.

    Of reserved money a part may be taken, here or in Stripe's Dashboard; never more.
    """
    held = intent.amount_received or intent.amount_capturable
    if payment.captures_later and intent.amount_received:
        held = payment.amount if 0 < intent.amount_received <= payment.amount else intent.amount_received
    pairs = {
        "amount received": (payment.amount, held),
        "amount": (payment.amount, intent.amount),
        "currency": (payment.currency, intent.currency),
        "payment reference": (payment.reference.hex, intent.metadata.get(METADATA_KEY)),
        "order number": (payment.order.number, intent.metadata.get("order")),
        "live mode": (payment.is_live, intent.is_live),
    }
    found = [
        f"{name}: {agreed} agreed, {actual} paid"
        for name, (agreed, actual) in pairs.items()
        if agreed != actual
    ]
    return "; ".join(found)


def _set_aside(payment: Payment, *, state: PaymentState, note: str) -> None:
    payment.state, payment.note = state, note[:500]
    payment.save(update_fields=["state", "note"])
    logger.error("Order %s needs a person: %s. %s", payment.order.number, state.label, note)


def _reopen(payment: Payment, intent: stripe_intents.Intent, *, now: datetime) -> None:
    """The shopper may try again; after a bank's late refusal there must be time to.

    Stripe's own page is over by then, and the intent it made takes no other card: that order ends.
    """
    if payment.is_hosted and payment.state == PaymentState.PROCESSING:
        record_unpaid(payment, state=PaymentState.CANCELLED, now=now)
        return
    if payment.state == PaymentState.PROCESSING:
        payment.state = PaymentState.AWAITING
        payment.expires_at = max(payment.expires_at, now + timedelta(minutes=settings.PAYMENT_EXPIRY_MINUTES))
    payment.decline = intent.decline[:500]
    payment.save(update_fields=["state", "expires_at", "decline"])


def _unknown() -> UnknownPayment:
    return UnknownPayment(_("This payment does not belong to an order of this shop."))
