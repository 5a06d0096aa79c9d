"""The way back to an order without an account."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from tests.payments.shopper import make_product

pytestmark = pytest.mark.django_db
FIND = "/account/find-order/"


@pytest.fixture(autouse=True)
def _nobody_asked_yet():
    cache.clear()


@pytest.fixture
def ask(client, django_capture_on_commit_callbacks):
    """Ask by the form, and return the mails that came of it."""

    def ask(email, **headers):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            response = client.post(FIND, {"email": email}, headers=headers)
        assert response.status_code == 302, response.content
        assert response.url == reverse("customer:find-order-asked")
        return list(mail.outbox)

    return ask


@pytest.fixture
def order(shopper):
    shopper.add(make_product())
    shopper.open_checkout()
    return shopper.order().payment.order


def test_a_guest_is_led_to_every_order_of_the_address(client, ask, order):
    (message,) = ask("Anna@Example.test ")
    assert message.to == ["anna@example.test"]
    (link,) = re.findall(r"https?://\S+", message.body)
    assert order.number in message.body
    page = client.get(link[link.index("/", 8) :])
    assert page.status_code == 200
    assert order.number in page.content.decode()
    assert link in message.alternatives[0].content


def test_a_stranger_learns_nothing(client, ask, order):
    assert ask("nobody@example.test") == []
    assert b"anna" not in client.get(reverse("customer:find-order-asked")).content


def test_nobody_is_written_to_twice_in_ten_minutes(ask, order):
    assert len(ask("anna@example.test")) == 1
    assert ask("ANNA@example.test") == []


def test_orders_of_an_account_are_found_by_its_address(ask, order):
    anna = get_user_model().objects.create_user("anna.lind@example.test", "a long pass phrase")
    type(order).objects.filter(pk=order.pk).update(user=anna, guest_email="")
    (message,) = ask(anna.email)
    assert order.number in message.body


def test_old_and_erased_orders_are_not_told(ask, order):
    rows = type(order).objects.filter(pk=order.pk)
    rows.update(date_placed=timezone.now() - timedelta(days=3 * 366))
    assert ask("anna@example.test") == []
    cache.clear()
    rows.update(date_placed=timezone.now(), guest_email="")
    assert ask("anna@example.test") == []


def test_other_sites_cannot_ask(client, order):
    assert (
        client.post(
            FIND, {"email": "anna@example.test"}, headers={"Sec-Fetch-Site": "cross-site"}
        ).status_code
        == 403
    )


def test_no_address_is_asked_for_again(client, db):
    response = client.post(FIND, {"email": "anna"})
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()


def test_the_form_needs_no_cookie(client, db):
    response = client.get(FIND)
    assert response.status_code == 200
    assert not response.cookies
