"""Stock comes back when nobody paid, and only when nobody can any more."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from storefront.payments.models import Payment
from storefront.payments.services import expire_payments, open_intent, reconcile
from tests.payments.shopper import make_product, stock_of, stripe_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def product():
    return make_product(stock=5)


@pytest.fixture
def order(shopper, product):
    shopper.add(product, quantity=2)
    return shopper.order()


@pytest.fixture
def later(moment):
    return moment + timedelta(minutes=61)


def status_at_stripe(order):
    return stripe_client().v1.payment_intents.retrieve(order.intent_id).status


def test_order_is_not_expired_early(order, product, moment):
    assert expire_payments(now=moment + timedelta(minutes=59)) == 0
    assert stock_of(product) == (5, 2)


def test_expiry_cancels_at_stripe_and_releases_the_stock(order, product, later):
    assert expire_payments(now=later) == 1
    assert status_at_stripe(order) == "canceled"
    assert (order.payment.state, order.payment.order.status) == ("expired", "Cancelled")
    assert {line.status for line in order.payment.order.lines.all()} == {"Cancelled"}
    assert stock_of(product) == (5, 0)


def test_expiring_twice_releases_once(order, product, later):
    expire_payments(now=later)
    assert expire_payments(now=later) == 0
    assert stock_of(product) == (5, 0)


def test_paid_order_is_settled_instead_of_expired(order, product, later):
    order.pay()
    assert expire_payments(now=later) == 0
    assert (order.payment.state, order.payment.order.status) == ("paid", "Paid")
    assert stock_of(product) == (5, 2)


def test_stock_stays_reserved_while_stripe_cannot_be_asked(order, product, later, standin):
    standin.fail_next("drop", path=f"/v1/payment_intents/{order.intent_id}/cancel")
    assert expire_payments(now=later) == 0
    assert (order.payment.state, stock_of(product)) == ("awaiting", (5, 2))
    assert expire_payments(now=later) == 1


def test_order_without_an_intent_expires(shopper, product, standin, later):
    shopper.add(product)
    standin.fail_next("drop", path="/v1/payment_intents")
    shopper.send(shopper.form())
    assert expire_payments(now=later) == 1
    assert (Payment.objects.get().state, stock_of(product)) == ("expired", (5, 0))


def test_lost_intent_is_found_and_cancelled_first(shopper, product, standin, later):
    shopper.add(product)
    standin.fail_next("lose_answer", path="/v1/payment_intents")
    shopper.send(shopper.form())
    assert expire_payments(now=later) == 1
    assert [i.status for i in stripe_client().v1.payment_intents.list().data] == ["canceled"]
    assert stock_of(product) == (5, 0)


def test_order_cancelled_in_the_back_office_releases_its_stock(order, product, moment):
    order.payment.order.set_status("Cancelled")
    reconcile(now=moment)
    assert status_at_stripe(order) == "canceled"
    assert (order.payment.state, stock_of(product)) == ("cancelled", (5, 0))


def test_intent_cancelled_at_stripe_releases_the_stock(order, product):
    stripe_client().v1.payment_intents.cancel(order.intent_id)
    order.deliver("payment_intent.canceled")
    assert (order.payment.state, stock_of(product)) == ("cancelled", (5, 0))


def test_expired_order_cannot_be_paid_but_put_back(order, later):
    expire_payments(now=later)
    answer = order.shopper.client.post(order.answer["pay_url"], headers={"Accept": "application/json"})
    page = order.shopper.client.get(answer.json()["redirect"])
    assert "Put the items in my cart again" in page.content.decode()


def test_one_broken_payment_stops_no_other(order, shopper, product, standin, later):
    shopper.add(product)
    other = shopper.order()
    standin.fail_next("drop", path=f"/v1/payment_intents/{order.intent_id}/cancel")
    assert expire_payments(now=later) == 1
    assert (order.payment.state, other.payment.state) == ("awaiting", "expired")


def test_closed_payment_gets_no_new_intent(order, later):
    from storefront.payments.errors import PaymentClosed

    expire_payments(now=later)
    with pytest.raises(PaymentClosed):
        open_intent(payment_id=order.payment.pk, now=later)


def test_command_says_what_it_did(order):
    order.pay()
    out = StringIO()
    call_command("reconcile_payments", stdout=out)
    assert out.getvalue().startswith("1 open payment(s) looked at: 1 paid, 0 expired, 0 to be tried again")


def test_missing_confirmation_is_sent_late(order, moment, mailoutbox):
    order.pay()
    order.deliver()
    assert mailoutbox == []  # this test never commits: the mail is still to come
    assert reconcile(now=moment + timedelta(minutes=11)).confirmations == 1
    assert reconcile(now=moment + timedelta(minutes=12)).confirmations == 0
    assert [message.subject for message in mailoutbox] == ["Your order SK-100001 at Storefront"]
