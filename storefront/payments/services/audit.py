"""Read Stripe's lists against our rows: what nobody told us of is taken in, what differs becomes a finding."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from django.conf import settings

from storefront.core.money import shown_amount
from storefront.payments import gateway, stripe_books, stripe_intents
from storefront.payments.errors import PaymentError
from storefront.payments.models import (
    FINAL_STATES,
    Dispute,
    DisputeStatus,
    FindingKind,
    Payment,
    Refund,
    RefundState,
    StripeEvent,
)
from storefront.payments.selectors import is_reference
from storefront.payments.services.books import keep_payout, record_transactions
from storefront.payments.services.disputes import record_dispute, record_warning
from storefront.payments.services.events import handle_event
from storefront.payments.services.findings import Matter, keep_findings
from storefront.payments.services.intents import METADATA_KEY
from storefront.payments.services.judge import FROM_OUR_ROWS, FROM_THE_BOOKS, judge_books, judge_our_rows
from storefront.payments.services.refunds import finish_refund, record_refund
from storefront.payments.services.settle import settle
from storefront.payments.stripe_account import WEBHOOK_EVENTS

logger = logging.getLogger(__name__)

# Stripe books a charge up to hours before we hear of it, and a refund before its row is written.
_BOOKED_BEFORE = timedelta(days=3)
_BATCH = 200
_MONEY_IS_ON_IT = ("succeeded", "processing", "requires_capture")
_UNDECIDED = (RefundState.PENDING, RefundState.REQUIRES_ACTION)
_UNDECIDED_DISPUTES = (
    DisputeStatus.WARNING_NEEDS_RESPONSE,
    DisputeStatus.WARNING_UNDER_REVIEW,
    DisputeStatus.NEEDS_RESPONSE,
    DisputeStatus.UNDER_REVIEW,
)


@dataclass
class Audited:
    """What one reading of Stripe's lists brought: counts, and the steps that could not be done."""

    settled: int = 0
    events: int = 0
    refunds: int = 0
    disputes: int = 0
    transactions: int = 0
    payouts: int = 0
    findings: int = 0
    failed: list[str] = field(default_factory=list)


def audit(*, since: datetime, now: datetime) -> Audited:
    """Take in what Stripe has since a moment and we have not, and write what differs as findings.

    Nothing is charged or refunded, but for refunds that a person asked for and Stripe never answered. Each step
    that fails is logged, and the next run does it again. Call it outside any transaction.
    """
    done = Audited()
    strays: list[Matter] = []
    _try(done, "intents", lambda: _read_intents(done, strays, since=since, now=now))
    _try(done, "events", lambda: _take_missed_events(done, since=since, now=now))
    _try(done, "refunds", lambda: _read_refunds(done, since=since, now=now))
    _try(done, "disputes", lambda: _read_disputes(done, since=since, now=now))
    _try(done, "warnings", lambda: _read_warnings(since=since))
    has_books = _try(done, "transactions", lambda: _read_transactions(done, since=since))
    _try(done, "payouts", lambda: _read_payouts(done, since=since, now=now))
    judged = FROM_OUR_ROWS | (FROM_THE_BOOKS if has_books else frozenset())
    matters = [*strays, *judge_our_rows(now=now)]
    if has_books:
        matters += judge_books(since=since, now=now)
    done.findings = keep_findings(matters, judged=judged, now=now)
    return done


def _try(done: Audited, step: str, act: Callable[[], None]) -> bool:
    try:
        act()
    except PaymentError as error:
        logger.warning("Reading Stripe's %s could not be finished: %s", step, error)
        done.failed.append(step)
        return False
    return True


def _read_intents(done: Audited, strays: list[Matter], *, since: datetime, now: datetime) -> None:
    """Settle what was paid unheard of, and note money that no order here knows."""
    with_money = (
        intent
        for intent in stripe_intents.list_intents(since=since)
        if intent.status in _MONEY_IS_ON_IT
        and intent.is_live == gateway.takes_real_money()
        and is_reference(intent.metadata.get(METADATA_KEY, ""))
    )
    while batch := list(islice(with_money, _BATCH)):
        references = [UUID(intent.metadata[METADATA_KEY]) for intent in batch]
        rows = Payment.objects.filter(reference__in=references).only("reference", "state", "intent_id")
        payments = {payment.reference.hex: payment for payment in rows}
        for intent in batch:
            payment = payments.get(intent.metadata[METADATA_KEY])
            if payment is None or payment.intent_id not in (None, intent.id):
                strays += _stray(intent, payment)
            elif payment.state not in FINAL_STATES and not (
                payment.is_authorised and intent.status == "requires_capture"
            ):
                done.settled += settle(intent_id=intent.id, now=now).state in FINAL_STATES


