"""What must be true when everything has been heard of: our rows, Oscar's and the stand-in's books are one."""

from collections import Counter
from decimal import Decimal
from typing import Any

from oscar.core.loading import get_model

from storefront.payments import selectors
from storefront.payments.models import CardConsent, Payment
from storefront.tender.models import CreditAccount
from storefront.tender.selectors import credit_used

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
    """Assert: money and paid orders are the same set, nothing twice, every sum Stripe's, no stock or credit lost.

    What a transfer or a gift card paid is in no book of Stripe's and in ours exactly once.
    """
    taken = at_stripe(standin)
    payments = list(Payment.objects.select_related("order"))
    sums = selectors.sums_of_payments(payments)
    paid = {p.intent_id for p in payments if p.state == "paid" and p.amount and not p.is_transfer}
    assert paid == set(taken), "a paid intent without a paid order, or the other way round"
    for payment in payments:
        ours, _theirs = sums[payment.pk]
        assert payment.amount + credit_used(payment.order) == _due(payment)
        if payment.state != "paid":
            assert payment.state in ("cancelled", "expired", "awaiting", "processing", "authorised")
            held = payment.amount if payment.state == "authorised" else 0
            assert sum(source.amount_allocated for source in payment.order.sources.all()) == held
            assert not payment.order.sources.exclude(amount_debited=0).exists()
            assert (ours.taken, ours.refunded, ours.disputed) == (0, 0, 0)
            continue
        assert payment.order.status in ("Paid", "Shipped")
        if not payment.amount:
            assert not payment.order.sources.exists()
            continue
        if payment.is_transfer:
            assert (ours.taken, payment.receipt.amount, payment.intent_id) == (
                payment.amount,
                payment.amount,
                None,
            )
        else:
            assert (ours.taken, ours.refunded, ours.disputed) == taken[payment.intent_id]
        source = payment.order.sources.get()
        assert source.amount_debited == ours.taken
        assert source.amount_refunded == ours.refunded <= ours.taken
        assert source.transactions.filter(txn_type="Debit").count() == 1
        assert payment.order.payment_events.count() == 1
    assert_no_stock_is_lost()
    for account in CreditAccount.objects.all():
        assert account.balance == sum(entry.amount for entry in account.entries.all()) >= 0


def _due(payment: Payment) -> Decimal:
    """Return what money and credit must come to: the whole order; where it fell through the credit is given back.

    What was sent stays sent, even where the money reserved for it is gone: its credit is spent.
    """
    if payment.state in ("cancelled", "expired") and payment.order.status != "Shipped":
        return payment.amount
    return payment.order.total_incl_tax


def assert_no_stock_is_lost() -> None:
    """Assert that exactly the lines of orders that stand hold stock."""
    held = Counter[int]()
    for line in Line.objects.exclude(order__status="Cancelled"):
        held[line.stockrecord_id] += line.quantity
    for record in StockRecord.objects.all():
        assert (record.num_allocated or 0) == held[record.pk], "stock was lost or given back twice"
        assert record.num_in_stock >= (record.num_allocated or 0)


def assert_cards_are_kept_as_agreed(standin: Any) -> None:
    """Assert that whoever keeps a card at Stripe has an account here, and ticked for it."""
    owners = {method["customer"] for method in standin.every("payment_method") if method["customer"]}
    agreed = CardConsent.objects.filter(customer__customer_id__in=owners, customer__user__isnull=False)
    assert set(agreed.values_list("customer__customer_id", flat=True)) == owners
