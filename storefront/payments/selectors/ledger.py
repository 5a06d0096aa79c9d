"""What came in, went back and was paid out: by our rows, by Stripe's books, and from an order to its payout."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Case, CharField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from storefront.payments.models import (
    BLOCKING_DISPUTES,
    LIVE_REFUND_STATES,
    BalanceTransaction,
    Dispute,
    Payment,
    PaymentState,
    PayoutLine,
    Refund,
    RefundState,
)

# SQLite adds up in floats: a sum is exact again once it has the columns' three digits.
_STEP = Decimal("0.001")
# Stripe's reporting categories (docs.stripe.com/reports/reporting-categories) by what they say of a payment.
TAKEN = ("charge", "charge_failure", "partial_capture_reversal")
GIVEN_BACK = ("refund", "refund_failure")
TAKEN_BACK = ("dispute", "dispute_reversal")


@dataclass(frozen=True)
class Ledger:
    """Amounts of one payment in its own currency: taken, given back, taken back by the bank. None is negative."""

    taken: Decimal
    refunded: Decimal
    disputed: Decimal
    currency: str

    @property
    def kept(self) -> Decimal:
        """What is left of the payment, before Stripe's fee."""
        return self.taken - self.refunded - self.disputed


@dataclass(frozen=True)
class OrderMoney:
    """One line of Stripe's books with its order and payout; texts empty and dates None where there are none.

    `amount`, `fee` and `net` are signed and in `currency`, the balance's; the order's own currency is the charge's.
    """

    order_id: int | None
    order_number: str
    intent_id: str
    charge_id: str
    transaction_id: str
    category: str
    amount: Decimal
    fee: Decimal
    net: Decimal
    currency: str
    booked_at: datetime
    payout_id: str
    payout_arrives_on: date | None
    payout_status: str


def ledger_of(payment: Payment) -> Ledger:
    """Return what our own rows say of a payment."""
    ours, _theirs = sums_of_payments([payment])[payment.pk]
    return ours


def sums_of_payments(payments: Collection[Payment]) -> dict[int, tuple[Ledger, Ledger]]:
    """Return, for each payment's key, what our rows say and what Stripe's books say. Four queries for any number."""
    keys = [payment.pk for payment in payments]
    refunded = _sums(
        Refund.objects.filter(payment__in=keys, state__in=LIVE_REFUND_STATES).exclude(
            state=RefundState.REQUESTED
        )
    )
    disputed = _sums(Dispute.objects.filter(payment__in=keys, status__in=BLOCKING_DISPUTES))
    booked = {
        (row["payment_id"], row["what"]): row["total"].quantize(_STEP)
        for row in BalanceTransaction.objects.filter(payment__in=keys)
        .annotate(what=_what())
        .order_by()
        .values("payment_id", "what")
        .annotate(total=Sum(Coalesce("charged_amount", "amount")))
    }
    result = {}
    for payment in payments:
        has_way = payment.intent_id or payment.is_transfer
        is_taken = has_way and payment.state in (PaymentState.PAID, PaymentState.NEEDS_REFUND)
        taken = payment.taken_amount if is_taken else Decimal(0)
        ours = Ledger(
            taken,
            refunded.get(payment.pk, Decimal(0)),
            disputed.get(payment.pk, Decimal(0)),
            payment.currency,
        )
        theirs = Ledger(
            booked.get((payment.pk, "taken"), Decimal(0)),
            -booked.get((payment.pk, "given_back"), Decimal(0)),
            -booked.get((payment.pk, "taken_back"), Decimal(0)),
            payment.currency,
        )
        result[payment.pk] = (ours, theirs)
    return result


def money_of_orders(
    *, order_ids: Collection[int] | None = None, start: datetime | None = None, end: datetime | None = None
) -> Iterator[OrderMoney]:
    """Yield every line of Stripe's books of these orders, booked in start <= t < end, oldest first.

    The way from an order to the bank: order, charge, balance transaction, payout. A line not paid out yet has an
    empty `payout_id`. One query, streamed.
    """
    rows = BalanceTransaction.objects.filter(payment__isnull=False)
    if order_ids is not None:
        rows = rows.filter(payment__order__in=order_ids)
    if start:
        rows = rows.filter(created_at__gte=start)
    if end:
        rows = rows.filter(created_at__lt=end)
    return _read(rows.order_by("created_at", "pk"))


def payout_orders(payout_id: str) -> Iterator[OrderMoney]:
    """Yield the lines of one payout (Stripe's id), oldest first; what no order here caused has no order."""
    rows = BalanceTransaction.objects.filter(payout_line__payout__payout_id=payout_id)
    return _read(rows.order_by("created_at", "pk"))


def payout_sums(payouts: Iterable[int]) -> dict[int, Decimal]:
    """Return what the lines of each payout (our key) add up to."""
    rows = (
        PayoutLine.objects.filter(payout__in=list(payouts))
        .order_by()
        .values("payout_id")
        .annotate(total=Sum("transaction__net"))
    )
    return {row["payout_id"]: row["total"].quantize(_STEP) for row in rows}


def _read(rows: QuerySet[BalanceTransaction]) -> Iterator[OrderMoney]:
    joined = rows.select_related("payment__order", "payout_line__payout")
    for row in joined.iterator(chunk_size=1000):
        line = getattr(row, "payout_line", None)
        payment = row.payment
        yield OrderMoney(
            order_id=payment.order_id if payment else None,
            order_number=payment.order.number if payment else "",
            intent_id=(payment.intent_id or "") if payment else "",
            charge_id=row.source_id if row.category in TAKEN else "",
            transaction_id=row.transaction_id,
            category=row.category,
            amount=row.amount,
            fee=row.fee,
            net=row.net,
            currency=row.currency,
            booked_at=row.created_at,
            payout_id=line.payout.payout_id if line else "",
            payout_arrives_on=line.payout.arrives_on if line else None,
            payout_status=line.payout.status if line else "",
        )


def _sums(rows: QuerySet) -> dict[int, Decimal]:
    return {
        row["payment_id"]: row["total"].quantize(_STEP)
        for row in rows.order_by().values("payment_id").annotate(total=Sum("amount"))
    }


def _what() -> Case:
    return Case(
        When(Q(category__in=TAKEN), then=Value("taken")),
        When(Q(category__in=GIVEN_BACK), then=Value("given_back")),
        When(Q(category__in=TAKEN_BACK), then=Value("taken_back")),
        default=Value("other"),
        output_field=CharField(),
    )
