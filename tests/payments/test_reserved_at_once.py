"""One takes reserved money while another lets it go, and two tabs open Stripe's page: one outcome, once."""

from time import sleep

import pytest
from django.test import Client
from oscar.apps.order.exceptions import InvalidOrderStatus
from oscar.apps.payment.exceptions import PaymentError as ShippingRefused
from oscar.core.loading import get_class, get_model

from storefront.payments.errors import CaptureRefused
from storefront.payments.models import Capture, CaptureTime, Finding, Payment, PaymentPage, PaymentSetup
from storefront.payments.services import capture_payment, reconcile, release_payment
from tests.payments.books_agree import assert_books_agree
from tests.payments.merchant import make_staff
from tests.payments.shopper import HostedOrder, Shopper, make_product, stock_of
from tests.payments.test_concurrency import at_once

Order = get_model("order", "Order")
pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 10
# Close together, and with a lead for each, so that each is first in some round.
HEAD_STARTS_SECONDS = ((0, 0), (0.01, 0), (0.04, 0), (0.5, 0), (0, 0.5))


@pytest.fixture
def clerk():
    return make_staff("payments.capture_payment")


def reserve(standin, product):
    """Return an order whose money is reserved."""
    shopper = Shopper(standin, Client())
    shopper.add(product)
    order = shopper.order()
    order.pay()
    order.deliver("payment_intent.amount_capturable_updated")
    assert order.payment.is_authorised
    return order


def test_capture_against_release_ends_in_one_of_the_two(standin, clerk, moment):
    PaymentSetup.objects.create(capture=CaptureTime.WHEN_SENT)
    product = make_product(stock=ROUNDS)

    def take(payment):
        try:
            capture = capture_payment(payment_id=payment.pk, amount=payment.amount, by=clerk, now=moment)
        except CaptureRefused:
            return "refused"
        return capture.state

    def release(payment):
        try:
            return release_payment(payment_id=payment.pk, by=clerk, now=moment).state
        except CaptureRefused:
            return "refused"

    outcomes = []
    for number in range(ROUNDS):
        payment = reserve(standin, product).payment
        take_after, release_after = HEAD_STARTS_SECONDS[number % len(HEAD_STARTS_SECONDS)]
        calls = [
            lambda p=payment, wait=take_after: sleep(wait) or take(p),
            lambda p=payment, wait=release_after: sleep(wait) or release(p),
        ] * 2
        answers = at_once(*calls)
        payment.refresh_from_db()
        outcomes.append(payment.state)
        assert payment.state in ("paid", "cancelled", "expired"), answers
        assert ("done" in answers) == (payment.state == "paid"), answers
        assert not Capture.objects.filter(payment=payment, state="requested").exists()
        assert Capture.objects.filter(payment=payment, state="done").count() == (payment.state == "paid")
        assert len(standin.events("charge.captured")) == outcomes.count("paid")
        assert payment.order.status == ("Paid" if payment.state == "paid" else "Cancelled")
    assert_books_agree(standin)
    assert stock_of(product) == (ROUNDS, outcomes.count("paid"))
    reconcile(now=moment)
    assert_books_agree(standin)
    assert 0 < outcomes.count("paid") < ROUNDS, outcomes


@pytest.mark.parametrize("by", ["release", "cancel"])
def test_shipment_against_release_ends_in_one_of_the_two(standin, clerk, moment, by):
    """Whichever locks the order first wins; the other is told why. Nothing is ever sent without its money."""
    PaymentSetup.objects.create(capture=CaptureTime.WHEN_SENT)
    product = make_product(stock=ROUNDS)
    handler = get_class("order.processing", "EventHandler")

    def change(order, status):
        try:
            handler(clerk).handle_order_status_change(order, status)
        except (ShippingRefused, InvalidOrderStatus) as error:
            return str(error)
        return ""

    def release(order):
        try:
            payment = release_payment(payment_id=order.payment.pk, by=clerk, now=moment)
        except CaptureRefused as error:
            return str(error)
        return "Taken already. Nothing was changed." if payment.is_paid else ""

    def let_go(order):
        return release(order) if by == "release" else change(order, "Cancelled")

    outcomes = []
    for number in range(ROUNDS):
        order_id = reserve(standin, product).payment.order_id
        ours, theirs = (Order.objects.get(pk=order_id) for _ in range(2))
        ship_after, let_go_after = HEAD_STARTS_SECONDS[number % len(HEAD_STARTS_SECONDS)]
        refusals = at_once(
            lambda o=ours, wait=ship_after: sleep(wait) or change(o, "Shipped"),
            lambda o=theirs, wait=let_go_after: sleep(wait) or let_go(o),
        )
        assert sorted(map(bool, refusals)) == [False, True], refusals
        assert "Nothing was changed" in max(refusals) or "not a valid status" in max(refusals)
        outcomes.append(Order.objects.get(pk=order_id).status)
    reconcile(now=moment)
    assert_books_agree(standin)
    ended = set(Payment.objects.values_list("state", "order__status"))
    assert ended <= {("paid", "Shipped"), ("cancelled", "Cancelled"), ("expired", "Cancelled")}
    assert not Finding.objects.filter(kind="capture_failed").exists()
    assert set(outcomes) == {"Shipped", "Cancelled"}, outcomes


@pytest.mark.parametrize("minutes", [60, 20])
def test_pages_opened_at_once_are_one_page_paid_once(standin, settings, minutes):
    """With twenty minutes the page outlives the order, and its end is counted from the first try."""
    settings.STRIPE_RETRIES, settings.PAYMENT_EXPIRY_MINUTES = 2, minutes
    PaymentSetup.objects.create(page=PaymentPage.AT_STRIPE)
    product = make_product(stock=ROUNDS)
    for _ in range(ROUNDS // 2):
        shopper = Shopper(standin, Client())
        shopper.add(product)
        order = HostedOrder(shopper, shopper.send(shopper.form()).json()["redirect"])
        tabs = [HostedOrder(Shopper(standin, Client()), order.address) for _ in range(4)]
        pages = {answer["Location"] for answer in at_once(*(tab.open for tab in tabs))}
        assert len(pages) == 1
        assert pages.pop().startswith(standin.base_url)
        order.pay()
        session = next(s for s in standin.every("checkout.session") if s["id"] == order.session_id)
        back = session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])
        assert {a.status_code for a in at_once(*(lambda t=tab, b=back: t.come_back(b) for tab in tabs))} == {
            302
        }
        assert order.payment.is_paid
    sessions = standin.every("checkout.session")
    assert [session["status"] for session in sessions] == ["complete"] * (ROUNDS // 2)
    assert_books_agree(standin)
