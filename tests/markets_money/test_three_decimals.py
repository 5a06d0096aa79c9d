"""Dinars with tax: every sum is in steps of ten fils, which is what Stripe takes, from the basket to the books."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache

from storefront.markets.models import Market
from storefront.payments import selectors
from storefront.payments.models import BalanceTransaction, Payment
from storefront.payments.services import reconcile
from tests.markets_money.shopper import make_product
from tests.payments.merchant import make_staff, refund

pytestmark = pytest.mark.django_db
# Prices with tax or without, per cent off, sum of the lines' tax, total, in Stripe's units.
CASES = [
    (False, 0, "3.28", "20.53", 20530),
    (True, 0, "2.75", "17.25", 17250),
    (False, 7, "3.11", "19.50", 19500),
    (True, 7, "2.61", "16.39", 16390),
]


@pytest.mark.parametrize(("includes_tax", "percent", "tax", "total", "units"), CASES)
def test_taxed_dinars_are_the_same_from_basket_to_books(
    visit, german_seller, voucher, standin, moment, includes_tax, percent, tax, total, units
):
    Market.objects.filter(code="de").update(currency="KWD", prices_include_tax=includes_tax)
    cache.clear()
    shopper = visit("de")
    shopper.add(make_product(prices={"de": "12.35"}))
    if percent:
        shopper.client.post(f"{shopper.prefix}/basket/vouchers/add/", {"code": voucher(value=percent).code})
    shown = shopper.open_checkout().context["summary"]
    order = shopper.order()
    assert (shown.minor_total, order.answer["amount"], order.answer["currency"]) == (units, units, "kwd")
    order.pay()
    assert order.deliver().status_code == 200
    payment = order.payment
    placed = payment.order
    assert (payment.state, payment.amount, placed.total_incl_tax) == ("paid", Decimal(total), Decimal(total))
    assert placed.total_incl_tax - placed.total_excl_tax == Decimal(tax)
    assert sum(row["amount"] for row in standin.every("payment_intent")) == units
    refund(order, total, by=make_staff("payments.add_refund"))
    done = reconcile(now=moment + timedelta(minutes=10))
    assert (done.findings, done.failed) == (0, 0)
    ledger = selectors.ledger_of(Payment.objects.get())
    assert (ledger.taken, ledger.refunded, ledger.kept) == (Decimal(total), Decimal(total), 0)
    assert sorted(BalanceTransaction.objects.values_list("amount", flat=True)) == [
        -Decimal(total),
        Decimal(total),
    ]
