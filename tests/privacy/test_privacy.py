"""A customer's own data: the file, and what is left after erasing."""

import json
import re
import time
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model

from storefront.markets.services.markets import ensure_markets
from storefront.newsletter.models import Subscription
from storefront.privacy.links import VALID_FOR, make_token
from storefront.stock_alerts.models import StockAlert
from tests.catalogue.factories import make_single
from tests.catalogue.orders import make_paid_order
from tests.privacy.conftest import PASSWORD

pytestmark = pytest.mark.django_db
ERASE, YOUR_DATA, SEND_LINK = "/account/profile/delete/", "/account/your-data/", "/account/your-data/link/"


@pytest.fixture(autouse=True)
def _nobody_asked_yet():
    cache.clear()


def mailed_link(client, path=SEND_LINK):
    mail.outbox.clear()
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert client.post(path).status_code == 302
    (message,) = mail.outbox
    (link,) = re.findall(r"https?://\S+", message.body)
    assert link in message.alternatives[0].content
    return urlsplit(link).path


def download(client):
    return client.get(mailed_link(client))


def read(client):
    response = download(client)
    assert response.status_code == 200
    return json.loads(response.content)


def test_the_file_has_everything_the_shop_knows(signed_in, full, credit):
    signed_in.cookies["consent"] = f"{full['choice'].token}.statistics"
    data = read(signed_in)

    assert [name for name, found in data.items() if not found] == ["withdrawals", "baskets", "notifications"]
    (order,) = data["orders"]
    assert (order["number"], order["lines"][0]["title"]) == (full["order"].number, "Lamp")
    assert order["delivery_address"]["phone_number"] == "+49301234567"
    assert order["billing_address"]["country"] == "DE"
    assert data["profile"]["email"] == "anna@example.test"
    assert data["reviews"][0] | {"date_created": ""} == {
        "product": "Lamp",
        "score": 5,
        "title": "Good",
        "body": "Bright.",
        "status": 1,
        "date_created": "",
    }
    assert data["wishlists"][0]["products"] == [{"title": "Lamp", "quantity": 1}]
    assert data["newsletter"][0]["consent_text"] == "Yes."
    assert data["stock_alerts"][0]["product"] == "Lamp"
    assert data["store_credit"][0]["balance"] == "12.500"
    assert data["consents"][0]["purposes"] == ["statistics"]
    assert data["mails"][0]["subject"] == "Your order"


def test_the_file_is_for_nobody_else(client, signed_in, full, django_user_model):
    link = mailed_link(signed_in)
    response = signed_in.get(link)
    assert response["Content-Disposition"].startswith('attachment; filename="data-')
    assert "no-store" in response["Cache-Control"] and "private" in response["Cache-Control"]

    client.force_login(django_user_model.objects.create_user("eve@example.test", "secret"))
    assert client.get(link).url == YOUR_DATA
    assert "not for this account" in client.get(YOUR_DATA).content.decode()
    assert read(client)["orders"] == []
    client.logout()
    assert client.get(link).url.startswith("/account/login/")


def test_the_file_needs_the_mailbox_and_not_the_account_alone(signed_in, anna, monkeypatch):
    link = mailed_link(signed_in)
    assert mail.outbox[0].to == ["anna@example.test"]
    anna.email = "somebody.else@example.test"
    anna.save()
    assert signed_in.get(link).status_code == 302, "the mailbox of today is not proved"

    with monkeypatch.context() as earlier:
        made = time.time() - VALID_FOR.total_seconds() - 60
        earlier.setattr("django.core.signing.time.time", lambda: made)
        old = make_token(anna)
    assert signed_in.get(f"/account/your-data/download/{old}/").status_code == 302
    assert signed_in.get(f"/account/your-data/download/{make_token(anna)}/").status_code == 200
    assert signed_in.get(SEND_LINK).status_code == 405


def test_the_link_is_mailed_once_a_minute_in_the_words_of_the_page(signed_in):
    ensure_markets()
    assert mailed_link(signed_in, "/de" + SEND_LINK).startswith("/de/account/your-data/download/")
    assert "Stunde" in mail.outbox[0].body
    signed_in.post(SEND_LINK)
    assert len(mail.outbox) == 1


def test_the_file_takes_as_many_queries_for_many_orders(signed_in, anna, full):
    link = mailed_link(signed_in)

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert signed_in.get(link).status_code == 200
        return len(queries)

    count()  # the first one also reads the editions
    few = count()
    for number in range(3):
        make_paid_order(make_single(f"Lamp {number}"), user=anna)
    assert count() == few


def test_erasing_leaves_what_tax_law_asks_for_and_no_way_to_the_person(signed_in, anna, full):
    assert signed_in.post(ERASE, {"password": PASSWORD}).url == "/"

    assert not type(anna).objects.filter(email=anna.email).exists()
    order = get_model("order", "Order").objects.get(number=full["order"].number)
    assert (order.user, order.guest_email) == (None, "")
    assert order.lines.get().title == "Lamp"
    assert order.billing_address.last_name == "Lind"
    assert (str(order.shipping_address.phone_number), order.shipping_address.notes) == ("", "")
    full["lamp"].refresh_from_db()
    assert full["lamp"].rating is None
    for model in (Subscription, StockAlert):
        assert not model.objects.exists()
    for label in (("address", "UserAddress"), ("wishlists", "WishList"), ("communication", "Email")):
        assert not get_model(*label).objects.exists()
    assert "_auth_user_id" not in signed_in.session


def test_wrong_password_erases_nothing(signed_in, anna, full):
    assert signed_in.post(ERASE, {"password": "wrong"}).status_code == 200
    assert type(anna).objects.filter(email=anna.email).exists()
    assert Subscription.objects.exists()


def test_order_on_its_way_keeps_the_account(signed_in, anna, full):
    order = make_paid_order(make_single("Chair"), user=anna)
    page = signed_in.post(ERASE, {"password": PASSWORD}).content.decode()

    assert order.number in page and "not finished" in page
    assert type(anna).objects.filter(email=anna.email).exists()
    assert Subscription.objects.exists() and full["lamp"].reviews.exists()


def test_store_credit_leaves_an_account_without_a_name(signed_in, anna, full, credit):
    assert "€12.50" in signed_in.get(ERASE).content.decode()
    signed_in.post(ERASE, {"password": PASSWORD})

    anna.refresh_from_db()
    credit.refresh_from_db()
    assert (anna.email, anna.get_full_name()) == (f"erased-{anna.pk}@erased.invalid", "")
    assert not anna.is_active and not anna.has_usable_password()
    assert credit.is_blocked
    assert not get_model("order", "Order").objects.filter(user=anna).exists()


def test_staff_are_not_erased_by_themselves(client, django_user_model):
    staff = django_user_model.objects.create_superuser("staff@example.test", PASSWORD)
    client.force_login(staff)

    assert "administrator" in client.post(ERASE, {"password": PASSWORD}).content.decode()
    assert django_user_model.objects.filter(pk=staff.pk).exists()


def test_page_says_what_is_kept_and_why(signed_in):
    page = signed_in.get("/account/your-data/").content.decode()

    assert "tax law" in page and SEND_LINK in page and ERASE in page
    assert 'href="/account/your-data/" aria-current="page"' in page
