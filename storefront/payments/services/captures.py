"""Take reserved money once the goods are sent: asked for with the shipment, sent to Stripe after it, taken once."""

import logging
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from storefront.core.money import shown_amount
from storefront.payments import gateway, stripe_intents
from storefront.payments.errors import CaptureRefused, GatewayRefused, GatewayUnreachable, PaymentError
from storefront.payments.models import (
    CLOSED_UNPAID_STATES,
    FINAL_STATES,
    Capture,
    CaptureState,
    Payment,
    PaymentState,
)
from storefront.payments.selectors.captures import is_any_sent, sent_amount
from storefront.payments.services.cancel import cancel_payment
from storefront.payments.services.settle import settle

logger = logging.getLogger(__name__)


def capture_payment(*, payment_id: int, amount: Decimal, by: Any, now: datetime) -> Capture:
    """Take `amount` of an order's reserved money, release the rest, and return what Stripe answered.

    Without an answer it stays "requested" and reconciliation finds out. Raises PermissionDenied, CaptureRefused,
    AmountDoesNotFit, and GatewayError when Stripe could not be read. Call it outside any transaction.
    """
    if not by.has_perm("payments.capture_payment"):
        raise PermissionDenied
    with transaction.atomic():
        payment = _lock(payment_id)
        if payment.order.status == "Cancelled":
            raise _cancelled(payment)
        capture = _request(payment, amount=amount, by=by, now=now)
    return finish_capture(capture_id=capture.pk, now=now)


def capture_shipment(*, order: Any, by: Any, now: datetime) -> Capture | None:
    """Ask for the money of what was sent, in the transaction that says so; Stripe is asked after the commit.

    Does nothing for an order whose money is not reserved, or asked for already.
    """
    payment = Payment.objects.select_for_update(of=("self",)).filter(order=order).first()
    if payment is None or not payment.is_authorised or _is_requested(payment):
        return None
    amount = sent_amount(payment)
    if not amount:
        return None
    capture = _request(payment, amount=amount, by=by, now=now)
    transaction.on_commit(partial(take_money.enqueue, capture.pk))
    return capture


def release_payment(*, payment_id: int, by: Any, now: datetime) -> Payment:
    """Give reserved money free without taking any: the order is cancelled, its stock free again.

    Where Stripe does not answer, what comes back is reserved still, and reconciliation releases it. Money that was
    faster comes back paid. Raises PermissionDenied, CaptureRefused, UnknownPayment, or GatewayError; then nothing has
    changed. Call it outside any transaction.
    """
    if not by.has_perm("payments.capture_payment"):
        raise PermissionDenied
    payment = Payment.objects.get(pk=payment_id)
    _check_reserved(payment)
    payment = settle(intent_id=payment.intent_id or "", now=now)
    if payment.is_paid:
        return payment
    with transaction.atomic():
        payment = _lock(payment_id)
        if payment.order.status == "Cancelled":
            raise _cancelled(payment)
        _check_reserved(payment)
        check_nothing_is_sent(payment)
        # From here on nobody can ship it, whatever becomes of Stripe's answer.
        payment.order.set_status("Cancelled")
    try:
        return cancel_payment(
            payment_id=payment_id, state=PaymentState.CANCELLED, now=now, releases_reserved=True
        )
    except PaymentError as error:
        logger.warning(
            "Releasing the money of order %s is left to reconciliation: %s", payment.order.number, error
        )
        return payment


def check_nothing_is_sent(payment: Payment) -> None:
    """Raise CaptureRefused unless reserved money may still be let go; call it with the payment locked."""
    words = {"order": payment.order.number}
    if payment.order.status == "Shipped" or is_any_sent(payment.order_id):
        raise CaptureRefused(
            _("Order %(order)s is sent, or a part of it: take its money instead. Nothing was changed.")
            % words
        )
    if _is_requested(payment):
        raise _is_being_taken(payment)


@task()
def take_money(capture_id: int) -> str:
    """Finish a capture right after its shipment; what Stripe does not answer is left to reconciliation."""
    try:
        return finish_capture(capture_id=capture_id, now=timezone.now()).state
    except PaymentError as error:
        logger.warning("Capture %d is left to reconciliation: %s", capture_id, error)
        return str(CaptureState.REQUESTED)


