"""Read the payment institution's books and the gift cards' ledger, for a number of payments at a time."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Sum

from storefront.payments.models import BalanceTransaction, Payment, PaymentWay, Payout, PayoutLine
from storefront.subsidies.facts.shapes import BookEntry, PayoutFact, TransferFact
from storefront.subsidies.facts.windows import Window
from storefront.tender.models import CreditEntry


def book_entries(payments: list[int], *, as_of: datetime) -> dict[int, list[BookEntry]]:
    """Return the lines of the institution's books for each payment, and the payout that paid each out."""
    found: dict[int, list[BookEntry]] = defaultdict(list)
    rows = (
        BalanceTransaction.objects.filter(payment__in=payments, created_at__lt=as_of)
        .order_by("created_at", "pk")
        .values_list(
            "payment_id",
            "transaction_id",
            "category",
            "amount",
            "fee",
            "net",
            "currency",
            "charged_amount",
            "charged_currency",
            "available_on",
            "payout_line__payout__payout_id",
        )
    )
    for payment, *values in rows:
        found[payment].append(BookEntry(*values[:-1], payout=values[-1] or ""))
    return found


def transfers_of(payments: list[int]) -> dict[int, TransferFact]:
    """Return those of the payments that came by bank transfer, with what was seen in the account."""
    rows = Payment.objects.filter(pk__in=payments, way=PaymentWay.BANK_TRANSFER).order_by("pk")
    columns = ("receipt__amount", "receipt__currency", "receipt__received_on", "receipt__statement")
    return {
        key: TransferFact(amount, currency or "", received_on, statement or "")
        for key, amount, currency, received_on, statement in rows.values_list("pk", *columns)
    }


def credit_spent(numbers: Iterable[str]) -> dict[str, Decimal]:
    """Return what gift cards and store credit paid of each order, by its number."""
    rows = (
        CreditEntry.objects.filter(order__number__in=list(numbers), reason="spent")
        .values_list("order__number")
        .annotate(spent=Sum("amount"))
        .order_by("order__number")
    )
    return {number: -spent for number, spent in rows}


def read_payouts(window: Window, *, until: date, names: set[str]) -> list[PayoutFact]:
    """Return the payouts made in the window, those that paid something of it (`names`), and what their lines add up to.

    Their number is that of days, not of orders.
    """
    in_window = Payout.objects.filter(
        created_at__gte=window.start, created_at__lt=window.end, arrives_on__lte=until
    )
    keys = set(in_window.values_list("payout_id", flat=True)) | names
    sums = {
        payout: (net or Decimal(0), count)
        for payout, net, count in PayoutLine.objects.filter(payout__payout_id__in=keys)
        .values_list("payout__payout_id")
        .annotate(net=Sum("transaction__net"), count=Count("pk"))
        .order_by("payout__payout_id")
    }
    rows = Payout.objects.filter(payout_id__in=keys).order_by("arrives_on", "pk")
    return [
        PayoutFact(
            payout_id=row.payout_id,
            amount=row.amount,
            currency=row.currency,
            status=row.status,
            is_automatic=row.is_automatic,
            arrives_on=row.arrives_on,
            is_itemised=row.itemised_at is not None,
            lines_net=sums.get(row.payout_id, (Decimal(0), 0))[0],
            bank_reference=row.bank_reference,
        )
        for row in rows
    ]
