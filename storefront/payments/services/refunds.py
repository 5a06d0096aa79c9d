"""Give money back: asked for once, never more than was taken, never a lock held while Stripe is asked."""

import logging
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from storefront.core.money import round_amount
from storefront.payments import gateway, stripe_books, stripe_intents
from storefront.payments.errors import (
    GatewayFailed,
    GatewayRefused,
    GatewayUnreachable,
    RefundBlocked,
    RefundTooLarge,
)
from storefront.payments.models import (
    BLOCKING_DISPUTES,
    LIVE_REFUND_STATES,
    REFUND_RANK,
    Payment,
    Refund,
    RefundState,
)
from storefront.payments.services.disputes import record_dispute
from storefront.payments.services.oscar_refunds import write_refunds
from storefront.payments.services.refund_mail import queue_refund_mail
from storefront.payments.services.settle import settle

logger = logging.getLogger(__name__)

# Stripe may forget an idempotency key after 24 hours (docs.stripe.com/api/idempotent_requests).
_KEY_IS_SAFE_FOR = timedelta(hours=20)


def request_refund(
    *, payment_id: int, amount: Decimal, reason: str, note: str, by: Any, now: datetime
) -> Refund:
    """Give `amount` back and return the refund with the state Stripe's answer gave it.

    Without an answer it stays "requested": reconciliation finds out, and never asks twice for the same money.
    Raises PermissionDenied, RefundBlocked, RefundTooLarge, AmountDoesNotFit, and GatewayError when Stripe could
    not be read; then nothing was asked. Call it outside any transaction.
    """
    if not by.has_perm("payments.add_refund"):
        raise PermissionDenied
    payment = Payment.objects.get(pk=payment_id)
    if payment.is_transfer:
        raise RefundBlocked(
            _("This order was paid by bank transfer: send the money back from your bank and record it.")
        )
    if not payment.intent_id:
        raise RefundBlocked(_("This order was not paid through Stripe, so Stripe has nothing to give back."))
    if payment.is_open:
        settle(intent_id=payment.intent_id, now=now)
    intent = stripe_intents.retrieve_intent(payment.intent_id)
    read_reversals(payment=payment, now=now)
    gateway.to_minor_units(amount=amount, currency=intent.currency)
    with transaction.atomic():
        payment = Payment.objects.select_for_update().get(pk=payment_id)
        _check_refundable(payment, amount=amount, intent=intent)
        refund = Refund.objects.create(
            payment=payment,
            key=f"{uuid.uuid4().hex}-1",
            amount=amount,
            currency=intent.currency,
            reason=reason,
            note=note,
            requested_by=by,
            requested_at=now,
            changed_at=now,
        )
    return _ask(refund, now=now)


def finish_refund(*, refund_id: int, now: datetime) -> Refund:
    """Find out what became of a refund Stripe never answered, and ask again if nothing did."""
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    if refund.state != RefundState.REQUESTED:
        return refund
    found = _find(refund, now=now)
    return found if found else _ask(refund, now=now)


def read_reversals(*, payment: Payment, now: datetime) -> None:
    """Take in every refund and dispute Stripe has on the payment's intent."""
    if payment.intent_id:
        record_refunds(stripe_books.list_refunds(intent_id=payment.intent_id), payment_id=payment.pk, now=now)
        for dispute in stripe_books.list_disputes(intent_id=payment.intent_id):
            record_dispute(dispute, payment_id=payment.pk, now=now)


def record_refunds(facts: Iterable[stripe_books.RefundFact], *, payment_id: int, now: datetime) -> None:
    """Write each of Stripe's refunds of a payment."""
    for fact in facts:
        record_refund(fact, payment_id=payment_id, now=now)


def record_refund(fact: stripe_books.RefundFact, *, payment_id: int, now: datetime) -> Refund:
    """Write what Stripe says of a refund: ours by its metadata, or one made in Stripe's Dashboard."""
    with transaction.atomic():
        payment = Payment.objects.select_for_update(of=("self",)).select_related("order").get(pk=payment_id)
        refund = _row_of(fact, payment)
        is_new = refund is None
        if refund is None:
            refund = Refund(
                payment=payment,
                reason=fact.reason,
                requested_at=fact.created_at,
                attempted_at=fact.created_at,
            )
        if not is_new and not _moves_on(refund, fact):
            return refund
        was = refund.state
        refund.refund_id, refund.amount, refund.currency = fact.id, fact.amount, fact.currency
        refund.state, refund.failure = fact.status, fact.failure
        refund.changed_at = now
        refund.save()
        write_refunds(payment)
        queue_refund_mail(refund)
    if refund.state == RefundState.FAILED and was != RefundState.FAILED:
        logger.error("Refund %s of order %s failed: %s", fact.id, payment.order.number, fact.failure)
    return refund


