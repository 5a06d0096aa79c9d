"""Say what in our books and Stripe's a person must look at. Reads only; the sentences are in finding_words."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, Subquery

from storefront.core.money import shown_amount
from storefront.payments.models import (
    ANSWERABLE_DISPUTES,
    CLOSED_UNPAID_STATES,
    LIVE_REFUND_STATES,
    BalanceTransaction,
    Capture,
    CaptureState,
    Dispute,
    EarlyFraudWarning,
    FindingKind,
    Payment,
    PaymentState,
    Payout,
    PayoutStatus,
    Refund,
    RefundState,
    StripeEvent,
)
from storefront.payments.selectors.ledger import Ledger, payout_sums, sums_of_payments
from storefront.payments.services.findings import Matter

# Stripe books a payment captured in the background within the hour (docs.stripe.com/payments/payment-intents/
# asynchronous-capture); a day leaves room for the rest.
BOOKED_WITHIN = timedelta(hours=24)
ANSWERED_WITHIN = timedelta(hours=1)
ENDS_WITHIN = timedelta(days=2)
_CHUNK = 500

# Judged from our own rows, at every run.
FROM_OUR_ROWS = frozenset(
    {
        FindingKind.MISMATCH,
        FindingKind.NEEDS_REFUND,
        FindingKind.AUTHORISATION_ENDS,
        FindingKind.CAPTURE_FAILED,
        FindingKind.REFUND_UNCLEAR,
        FindingKind.REFUND_FAILED,
        FindingKind.DISPUTE,
        FindingKind.FRAUD_WARNING,
        FindingKind.PAYOUT_FAILED,
        FindingKind.PAYOUT_DIFFERS,
        FindingKind.EVENT_UNHANDLED,
    }
)
# Judged only when Stripe's books could be read.
FROM_THE_BOOKS = frozenset(
    {
        FindingKind.NOT_IN_STRIPES_BOOKS,
        FindingKind.BOOKS_DIFFER,
        FindingKind.NOT_IN_OUR_BOOKS,
        FindingKind.REFUNDED_TOO_MUCH,
    }
)


def judge_our_rows(*, now: datetime) -> Iterator[Matter]:
    """Yield what our rows alone show: money to give back, refunds gone wrong, disputes to answer, failed payouts."""
    yield from _money_set_aside()
    yield from _reserved(now=now)
    yield from _refunds(now=now)
    yield from _bank(now=now)
    yield from _payouts()
    for event in StripeEvent.objects.filter(done_at=None, received_at__lt=now - ANSWERED_WITHIN):
        facts = {"type": event.type, "error": event.error}
        yield Matter(FindingKind.EVENT_UNHANDLED, event.event_id, facts=facts)


def judge_books(*, since: datetime, now: datetime) -> Iterator[Matter]:
    """Yield where Stripe's books and ours differ on payments since a moment, and payments of older differences."""
    touched = BalanceTransaction.objects.filter(payment=OuterRef("pk"), created_at__gte=since)
    paid = Q(state=PaymentState.PAID, intent_id__isnull=False, paid_at__gte=since)
    open_before = Q(findings__kind__in=FROM_THE_BOOKS, findings__state="open")
    rows = Payment.objects.filter(Q(Exists(touched)) | paid | open_before).distinct().order_by("pk")
    last = 0
    while payments := list(rows.filter(pk__gt=last).select_related("order")[:_CHUNK]):
        last = payments[-1].pk
        sums = sums_of_payments(payments)
        for payment in payments:
            yield from _compare(payment, *sums[payment.pk], now=now)


def _compare(payment: Payment, ours: Ledger, theirs: Ledger, *, now: datetime) -> Iterator[Matter]:
    about = (payment.intent_id or "", payment.pk)
    facts = {"order": payment.order.number, "currency": payment.currency}
    is_paid = payment.state == PaymentState.PAID
    if is_paid and not theirs.taken:
        if payment.paid_at is not None and payment.paid_at < now - BOOKED_WITHIN:
            yield Matter(
                FindingKind.NOT_IN_STRIPES_BOOKS,
                *about,
                facts | {"ours": shown_amount(ours.taken, payment.currency)},
            )
        return
    if theirs.taken and payment.state not in (
        PaymentState.PAID,
        PaymentState.MISMATCH,
        PaymentState.NEEDS_REFUND,
    ):
        yield Matter(
            FindingKind.NOT_IN_OUR_BOOKS,
            *about,
            facts | {"theirs": shown_amount(theirs.taken, payment.currency)},
        )
    for what in ("taken", "refunded"):
        mine, stripes = getattr(ours, what), getattr(theirs, what)
        if mine != stripes and (is_paid or what == "refunded"):
            sums = {
                "ours": shown_amount(mine, payment.currency),
                "theirs": shown_amount(stripes, payment.currency),
            }
            about_what = f"{payment.intent_id} {what}"
            yield Matter(FindingKind.BOOKS_DIFFER, about_what, payment.pk, facts | {"what": what} | sums)
    if theirs.taken and theirs.refunded + theirs.disputed > theirs.taken:
        sums = {
            "taken": shown_amount(theirs.taken, payment.currency),
            "back": shown_amount(theirs.refunded + theirs.disputed, payment.currency),
        }
        yield Matter(FindingKind.REFUNDED_TOO_MUCH, *about, facts | sums)


