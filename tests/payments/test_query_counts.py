"""Hearing what became of an order takes as many statements for twenty lines as for one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model

from storefront.payments.services import expire_payments
from tests.payments.shopper import Shopper, make_product, stock_of, stripe_client

pytestmark = pytest.mark.django_db
LINES = (1, 10, 20)


@pytest.fixture
def buy(standin):
    """Return a buyer of so many articles, whose order is their second: the first writes what all find."""

    def buy(lines):
        shopper = Shopper(standin, Client())
        for _ in range(2):
            for number in range(lines):
                shopper.add(make_product(title=f"Pot {number}", price="1.00"))
            order = shopper.order()
        return order

    return buy


@pytest.fixture
def count(django_capture_on_commit_callbacks):
    """Return a counter of statements, those of the mail after the commit included."""

    def count(act) -> int:
        with CaptureQueriesContext(connection) as queries, django_capture_on_commit_callbacks(execute=True):
            act()
        return sum(not row["sql"].startswith(("SAVEPOINT", "RELEASE")) for row in queries)

    return count


def first_of_all(buy):
    """Let one order be paid, so that Oscar's types of sources and events are there."""
    order = buy(1)
    order.pay()
    order.deliver()


def test_webhook_of_a_payment(buy, count, mailoutbox):
    first_of_all(buy)
    orders = [buy(lines) for lines in LINES]
    for order in orders:
        order.pay()
    counts = [count(order.deliver) for order in orders]
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 33
    assert {line.status for line in orders[-1].payment.order.lines.all()} == {"Paid"}
    assert len(mailoutbox) == len(LINES)


def test_return_page_that_settles(buy, count):
    first_of_all(buy)
    orders = [buy(lines) for lines in LINES]
    for order in orders:
        order.pay()
    counts = [count(lambda order=order: order.shopper.come_back(order)) for order in orders]
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 28
    assert {order.payment.state for order in orders} == {"paid"}


def test_webhook_of_a_cancelled_payment(buy, count):
    orders = [buy(lines) for lines in LINES]
    for order in orders:
        stripe_client().v1.payment_intents.cancel(order.intent_id)
    counts = [count(lambda order=order: order.deliver("payment_intent.canceled")) for order in orders]
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 20
    lines = orders[-1].payment.order.lines.all()
    assert {(line.status, line.num_allocated, line.allocation_cancelled) for line in lines} == {
        ("Cancelled", 0, True)
    }


def test_only_lines_that_may_move_on_with_their_order(shopper):
    for title in ("Pot", "Can"):
        shopper.add(make_product(title=title))
    order = shopper.order()
    order.payment.order.lines.filter(title="Can").update(status="Cancelled")
    order.pay()
    order.deliver()
    lines = order.payment.order.lines.order_by("pk")
    assert [(line.title, line.status) for line in lines] == [("Pot", "Paid"), ("Can", "Cancelled")]


def test_freed_stock_closes_the_alert_it_raised_and_no_other(shopper, moment):
    alerts = get_model("partner", "StockAlert").objects
    pot, can = make_product(title="Pot", stock=3), make_product(title="Can", stock=1)
    for product in (pot, can):
        product.stockrecords.update(low_stock_threshold=2)
        shopper.add(product)
    shopper.add(pot)
    shopper.order()
    assert set(alerts.values_list("stockrecord__product__title", "status")) == {
        ("Pot", "Open"),
        ("Can", "Open"),
    }
    expire_payments(now=moment + timedelta(minutes=61))
    assert (stock_of(pot), stock_of(can)) == ((3, 0), (1, 0))
    assert set(alerts.values_list("stockrecord__product__title", "status")) == {
        ("Pot", "Closed"),
        ("Can", "Open"),
    }