def refunded_amount(payment: Payment) -> Decimal:
    """Return what was given back, or is being given back; the payment's row should be locked."""
    total = payment.refunds.filter(state__in=LIVE_REFUND_STATES).aggregate(total=Sum("amount"))["total"]
    return total or Decimal(0)


def _check_refundable(payment: Payment, *, amount: Decimal, intent: stripe_intents.Intent) -> None:
    if payment.disputes.filter(status__in=BLOCKING_DISPUTES).exists():
        raise RefundBlocked(
            _(
                "The customer's bank has already taken this money back. A refund now would pay the customer twice. "
                "Answer the dispute instead."
            )
        )
    left = round_amount(amount=intent.amount_received - refunded_amount(payment), currency=intent.currency)
    if amount <= 0 or amount > left:
        raise RefundTooLarge(
            _("Between 0 and %(left)s %(currency)s can be given back.")
            % {"left": left, "currency": intent.currency},
            left=left,
        )


def _ask(refund: Refund, *, now: datetime) -> Refund:
    """Send the refund to Stripe and write the answer; leave it requested when there is none."""
    is_first = refund.attempted_at is None
    if is_first:
        Refund.objects.filter(pk=refund.pk, attempted_at=None).update(attempted_at=now)
        refund.attempted_at = now
    elif now - refund.attempted_at > _KEY_IS_SAFE_FOR:
        _take_next_key(refund, now=now)
    try:
        return _send(refund, now=now)
    except GatewayFailed:
        if is_first:
            return refund
    except GatewayUnreachable:
        return refund
    except GatewayRefused as error:
        return _mark_refused(refund, reason=str(error), now=now)
    # Stripe repeats its failure to a key it has failed once: look whether it did it all the same, then ask anew.
    try:
        found = _find(refund, now=now)
        if found:
            return found
        _take_next_key(refund, now=now)
        return _send(refund, now=now)
    except GatewayUnreachable:
        return refund
    except GatewayRefused as error:
        return _mark_refused(refund, reason=str(error), now=now)


def _send(refund: Refund, *, now: datetime) -> Refund:
    fact = stripe_books.create_refund(
        key=refund.key or "",
        reference=_reference(refund),
        intent_id=refund.payment.intent_id or "",
        amount=refund.amount,
        currency=refund.currency,
        reason=refund.reason,
    )
    return record_refund(fact, payment_id=refund.payment_id, now=now)


def _find(refund: Refund, *, now: datetime) -> Refund | None:
    reference = _reference(refund)
    for fact in stripe_books.list_refunds(intent_id=refund.payment.intent_id or ""):
        if fact.reference == reference:
            return record_refund(fact, payment_id=refund.payment_id, now=now)
    return None


def _mark_refused(refund: Refund, *, reason: str, now: datetime) -> Refund:
    Refund.objects.filter(pk=refund.pk, state=RefundState.REQUESTED).update(
        state=RefundState.REFUSED, failure=reason[:500], changed_at=now
    )
    refund.refresh_from_db()
    return refund


def _take_next_key(refund: Refund, *, now: datetime) -> None:
    """Give the refund its next key; two who do so at once get the same one."""
    stem, _dash, count = (refund.key or "").rpartition("-")
    key = f"{stem}-{int(count) + 1}"
    Refund.objects.filter(pk=refund.pk, key=refund.key).update(key=key, attempted_at=now)
    refund.key, refund.attempted_at = key, now


def _reference(refund: Refund) -> str:
    return (refund.key or "").rpartition("-")[0]


def _row_of(fact: stripe_books.RefundFact, payment: Payment) -> Refund | None:
    row = Refund.objects.filter(refund_id=fact.id).first()
    if row is None and fact.reference:
        row = payment.refunds.filter(key__startswith=f"{fact.reference}-", refund_id=None).first()
    return row


def _moves_on(refund: Refund, fact: stripe_books.RefundFact) -> bool:
    """Say whether the fact is newer than what is written: Stripe's states never go back."""
    if refund.refund_id is None:
        return True
    return REFUND_RANK.get(fact.status, 0) > REFUND_RANK.get(refund.state, 0)
