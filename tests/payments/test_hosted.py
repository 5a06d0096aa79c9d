"""Stripe's own page as the second front door: the order first, one session, the same settling."""

import contextlib
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
import requests
from django.test import Client

from storefront.payments.errors import GatewayError
from storefront.payments.models import CaptureTime, Payment, PaymentPage, PaymentSetup
from storefront.payments.services import ReturnAddresses, open_session, reconcile
from tests.payments.books_agree import assert_books_agree
from tests.payments.merchant import deliver_new
from tests.payments.shopper import make_product, stock_of, stripe_client
from tests.servers.stripe.errors import ApiError
from tests.servers.stripe.faults import KINDS

pytestmark = pytest.mark.django_db
ADDRESSES = ReturnAddresses(
    paid="https://shop.example.test/?session_id={CHECKOUT_SESSION_ID}", back="https://shop.example.test/"
)


@pytest.fixture(autouse=True)
def _at_stripe():
    PaymentSetup.objects.create(page=PaymentPage.AT_STRIPE)


@pytest.fixture
def product():
    return make_product(price="10.00", stock=5)


@pytest.fixture
def placed(shopper, product):
    """An order of two pieces, its payment page opened; what the browser is told on the way."""
    shopper.add(product, quantity=2)
    answer = shopper.send(shopper.form()).json()
    assert set(answer) == {"redirect"}
    shopper.go = answer["redirect"]
    page = shopper.client.get(answer["redirect"])
    shopper.page_url = page["Location"]
    return Payment.objects.get()


def session_of(standin, payment):
    payment.refresh_from_db()
    return next(s for s in standin.every("checkout.session") if s["id"] == payment.session_id)


def come_back(shopper, session):
    address = urlsplit(session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"]))
    return shopper.client.get(f"{address.path}?{address.query}")


def test_page_asks_for_exactly_the_orders_amount_line_by_line(placed, standin):
    session = session_of(standin, placed)
    assert Decimal(session["amount_total"]) / 100 == placed.amount == Decimal("24.95")
    lines = standin.store.get("note", session["id"])["lines"]
    assert [(line["price_data"]["product_data"]["name"], line["quantity"]) for line in lines] == [
        ("Watering can", "2"),
        ("Standard delivery", "1"),
    ]
    assert session["expires_at"] == int(placed.expires_at.timestamp())
    assert session["metadata"] == {
        "payment": placed.reference.hex,
        "order": placed.order.number,
        "shop": "Storefront",
    }


def test_paid_page_settles_by_the_return_page(shopper, placed, standin):
    standin.pay_session(session_of(standin, placed)["id"])
    answer = come_back(shopper, session_of(standin, placed))
    assert "/thank-you/" in answer.url
    placed.refresh_from_db()
    assert (placed.state, placed.order.status) == ("paid", "Paid")
    assert_books_agree(standin)


@pytest.mark.parametrize("type_", ["payment_intent.succeeded", "checkout.session.completed"])
def test_paid_page_settles_by_either_webhook_once(placed, standin, type_):
    standin.pay_session(session_of(standin, placed)["id"])
    assert deliver_new(standin, type_) == [200]
    assert deliver_new(standin, type_) == [200]
    placed.refresh_from_db()
    assert placed.state == "paid"
    deliver_new(standin, "checkout.session.completed")
    assert_books_agree(standin)


def test_paid_page_settles_by_reconciliation_alone(placed, standin, moment):
    standin.pay_session(session_of(standin, placed)["id"])
    reconcile(now=moment)
    placed.refresh_from_db()
    assert placed.state == "paid"
    assert_books_agree(standin)


def test_declined_then_paid_is_one_order_and_one_intent(placed, standin):
    session = session_of(standin, placed)
    with pytest.raises(ApiError):
        standin.pay_session(session["id"], "pm_card_chargeDeclined")
    deliver_new(standin, "payment_intent.payment_failed")
    standin.pay_session(session["id"])
    deliver_new(standin, "checkout.session.completed")
    placed.refresh_from_db()
    assert placed.state == "paid"
    assert len(standin.every("payment_intent")) == 1
    assert_books_agree(standin)


def test_turned_back_the_shopper_gets_the_same_page_again(shopper, placed, standin):
    page = shopper.client.get(f"/checkout/pay/{shopper.go.split('/')[3]}/")
    assert page.status_code == 200
    assert 'href="' + shopper.go in page.content.decode()
    assert shopper.client.get(shopper.go)["Location"] == shopper.page_url
    assert len(standin.every("checkout.session")) == 1


def test_order_that_expires_closes_the_page_first(placed, product, standin, moment):
    reconcile(now=moment + timedelta(minutes=61))
    placed.refresh_from_db()
    assert (placed.state, session_of(standin, placed)["status"]) == ("expired", "expired")
    assert stock_of(product) == (5, 0)
    with pytest.raises(ApiError):
        standin.expire_session(placed.session_id)


def test_money_that_was_faster_than_the_clock_keeps_the_order(placed, standin, moment):
    standin.pay_session(session_of(standin, placed)["id"])
    reconcile(now=moment + timedelta(minutes=61))
    placed.refresh_from_db()
    assert placed.state == "paid"
    assert_books_agree(standin)


def test_page_stripe_closed_frees_the_stock(placed, product, standin):
    standin.expire_session(session_of(standin, placed)["id"])
    deliver_new(standin, "checkout.session.expired")
    placed.refresh_from_db()
    assert (placed.state, placed.order.status) == ("expired", "Cancelled")
    assert stock_of(product) == (5, 0)


def test_changed_order_closes_the_page_and_brings_the_articles_back(shopper, placed, standin):
    shopper.client.post(f"/checkout/pay/{shopper.go.split('/')[3]}/change/")
    placed.refresh_from_db()
    assert (placed.state, session_of(standin, placed)["status"]) == ("cancelled", "expired")


@pytest.mark.parametrize(
    ("iban", "state", "left"),
    [("DE89370400440532013000", "paid", (10, 1)), ("DE62370400440532013001", "cancelled", (10, 0))],
)
def test_slow_bank_decides_after_the_page_is_left(shopper, standin, iban, state, left):
    product = make_product()
    product.stockrecords.update(price_currency="EUR")
    shopper.add(product)
    shopper.client.get(shopper.send(shopper.form()).json()["redirect"])
    payment = Payment.objects.get()
    method = stripe_client().v1.payment_methods.create(
        {
            "type": "sepa_debit",
            "sepa_debit": {"iban": iban},
            "billing_details": {"name": "Anna Lind", "email": "anna@example.test"},
        }
    )
    standin.pay_session(payment.session_id, method.id)
    deliver_new(standin, "checkout.session.completed")
    payment.refresh_from_db()
    assert payment.state == "processing"
    standin.finish_processing(payment.intent_id, is_paid=state == "paid")
    outcome = "succeeded" if state == "paid" else "failed"
    assert deliver_new(standin, f"checkout.session.async_payment_{outcome}") == [200]
    payment.refresh_from_db()
    assert payment.state == state
    assert stock_of(product) == left


def test_tampered_total_is_no_paid_order(placed, standin):
    session = session_of(standin, placed)
    with standin.store.change():
        stored = standin.store.get("checkout.session", session["id"])
        stored["amount_total"] = 100
        standin.store.put("checkout.session", session["id"], stored)
    standin.pay_session(session["id"])
    deliver_new(standin, "checkout.session.completed")
    placed.refresh_from_db()
    assert (placed.state, placed.order.status) == ("mismatch", "Awaiting payment")


def test_session_of_another_shop_is_ignored(placed, standin):
    made = stripe_client().v1.checkout.sessions.create(
        {
            "mode": "payment",
            "success_url": "https://other.example.test/",
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {"currency": "usd", "unit_amount": 500, "product_data": {"name": "Other"}},
                }
            ],
        }
    )
    standin.pay_session(made.id)
    assert deliver_new(standin, "checkout.session.completed") == [200]
    placed.refresh_from_db()
    assert placed.state == "awaiting"
    answer = Client().get("/payments/return/", {"session_id": made.id})
    assert answer.status_code == 404