def _money_set_aside() -> Iterator[Matter]:
    given_back = Refund.objects.filter(payment=OuterRef("pk"), state__in=LIVE_REFUND_STATES)
    rows = Payment.objects.filter(state__in=(PaymentState.MISMATCH, PaymentState.NEEDS_REFUND))
    for payment in rows.exclude(Exists(given_back)).select_related("order").order_by("pk"):
        kind = FindingKind.MISMATCH if payment.state == PaymentState.MISMATCH else FindingKind.NEEDS_REFUND
        facts = {"order": payment.order.number, "note": payment.note}
        yield Matter(kind, payment.intent_id or "", payment.pk, facts)


def _reserved(*, now: datetime) -> Iterator[Matter]:
    """Yield reserved money that ends soon, and what was sent and could not be taken."""
    ends = Payment.objects.filter(
        state=PaymentState.AUTHORISED, capture_before__lt=now + ENDS_WITHIN
    ).select_related("order")
    for payment in ends.order_by("pk"):
        yield Matter(
            FindingKind.AUTHORISATION_ENDS,
            payment.intent_id or "",
            payment.pk,
            _payment_facts(payment),
            due_at=payment.capture_before,
        )
    refused = Capture.objects.filter(payment=OuterRef("pk"), state=CaptureState.REFUSED).order_by("-pk")
    is_sent_unpaid = Q(order__status="Shipped", state__in=CLOSED_UNPAID_STATES, captures_later=True)
    failed = (
        Payment.objects.filter(is_sent_unpaid | (Q(state=PaymentState.AUTHORISED) & Exists(refused)))
        .annotate(failure=Subquery(refused.values("failure")[:1]))
        .select_related("order")
    )
    for payment in failed.order_by("pk"):
        facts = _payment_facts(payment) | {"failure": payment.failure or ""}
        yield Matter(FindingKind.CAPTURE_FAILED, payment.intent_id or "", payment.pk, facts)


def _payment_facts(payment: Payment) -> dict[str, str]:
    return {
        "order": payment.order.number,
        "amount": shown_amount(payment.amount, payment.currency),
        "currency": payment.currency,
    }


def _refunds(*, now: datetime) -> Iterator[Matter]:
    unclear = Refund.objects.filter(
        state=RefundState.REQUESTED, requested_at__lt=now - ANSWERED_WITHIN
    ).select_related("payment__order")
    for refund in unclear.order_by("pk"):
        yield Matter(FindingKind.REFUND_UNCLEAR, refund.key or "", refund.payment_id, _refund_facts(refund))
    given_since = Refund.objects.filter(
        payment=OuterRef("payment"), pk__gt=OuterRef("pk"), state__in=LIVE_REFUND_STATES
    )
    failed = Refund.objects.filter(state=RefundState.FAILED).exclude(Exists(given_since))
    for refund in failed.select_related("payment__order").order_by("pk"):
        facts = _refund_facts(refund) | {"failure": refund.failure}
        yield Matter(FindingKind.REFUND_FAILED, refund.refund_id or "", refund.payment_id, facts)


def _refund_facts(refund: Refund) -> dict[str, str]:
    return {
        "order": refund.payment.order.number,
        "amount": shown_amount(refund.amount, refund.currency),
        "currency": refund.currency,
    }


def _bank(*, now: datetime) -> Iterator[Matter]:
    disputes = Dispute.objects.filter(status__in=ANSWERABLE_DISPUTES).select_related("payment__order")
    for dispute in disputes.order_by("pk"):
        facts = {
            "order": dispute.payment.order.number,
            "amount": shown_amount(dispute.amount, dispute.currency),
            "currency": dispute.currency,
            "reason": dispute.reason,
        }
        yield Matter(
            FindingKind.DISPUTE, dispute.dispute_id, dispute.payment_id, facts, due_at=dispute.answer_by
        )
    refunded = Refund.objects.filter(payment=OuterRef("payment"), state__in=LIVE_REFUND_STATES)
    disputed = Dispute.objects.filter(payment=OuterRef("payment"))
    warnings = EarlyFraudWarning.objects.filter(is_actionable=True).exclude(
        Exists(refunded) | Exists(disputed)
    )
    for warning in warnings.select_related("payment__order").order_by("pk"):
        facts = {"order": warning.payment.order.number, "fraud_type": warning.fraud_type}
        yield Matter(FindingKind.FRAUD_WARNING, warning.warning_id, warning.payment_id, facts)


def _payouts() -> Iterator[Matter]:
    failed = Payout.objects.filter(status=PayoutStatus.FAILED).order_by("pk")
    for payout in failed:
        amount = shown_amount(payout.amount, payout.currency)
        facts = {"amount": amount, "currency": payout.currency, "failure": payout.failure}
        yield Matter(FindingKind.PAYOUT_FAILED, payout.payout_id, facts=facts)
    itemised = Payout.objects.filter(itemised_at__isnull=False).order_by("pk")
    last = 0
    while payouts := list(itemised.filter(pk__gt=last)[:_CHUNK]):
        last = payouts[-1].pk
        sums = payout_sums(payout.pk for payout in payouts)
        for payout in payouts:
            total = sums.get(payout.pk)
            if total != payout.amount:
                facts = {
                    "amount": shown_amount(payout.amount, payout.currency),
                    "lines": shown_amount(total or Decimal(0), payout.currency),
                    "currency": payout.currency,
                }
                yield Matter(FindingKind.PAYOUT_DIFFERS, payout.payout_id, facts=facts)
