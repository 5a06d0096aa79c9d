"""Currencies without and with three decimals, from the basket to Stripe's books and back; exact to the last digit."""

from datetime import timedelta
from decimal import Decimal

import pytest

from storefront.payments import selectors
from storefront.payments.models import BalanceTransaction, Payment
from storefront.payments.services import reconcile
from tests.payments.merchant import deliver_new, make_staff, refund
from tests.payments.shopper import make_product

pytestmark = pytest.mark.django_db
# Currency, price of one, pieces, total with delivery, in Stripe's units, given back, in Stripe's units.
CASES = [
    ("JPY", "1200", 3, "3600", 3600, "500", 500),
    ("JPY", "17", 3, "51", 51, "50", 50),
    ("KRW", "15000", 1, "15000", 15000, "14999", 14999),
    ("KWD", "12.50", 1, "17.450", 17450, "5.250", 5250),
    ("EUR", "12.35", 1, "17.30", 1730, "0.01", 1),
]


@pytest.mark.parametrize(("currency", "price", "count", "total", "units", "back", "back_units"), CASES)
def test_amounts_are_the_same_from_basket_to_books(
    shopper, standin, moment, currency, price, count, total, units, back, back_units
):
    product = make_product(price=price)
    product.stockrecords.update(price_currency=currency)
    shopper.add(product, quantity=count)
    order = shopper.order()
    assert (order.answer["amount"], order.answer["currency"]) == (units, currency.lower())
    order.pay()
    assert order.deliver().status_code == 200
    payment = order.payment
    assert (payment.state, payment.amount, payment.currency) == ("paid", Decimal(total), currency)
    assert payment.order.total_incl_tax == Decimal(total)
    assert payment.order.sources.get().amount_debited == Decimal(total)
    (intent,) = standin.every("payment_intent")
    assert (intent["amount"], intent["amount_received"]) == (units, units)
    refund(order, back, by=make_staff("payments.add_refund"))
    deliver_new(standin, "refund.created")
    assert [made["amount"] for made in standin.every("refund")] == [back_units]
    done = reconcile(now=moment + timedelta(minutes=10))
    assert (done.findings, done.failed) == (0, 0)
    ledger = selectors.ledger_of(Payment.objects.get())
    assert (ledger.taken, ledger.refunded) == (Decimal(total), Decimal(back))
    assert ledger.kept == Decimal(total) - Decimal(back)
    assert sorted(BalanceTransaction.objects.values_list("amount", flat=True)) == [
        -Decimal(back),
        Decimal(total),
    ]