def test_reserved_money_is_accepted_here_too(shopper, standin, product):
    setup = PaymentSetup.load()
    setup.capture = CaptureTime.WHEN_SENT
    setup.save()
    shopper.add(product)
    shopper.client.get(shopper.send(shopper.form()).json()["redirect"])
    payment = Payment.objects.get()
    standin.pay_session(payment.session_id)
    deliver_new(standin, "checkout.session.completed")
    payment.refresh_from_db()
    assert (payment.state, payment.order.status) == ("authorised", "Authorised")


def test_hosted_page_of_the_standin_takes_a_shopper_there_and_back(placed, standin):
    session = session_of(standin, placed)
    page = requests.get(session["url"], timeout=10)
    assert "stand-in for Stripe" in page.text
    assert "24.95" in page.text
    declined = requests.post(session["url"], {"number": "4000000000000002"}, timeout=10)
    assert "declined" in declined.text
    paid = requests.post(session["url"], {"number": "4242424242424242"}, timeout=10, allow_redirects=False)
    assert paid.status_code == 303
    assert session["id"] in paid.headers["Location"]


def test_order_page_leads_there_by_a_link_that_needs_no_script(shopper, placed):
    page = shopper.client.get(shopper.go.replace("stripe/", "")).content.decode()
    assert f'href="{shopper.go}" data-pay' in page
    assert "checkout.js" not in page


def test_two_clicks_are_one_page(shopper, placed, standin):
    for _ in range(3):
        open_session(payment_id=placed.pk, addresses=ADDRESSES, now=placed.created_at)
    assert len(standin.every("checkout.session")) == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/checkout/sessions"),
        ("GET", "/v1/checkout/sessions"),
        ("GET", "/v1/checkout/sessions/*"),
        ("POST", "/v1/checkout/sessions/*/expire"),
    ],
)
def test_every_call_may_fail_once(shopper, standin, settings, moment, product, kind, method, path):
    if kind == "timeout":
        settings.STRIPE_TIMEOUT_SECONDS = 1
    if path == "/v1/checkout/sessions" and method == "GET":
        standin.fail_next("error_500_after", path=path, method="POST")
    standin.fail_next(kind, path=path, method=method, seconds=0.1 if kind == "delay" else 1.3)
    for sku in ("paid", "left"):
        shopper.add(make_product(price="20.00", stock=5, sku=sku))
        shopper.send(shopper.form())
    paid, left = Payment.objects.order_by("pk")
    for payment in (paid, left, paid, paid):
        for _ in range(4):
            with contextlib.suppress(GatewayError):
                open_session(payment_id=payment.pk, addresses=ADDRESSES, now=moment)
                break
    paid.refresh_from_db()
    standin.pay_session(paid.session_id)
    for minutes in (0, 10, 70, 80):
        reconcile(now=moment + timedelta(minutes=minutes))
    assert standin.faults.listed() == [], "the call under test was never made"
    paid.refresh_from_db()
    left.refresh_from_db()
    assert (paid.state, left.state) == ("paid", "expired")
    assert_books_agree(standin)