def _stray(intent: stripe_intents.Intent, payment: Payment | None) -> list[Matter]:
    """Return what to say of money no open order knows; nothing when it is another shop's on the same account."""
    if payment is None and intent.metadata.get("shop") != settings.SHOP_NAME:
        return []
    facts = {
        "amount": shown_amount(intent.amount, intent.currency),
        "currency": intent.currency,
        "order": intent.metadata.get("order", ""),
    }
    payment_id = payment.pk if payment else None
    return [Matter(FindingKind.INTENT_WITHOUT_ORDER, intent.id, payment_id, facts=facts)]


def _take_missed_events(done: Audited, *, since: datetime, now: datetime) -> None:
    missed = stripe_books.list_missed_events(since=since, types=WEBHOOK_EVENTS)
    handled = set(
        StripeEvent.objects.filter(
            event_id__in=[event.id for event in missed], done_at__isnull=False
        ).values_list("event_id", flat=True)
    )
    for event in (event for event in missed if event.id not in handled):
        try:
            handle_event(event=event, now=now)
            done.events += 1
        except PaymentError as error:
            logger.warning("Event %s (%s) could not be handled: %s", event.id, event.type, error)


def _read_refunds(done: Audited, *, since: datetime, now: datetime) -> None:
    for refund_id in list(
        Refund.objects.filter(state=RefundState.REQUESTED).order_by("pk").values_list("pk", flat=True)
    ):
        finish_refund(refund_id=refund_id, now=now)
    listed = {fact.id: fact for fact in stripe_books.list_refunds(since=since)}
    undecided = Refund.objects.filter(state__in=_UNDECIDED).exclude(refund_id__in=listed)
    for name in list(undecided.order_by("pk").values_list("refund_id", flat=True)):
        listed[name] = stripe_books.retrieve_refund(name)
    known = dict(Refund.objects.filter(refund_id__in=listed).values_list("refund_id", "state"))
    for fact in listed.values():
        if known.get(fact.id) != fact.status:
            payment_id = _payment_of(fact.intent_id)
            if payment_id:
                record_refund(fact, payment_id=payment_id, now=now)
                done.refunds += 1


def _read_disputes(done: Audited, *, since: datetime, now: datetime) -> None:
    listed = {fact.id: fact for fact in stripe_books.list_disputes(since=since)}
    undecided = Dispute.objects.filter(status__in=_UNDECIDED_DISPUTES).exclude(dispute_id__in=listed)
    for name in list(undecided.order_by("pk").values_list("dispute_id", flat=True)):
        listed[name] = stripe_books.retrieve_dispute(name)
    known = dict(Dispute.objects.filter(dispute_id__in=listed).values_list("dispute_id", "status"))
    for fact in listed.values():
        if known.get(fact.id) != fact.status:
            payment_id = _payment_of(fact.intent_id)
            if payment_id:
                record_dispute(fact, payment_id=payment_id, now=now)
                done.disputes += 1


def _read_warnings(*, since: datetime) -> None:
    for fact in stripe_books.list_warnings(since=since):
        payment_id = _payment_of(fact.intent_id)
        if payment_id:
            record_warning(fact, payment_id=payment_id)


def _read_transactions(done: Audited, *, since: datetime) -> None:
    done.transactions = record_transactions(stripe_books.list_transactions(since=since - _BOOKED_BEFORE))


def _read_payouts(done: Audited, *, since: datetime, now: datetime) -> None:
    for fact in stripe_books.list_payouts(since=since - _BOOKED_BEFORE):
        keep_payout(fact, now=now)
        done.payouts += 1


def _payment_of(intent_id: str) -> int | None:
    """Return our payment of an intent; None for what is not ours. Lost intents were taken in by `_read_intents`."""
    return Payment.objects.filter(intent_id=intent_id).values_list("pk", flat=True).first()
