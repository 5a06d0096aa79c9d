"""place_order writes all of an order or nothing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model

from storefront.payments.models import OrderNumber, Payment
from storefront.payments.services import expire_payments
from tests.payments.shopper import Shopper, make_product, stock_of

pytestmark = pytest.mark.django_db
Order = get_model("order", "Order")
Basket = get_model("basket", "Basket")


def assert_nothing_written(product, stock):
    assert not Order.objects.exists()
    assert not Payment.objects.exists()
    assert stock_of(product) == stock
    assert {basket.status for basket in Basket.objects.all()} == {"Open"}


def test_sold_out_line_is_named_and_nothing_is_written(shopper):
    product = make_product(title="Trowel", stock=1)
    shopper.add(product)
    data = shopper.form()
    product.stockrecords.update(num_in_stock=0)
    answer = shopper.send(data)
    assert answer.status_code == 400
    assert answer.json()["problem"] == (
        "Trowel is sold out. Change your cart, then order again. Nothing was charged."
    )
    assert_nothing_written(product, (0, 0))


def test_too_many_are_refused_with_what_is_left(shopper):
    product = make_product(title="Trowel", stock=3)
    shopper.add(product, quantity=3)
    data = shopper.form()
    product.stockrecords.update(num_in_stock=2)
    assert "Trowel: only 2 left." in shopper.send(data).json()["problem"]
    assert_nothing_written(product, (2, 0))


def test_last_one_goes_to_whoever_orders_first(standin):
    product = make_product(stock=1)
    shoppers = [Shopper(standin, Client()) for _ in range(2)]
    forms = []
    for shopper in shoppers:
        shopper.add(product)
        forms.append(shopper.form())
    answers = [shopper.send(form) for shopper, form in zip(shoppers, forms, strict=True)]
    assert [answer.status_code for answer in answers] == [200, 400]
    assert stock_of(product) == (1, 1)


def test_withdrawn_product_is_refused(shopper):
    product = make_product(title="Trowel")
    shopper.add(product)
    data = shopper.form()
    type(product).objects.update(is_public=False)
    assert "Trowel is no longer sold." in shopper.send(data).json()["problem"]
    assert_nothing_written(product, (10, 0))


def test_changed_price_is_shown_before_it_is_charged(shopper):
    product = make_product(price="19.99")
    shopper.add(product)
    data = shopper.form(shown_total="24.94")
    product.stockrecords.update(price="29.99")
    answer = shopper.send(data)
    assert (answer.status_code, answer.json()["reload"]) == (409, True)
    assert_nothing_written(product, (10, 0))


def test_order_numbers_follow_a_sequence_with_gaps(shopper):
    product = make_product(stock=1)
    shopper.add(product)
    assert shopper.order().payment.order.number == "SK-100001"
    OrderNumber.objects.create(taken_at=Payment.objects.get().created_at)
    product.stockrecords.update(num_in_stock=9)
    shopper.add(product)
    assert shopper.order().payment.order.number == "SK-100003"


def test_signed_in_shopper_keeps_the_address(shopper):
    user = get_user_model().objects.create_user(email="mara@example.test", password="pass-phrase-9")
    shopper.client.force_login(user)
    shopper.add(make_product())
    order = shopper.order(email=None).payment.order
    assert (order.user, order.email, order.guest_email) == (user, "mara@example.test", "")
    assert user.addresses.get().line1 == "14 Linden Street"
    assert shopper.open_checkout().status_code == 302
    shopper.add(make_product(title="Fork"))
    page = shopper.open_checkout()
    assert page.context["forms"].shipping["line1"].value() == "14 Linden Street"


def test_order_that_costs_nothing_is_paid_at_once(shopper):
    product = make_product(price="0.00")
    type(product.product_class).objects.update(requires_shipping=False)
    shopper.add(product)
    answer = shopper.send(shopper.form(method="no-shipping-required"))
    payment = Payment.objects.get()
    assert answer.json()["redirect"].startswith("/checkout/thank-you/SK-100001:")
    assert (payment.state, payment.intent_id, payment.order.status) == ("paid", None, "Paid")


def test_voucher_used_up_meanwhile_is_named(shopper, voucher):
    shopper.add(make_product())
    Basket.objects.get().vouchers.add(voucher)
    data = shopper.form()
    other = Shopper(shopper.standin, Client())
    other.add(make_product())
    Basket.objects.latest("pk").vouchers.add(voucher)
    other.order()
    answer = shopper.send(data)
    assert answer.status_code == 400
    assert "Remove it from your cart" in answer.json()["problem"]
    assert Order.objects.count() == 1


def test_voucher_can_be_used_again_when_its_order_was_not_paid(shopper, voucher, moment):
    shopper.add(make_product(price="40.00"))
    Basket.objects.get().vouchers.add(voucher)
    order = shopper.order()
    assert (str(order.payment.amount), voucher.applications.count()) == ("36.000", 1)
    expire_payments(now=moment + timedelta(hours=2))
    voucher.refresh_from_db()
    assert (voucher.applications.count(), voucher.num_orders) == (0, 0)


@pytest.fixture
def voucher(moment):
    """Ten per cent off everything, once."""
    everything = get_model("offer", "Range").objects.create(name="All", includes_all_products=True)
    offer = get_model("offer", "ConditionalOffer").objects.create(
        name="Ten off",
        offer_type="Voucher",
        condition=get_model("offer", "Condition").objects.create(range=everything, type="Count", value=1),
        benefit=get_model("offer", "Benefit").objects.create(range=everything, type="Percentage", value=10),
    )
    voucher = get_model("voucher", "Voucher").objects.create(
        name="Ten off",
        code="TEN",
        usage="Single use",
        start_datetime=moment - timedelta(days=1),
        end_datetime=moment + timedelta(days=1),
    )
    voucher.offers.add(offer)
    return voucher


def count_queries(shopper, lines, **changes):
    """Return how many statements the second order of this many lines takes; the first writes what all others find."""
    for _ in range(2):
        for number in range(lines):
            shopper.add(make_product(title=f"Pot {number}", price="1.00"))
        data = shopper.form(**changes)
        with CaptureQueriesContext(connection) as queries:
            assert shopper.send(data).status_code == 200
    return sum(not row["sql"].startswith(("SAVEPOINT", "RELEASE")) for row in queries)


def test_order_takes_as_many_statements_for_twenty_lines_as_for_one(standin):
    counts = [count_queries(Shopper(standin, Client()), lines) for lines in (1, 10, 20)]
    assert counts[0] == counts[1] == counts[2] <= 35


def test_customer_who_is_signed_in_costs_few_statements_more(standin):
    user = get_user_model().objects.create_user(email="mara@example.test", password="pass-phrase-9")
    client = Client()
    client.force_login(user)
    assert count_queries(Shopper(standin, client), 10, email=None) <= 40


def test_counts_of_purchases_and_low_stock_are_oscars(shopper):
    """What Oscar's own writing does a line at a time is done at once and is the same."""
    pot, can = make_product(title="Pot", stock=3), make_product(title="Can")
    pot.stockrecords.update(low_stock_threshold=2)
    shopper.add(pot, quantity=2)
    shopper.add(can)
    order = shopper.order().payment.order
    assert [(line.title, line.quantity, line.num_allocated) for line in order.lines.all()] == [
        ("Pot", 2, 2),
        ("Can", 1, 1),
    ]
    assert [line.prices.get().price_incl_tax for line in order.lines.all()] == [Decimal("19.99")] * 2
    assert (stock_of(pot), stock_of(can)) == ((3, 2), (10, 1))
    assert (pot.stats.num_purchases, can.stats.num_purchases) == (2, 1)
    (alert,) = get_model("partner", "StockAlert").objects.all()
    assert (alert.stockrecord.product, alert.threshold, alert.status) == (pot, 2, "Open")
