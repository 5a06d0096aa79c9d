"""However and however often we hear of it: one paid order, one mail."""

import pytest
from django.core import mail
from oscar.core.loading import get_model

from storefront.payments.models import Payment, StripeEvent
from storefront.payments.services import reconcile
from tests.payments.shopper import make_product, stock_of

pytestmark = pytest.mark.django_db(transaction=True)
Order = get_model("order", "Order")
Source = get_model("payment", "Source")


@pytest.fixture
def order(shopper):
    shopper.add(make_product(price="19.99"), quantity=2)
    return shopper.order()


def assert_paid_once(order):
    payment = order.payment
    assert payment.state == "paid"
    assert Order.objects.count() == Payment.objects.count() == 1
    assert payment.order.status == "Paid"
    assert {line.status for line in payment.order.lines.all()} == {"Paid"}
    source = Source.objects.get()
    assert (source.reference, str(source.amount_debited)) == (order.intent_id, "39.98")
    assert source.transactions.count() == payment.order.payment_events.count() == 1
    assert payment.order.status_changes.count() == 1
    assert [message.to for message in mail.outbox] == [["anna@example.test"]]


def test_order_is_written_before_anything_is_paid(order):
    placed = order.payment.order
    assert (placed.status, placed.number, str(placed.total_incl_tax)) == (
        "Awaiting payment",
        "SK-100001",
        "39.98",
    )
    assert mail.outbox == []


def test_return_page_marks_the_order_paid(order):
    order.pay()
    order.shopper.come_back(order)
    assert_paid_once(order)


def test_returning_twice_pays_once(order):
    order.pay()
    answers = [order.shopper.come_back(order) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {302}
    assert_paid_once(order)


def test_webhook_before_the_return_page_pays_once(order):
    order.pay()
    assert order.deliver().status_code == 200
    order.shopper.come_back(order)
    assert_paid_once(order)


def test_webhook_twice_pays_once(order):
    order.pay()
    assert [order.deliver().status_code for _ in range(2)] == [200, 200]
    assert_paid_once(order)
    assert StripeEvent.objects.get().tries == 1


def test_webhook_alone_is_enough_when_the_browser_is_closed(order):
    order.pay()
    order.deliver()
    assert_paid_once(order)


def test_reconciliation_is_enough_when_nothing_else_arrives(order, moment):
    order.pay()
    assert reconcile(now=moment).paid == 1
    assert reconcile(now=moment).looked_at == 0
    assert_paid_once(order)


def test_late_events_of_a_declined_card_leave_the_order_paid(order):
    import stripe

    with pytest.raises(stripe.CardError):
        order.pay("pm_card_chargeDeclined")
    order.pay()
    order.deliver()
    assert order.deliver("payment_intent.payment_failed").status_code == 200
    assert_paid_once(order)


def test_paying_takes_the_stock_the_order_reserved(order):
    product = order.payment.order.lines.get().product
    assert stock_of(product) == (10, 2)
    order.pay()
    order.deliver()
    assert stock_of(product) == (10, 2)
