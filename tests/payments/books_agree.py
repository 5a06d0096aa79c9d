"""What must be true when everything has been heard of: our rows, Oscar's and the stand-in's books are one."""

from collections import Counter
from decimal import Decimal
from typing import Any

from oscar.core.loading import get_model

from storefront.payments import selectors
from storefront.payments.models import Payment

Order = get_model("order", "Order")
Line = get_model("order", "Line")
StockRecord = get_model("partner", "StockRecord")
_LIVE_REFUNDS = ("pending", "requires_action", "succeeded")
_BANK_HAS_IT = ("needs_response", "under_review", "lost")


def at_stripe(standin: Any) -> dict[str, tuple[Decimal, Decimal, Decimal]]:
    """Return for each intent with money what was taken, given back and disputed, from the stand-in's objects."""
    refunds, disputes = Counter[str](), Counter[str]()
    for refund in standin.every("refund"):
        if refund["status"] in _LIVE_REFUNDS:
            refunds[refund["payment_intent"]] += refund["amount"]
    for dispute in standin.every("dispute"):
        if dispute["status"] in _BANK_HAS_IT:
            disputes[dispute["payment_intent"]] += dispute["amount"]
    return {
        intent["id"]: tuple(
            Decimal(cents) / 100
            for cents in (intent["amount_received"], refunds[intent["id"]], disputes[intent["id"]])
        )
        for intent in standin.every("payment_intent")
        if intent["status"] == "succeeded"
    }


def assert_books_agree(standin: Any) -> None:
    """Assert: money and paid orders are the same set, nothing twice, every sum Stripe's, no stock lost."""
    taken = at_stripe(standin)
    payments = list(Payment.objects.select_related("order"))
    sums = selectors.sums_of_payments(payments)
    paid = {payment.intent_id for payment in payments if payment.state == "paid"}
    assert paid == set(taken), "a paid intent without a paid order, or the other way round"
    for payment in payments:
        ours, _theirs = sums[payment.pk]
        if payment.state == "paid":
            assert (ours.taken, ours.refunded, ours.disputed) == taken[payment.intent_id]
            assert payment.order.status in ("Paid", "Shipped")
            source = payment.order.sources.get()
            assert source.amount_debited == ours.taken
            assert source.amount_refunded == ours.refunded
            assert source.transactions.filter(txn_type="Debit").count() == 1
            assert payment.order.payment_events.count() == 1
        else:
            assert payment.state in ("cancelled", "expired", "awaiting", "processing", "authorised")
            held = payment.amount if payment.state == "authorised" else 0
            assert sum(source.amount_allocated for source in payment.order.sources.all()) == held
            assert not payment.order.sources.exclude(amount_debited=0).exists()
            assert (ours.taken, ours.refunded, ours.disputed) == (0, 0, 0)
    assert_no_stock_is_lost()


def assert_no_stock_is_lost() -> None:
    """Assert that exactly the lines of orders that stand hold stock."""
    held = Counter[int]()
    for line in Line.objects.exclude(order__status="Cancelled"):
        held[line.stockrecord_id] += line.quantity
    for record in StockRecord.objects.all():
        assert (record.num_allocated or 0) == held[record.pk], "stock was lost or given back twice"
        assert record.num_in_stock >= (record.num_allocated or 0)
