"""Money that is not what was agreed pays no order; a person looks at it."""

import pytest

from tests.payments.shopper import make_product, stripe_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(shopper):
    shopper.add(make_product())
    return shopper.order()


def assert_set_aside(order, reason):
    order.pay()
    assert order.deliver().status_code == 200
    payment = order.payment
    assert payment.state == "mismatch"
    assert reason in payment.note
    assert payment.order.status == "Awaiting payment"
    assert not payment.order.sources.exists()


def test_other_amount(order):
    stripe_client().v1.payment_intents.update(order.intent_id, {"amount": 100})
    assert_set_aside(order, "amount received: 24.940 agreed, 1.00 paid")


def test_other_currency(order):
    stripe_client().v1.payment_intents.update(order.intent_id, {"currency": "eur"})
    assert_set_aside(order, "currency: USD agreed, EUR paid")


def test_metadata_of_another_order(order):
    stripe_client().v1.payment_intents.update(order.intent_id, {"metadata": {"order": "SK-999999"}})
    assert_set_aside(order, "order number: SK-100001 agreed, SK-999999 paid")


def test_live_promise_and_test_money(order):
    payment = order.payment
    payment.is_live = True
    payment.save()
    assert_set_aside(order, "live mode: True agreed, False paid")


def test_shopper_is_told_not_to_pay_again(order):
    stripe_client().v1.payment_intents.update(order.intent_id, {"amount": 100})
    order.pay()
    page = order.shopper.client.get(order.shopper.come_back(order).url)
    assert "Do not pay again" in page.content.decode()


def test_money_for_a_cancelled_order_needs_a_refund(order):
    order.payment.order.set_status("Cancelled")
    order.pay()
    order.deliver()
    assert (order.payment.state, order.payment.order.status) == ("needs_refund", "Cancelled")
