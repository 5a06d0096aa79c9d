"""Keep Stripe's books beside ours: balance transactions, payouts, and which payout paid which line."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import TypeVar

from django.db import transaction

from storefront.payments import stripe_books
from storefront.payments.models import BalanceTransaction, Payment, Payout, PayoutLine
from storefront.payments.stripe_books import PayoutFact, TransactionFact

_BATCH = 500
Thing = TypeVar("Thing")


def record_transactions(facts: Iterable[TransactionFact]) -> int:
    """Write the lines of Stripe's books that are not written yet and return how many were looked at.

    A line never changes at Stripe, but its payment may become known here only later.
    """
    seen = 0
    for batch in _batches(facts):
        seen += len(batch)
        _write(batch)
    return seen


def record_payout(payout_id: str, *, now: datetime) -> Payout:
    """Read a payout and, once Stripe can list them, its lines; safe to repeat. Call it outside any transaction."""
    return keep_payout(stripe_books.retrieve_payout(payout_id), now=now)


def keep_payout(fact: PayoutFact, *, now: datetime) -> Payout:
    """Write the payout, and its lines when they are complete and not written yet."""
    payout, _created = Payout.objects.update_or_create(
        payout_id=fact.id,
        defaults={
            "amount": fact.amount,
            "currency": fact.currency,
            "status": fact.status,
            "is_automatic": fact.is_automatic,
            "arrives_on": fact.arrives_on,
            "created_at": fact.created_at,
            "failure": fact.failure[:500],
            "bank_reference": fact.bank_reference[:255],
        },
    )
    if fact.is_itemised and payout.itemised_at is None:
        _itemise(payout, now=now)
    return payout


def _itemise(payout: Payout, *, now: datetime) -> None:
    found: list[str] = []

    def noted() -> Iterator[TransactionFact]:
        for fact in stripe_books.list_transactions(payout_id=payout.payout_id):
            found.append(fact.id)
            yield fact

    record_transactions(noted())
    with transaction.atomic():
        for names in _batches(found):
            rows = BalanceTransaction.objects.filter(transaction_id__in=names).exclude(
                source_id=payout.payout_id
            )
            PayoutLine.objects.bulk_create(
                [PayoutLine(payout=payout, transaction=row) for row in rows.order_by("pk")],
                ignore_conflicts=True,
            )
        payout.itemised_at = now
        payout.save(update_fields=["itemised_at"])


def _batches(things: Iterable[Thing]) -> Iterator[tuple[Thing, ...]]:
    iterator = iter(things)
    while batch := tuple(islice(iterator, _BATCH)):
        yield batch


def _write(facts: tuple[TransactionFact, ...]) -> None:
    payments = dict(
        Payment.objects.filter(intent_id__in={fact.intent_id for fact in facts if fact.intent_id})
        .order_by("pk")
        .values_list("intent_id", "pk")
    )
    BalanceTransaction.objects.bulk_create(
        [_row(fact, payments.get(fact.intent_id)) for fact in facts],
        update_conflicts=True,
        unique_fields=["transaction_id"],
        update_fields=["payment"],
    )


def _row(fact: TransactionFact, payment_id: int | None) -> BalanceTransaction:
    return BalanceTransaction(
        transaction_id=fact.id,
        type=fact.type,
        category=fact.category,
        source_id=fact.source_id,
        payment_id=payment_id,
        amount=fact.amount,
        fee=fact.fee,
        net=fact.net,
        currency=fact.currency,
        charged_amount=fact.charged_amount,
        charged_currency=fact.charged_currency,
        exchange_rate=fact.exchange_rate,
        description=fact.description[:500],
        created_at=fact.created_at,
        available_on=fact.available_on,
    )
