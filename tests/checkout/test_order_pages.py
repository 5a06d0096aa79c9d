"""An order's pages open by its link, for guests too, and for nobody without it."""

import re

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from storefront.payments.services import send_confirmation
from tests.payments.shopper import make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(shopper):
    shopper.add(make_product(title="Watering can", price="19.99"), quantity=2)
    return shopper.order()


@pytest.fixture
def paid(order):
    order.pay()
    order.deliver()
    return order


def text_of(answer):
    return answer.content.decode()


def test_guest_comes_back_to_a_thank_you_page(order):
    order.pay()
    answer = order.shopper.come_back(order)
    assert answer.url == f"/checkout/thank-you/{order.token}/"
    page = text_of(order.shopper.client.get(answer.url))
    for word in ("Thank you, Anna", "SK-100001", "Watering can", "$39.98", "14 Linden Street", "Visa 4242"):
        assert word in page


def test_link_opens_the_order_in_another_browser(paid):
    answer = Client().get(f"/checkout/order/{paid.token}/")
    assert "We are packing your order" in text_of(answer)
    assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("page", ["order", "thank-you", "pay"])
def test_forged_link_opens_nothing(order, page):
    for token in ("SK-100001", "SK-100001:forged", order.token[:-1] + "x", order.token.replace("1:", "2:")):
        assert Client().get(f"/checkout/{page}/{token}/").status_code == 404


def test_no_address_of_the_checkout_shows_a_crawler_anything_to_list(order):
    """robots.txt lets crawlers in, so that they can read this: without a basket there is no page but an order's own."""
    for route in apps.get_app_config("checkout").get_urls():
        is_of_an_order = "<str:token>" in str(route.pattern)
        answer = Client().get(reverse(f"checkout:{route.name}", args=[order.token] if is_of_an_order else []))
        if is_of_an_order:
            assert answer.headers["X-Robots-Tag"] == "noindex", route
            assert answer.status_code != 200 or 'name="robots" content="noindex"' in text_of(answer), route
        else:
            assert answer.status_code in (302, 405), route


def test_return_with_another_client_secret_is_refused(order):
    order.pay()
    answer = order.shopper.come_back(order, payment_intent_client_secret=f"{order.intent_id}_secret_guess")
    assert answer.status_code == 404
    assert order.payment.state == "awaiting"


def test_return_without_a_client_secret_is_refused(paid):
    assert Client().get("/payments/return/", {"payment_intent": paid.intent_id}).status_code == 404


def test_return_believes_stripe_and_not_the_address(order):
    answer = order.shopper.come_back(order, redirect_status="succeeded")
    assert order.payment.state == "awaiting"
    assert "The payment did not go through" in text_of(order.shopper.client.get(answer.url))


def test_return_while_stripe_is_away_shows_the_order_all_the_same(order, standin):
    order.pay()
    standin.fail_next("drop", path="/v1/payment_intents/*", times=2)
    answer = order.shopper.come_back(order)
    assert answer.status_code == 302
    assert "Not paid yet" in text_of(order.shopper.client.get(answer.url))
    assert "Thank you, Anna" in text_of(order.shopper.client.get(answer.url))


def test_return_while_stripe_is_away_shows_no_stranger_the_order(order, standin):
    standin.fail_next("drop", path="/v1/payment_intents/*")
    answer = Client().get(
        "/payments/return/", {"payment_intent": order.intent_id, "payment_intent_client_secret": "guess"}
    )
    assert (answer.status_code, "SK-100001" in text_of(answer)) == (503, False)


def test_paid_order_is_not_paid_again(paid):
    assert paid.shopper.client.get(f"/checkout/pay/{paid.token}/").url == f"/checkout/thank-you/{paid.token}/"
    answer = paid.shopper.client.post(f"/checkout/pay/{paid.token}/", headers={"Accept": "application/json"})
    assert answer.json() == {"redirect": f"/checkout/thank-you/{paid.token}/"}


def test_mail_says_what_was_bought_and_leads_back(paid, mailoutbox, settings):
    assert send_confirmation.call(paid.payment.pk) is True
    assert send_confirmation.call(paid.payment.pk) is False
    [message] = mailoutbox
    assert (message.to, message.subject) == (["anna@example.test"], "Your order SK-100001 at Storefront")
    [(html, kind)] = message.alternatives
    assert kind == "text/html"
    for body in (message.body, html):
        for word in ("Watering can", "$39.98", "Free", "Visa 4242", "14 Linden Street", "no money moves"):
            assert word in body
    link = re.search(r"https?://\S+/checkout/order/\S+/", message.body)[0]
    assert link.startswith(settings.WAGTAILADMIN_BASE_URL)
    path = link.removeprefix(settings.WAGTAILADMIN_BASE_URL)
    assert Client().get(path).status_code == 200


def test_mail_is_in_the_language_of_the_checkout(shopper, mailoutbox):
    shopper.client.cookies["django_language"] = "de"
    shopper.add(make_product(price="19.99"), quantity=2)
    order = shopper.order()
    order.pay()
    order.deliver()
    send_confirmation.call(order.payment.pk)
    assert "39,98\xa0$" in mailoutbox[0].body
    assert "Vereinigte Staaten" in mailoutbox[0].body


def test_no_mail_before_the_money(order, mailoutbox):
    assert send_confirmation.call(order.payment.pk) is False
    assert mailoutbox == []
