"""Put right what a webhook or a browser never told us; safe to run at any time and twice."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from storefront.payments import gateway, selectors
from storefront.payments.errors import PaymentError
from storefront.payments.models import Capture, CaptureState, Payment, PaymentState
from storefront.payments.services.audit import Audited, audit
from storefront.payments.services.captures import finish_capture
from storefront.payments.services.cards import forget_customers
from storefront.payments.services.confirmation import send_confirmation
from storefront.payments.services.expire import expire_payments
from storefront.payments.services.hosted import settle_hosted
from storefront.payments.services.intents import adopt_intent, find_lost_intent
from storefront.payments.services.refund_mail import queue_missing_refund_mails
from storefront.payments.services.settle import settle
from storefront.payments.services.shipped_mail import queue_missing_shipped_mails

logger = logging.getLogger(__name__)

DAYS_BACK = 2
_CONFIRMATION_IS_LATE_AFTER = timedelta(minutes=10)
_CONFIRMATION_IS_TRIED_FOR = timedelta(days=3)


@dataclass(frozen=True)
class Reconciled:
    """Counts of one run."""

    looked_at: int
    paid: int
    expired: int
    failed: int
    confirmations: int
    findings: int


def reconcile(*, now: datetime, days: int = DAYS_BACK) -> Reconciled:
    """Ask Stripe about every open payment, expire the overdue ones, send missing confirmations, compare the books.

    `days` is how far back Stripe's lists are read. Call it outside any transaction.
    """
    paid = failed = looked_at = 0
    for payment in selectors.undecided_payments().select_related("order"):
        looked_at += 1
        try:
            paid += _settle_open(payment, now=now)
        except PaymentError as error:
            failed += 1
            logger.warning("Order %s could not be reconciled yet: %s", payment.order.number, error)
    failed += _finish_captures(now=now)
    if gateway.is_configured():
        failed += forget_customers()
    expired = expire_payments(now=now)
    # A shop paid by bank transfer alone has no books of Stripe's to compare.
    audited = audit(since=now - timedelta(days=days), now=now) if gateway.is_configured() else Audited()
    return Reconciled(
        looked_at,
        paid + audited.settled,
        expired,
        failed + len(audited.failed),
        _send_missing_confirmations(now=now)
        + queue_missing_refund_mails(now=now)
        + queue_missing_shipped_mails(now=now),
        audited.findings,
    )


def _settle_open(payment: Payment, *, now: datetime) -> bool:
    if payment.is_hosted and payment.state == PaymentState.AWAITING:
        return settle_hosted(payment=payment, now=now)
    intent_id = payment.intent_id
    if intent_id is None and payment.attempted_at is not None:
        lost = find_lost_intent(payment)
        intent_id = adopt_intent(payment_id=payment.pk, intent=lost).id if lost else None
    return intent_id is not None and settle(intent_id=intent_id, now=now).is_paid


def _finish_captures(*, now: datetime) -> int:
    """Ask Stripe again for reserved money it never answered about; return how often that failed."""
    failed = 0
    waiting = Capture.objects.filter(state=CaptureState.REQUESTED).order_by("pk")
    for key in list(waiting.values_list("pk", flat=True)):
        try:
            finish_capture(capture_id=key, now=now)
        except PaymentError as error:
            failed += 1
            logger.warning("Capture %d could not be finished yet: %s", key, error)
    return failed


def _send_missing_confirmations(*, now: datetime) -> int:
    span = (now - _CONFIRMATION_IS_TRIED_FOR, now - _CONFIRMATION_IS_LATE_AFTER)
    late = Payment.objects.filter(
        Q(state=PaymentState.PAID, paid_at__range=span)
        | Q(state=PaymentState.AUTHORISED, authorised_at__range=span),
        confirmed_at=None,
    ).order_by("pk")
    keys = list(late.values_list("pk", flat=True))
    for key in keys:
        send_confirmation.enqueue(key)
    return len(keys)