def finish_capture(*, capture_id: int, now: datetime) -> Capture:
    """Take what was asked for unless Stripe has taken or released it already; safe to repeat.

    Raises GatewayError when Stripe could not be read. Call it outside any transaction.
    """
    capture = Capture.objects.select_related("payment").get(pk=capture_id)
    if capture.state != CaptureState.REQUESTED:
        return capture
    intent_id = capture.payment.intent_id or ""
    reason = ""
    intent = stripe_intents.retrieve_intent(intent_id)
    if intent.status == "requires_capture":
        try:
            _take(capture, intent)
        except GatewayUnreachable:
            return capture
        except (CaptureRefused, GatewayRefused) as error:
            reason = str(error)
    payment = settle(intent_id=intent_id, now=now)
    if payment.state in CLOSED_UNPAID_STATES:
        reason = _("the reserved money is released already")
    _decide(capture, is_taken=payment.state in FINAL_STATES, reason=reason, now=now)
    return capture


def _take(capture: Capture, intent: stripe_intents.Intent) -> None:
    if intent.amount_capturable < capture.amount:
        left = shown_amount(intent.amount_capturable, intent.currency)
        raise CaptureRefused(
            _("only %(left)s %(currency)s are reserved") % {"left": left, "currency": intent.currency}
        )
    # A new key each time: Stripe would repeat an old failure, and takes the money only once by itself.
    Capture.objects.filter(pk=capture.pk).update(attempts=F("attempts") + 1)
    capture.refresh_from_db(fields=["attempts"])
    stripe_intents.capture_intent(
        intent_id=intent.id,
        amount=capture.amount,
        currency=capture.currency,
        key=f"{capture.payment.reference.hex}-capture-{capture.pk}-{capture.attempts}",
    )


def _decide(capture: Capture, *, is_taken: bool, reason: str, now: datetime) -> None:
    """Write what became of it; while the money is still reserved and nothing was refused it stays requested."""
    if is_taken or reason:
        state = CaptureState.DONE if is_taken else CaptureState.REFUSED
        Capture.objects.filter(pk=capture.pk, state=CaptureState.REQUESTED).update(
            state=state, failure="" if is_taken else reason[:500], changed_at=now
        )
    capture.refresh_from_db()


def _request(payment: Payment, *, amount: Decimal, by: Any, now: datetime) -> Capture:
    _check_reserved(payment)
    if amount <= 0 or amount > payment.amount:
        words = {"most": shown_amount(payment.amount, payment.currency), "currency": payment.currency}
        raise CaptureRefused(
            _("Between 0 and %(most)s %(currency)s can be taken. Nothing was changed.") % words
        )
    gateway.to_minor_units(amount=amount, currency=payment.currency)
    return Capture.objects.create(
        payment=payment,
        amount=amount,
        currency=payment.currency,
        requested_by=by if getattr(by, "pk", None) else None,
        requested_at=now,
        changed_at=now,
    )


def _lock(payment_id: int) -> Payment:
    rows = Payment.objects.select_for_update(of=("self", "order")).select_related("order")
    return rows.get(pk=payment_id)


def _check_reserved(payment: Payment) -> None:
    if not payment.is_authorised:
        raise CaptureRefused(
            _("No money is reserved for order %(order)s (%(state)s). Nothing was changed.")
            % {"order": payment.order.number, "state": payment.get_state_display()}
        )
    if _is_requested(payment):
        raise _is_being_taken(payment)


def _is_requested(payment: Payment) -> bool:
    return payment.captures.filter(state__in=(CaptureState.REQUESTED, CaptureState.DONE)).exists()


def _is_being_taken(payment: Payment) -> CaptureRefused:
    return CaptureRefused(
        _("The money of order %(order)s is being taken already. Nothing was changed.")
        % {"order": payment.order.number}
    )


def _cancelled(payment: Payment) -> CaptureRefused:
    return CaptureRefused(
        _("Order %(order)s is cancelled, its reserved money released. Nothing was changed.")
        % {"order": payment.order.number}
    )
