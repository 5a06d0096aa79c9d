"""The withdrawal function: reachable everywhere in the EU, two steps, no sign-in, acknowledged with date and time."""

import re
from uuid import uuid4

import pytest
from django.core import mail

from storefront.markets.services.markets import ensure_markets
from storefront.withdrawals.models import Withdrawal
from tests.catalogue.factories import make_single
from tests.catalogue.orders import make_paid_order

pytestmark = pytest.mark.django_db
ADDRESS = "/de-en/withdraw/"


@pytest.fixture(autouse=True)
def _markets():
    ensure_markets()


@pytest.fixture
def order(django_user_model):
    user = django_user_model.objects.create_user("ada@example.test", "secret")
    return make_paid_order(make_single("Lamp"), user=user)


@pytest.fixture
def send(client, django_capture_on_commit_callbacks):
    def send(path=ADDRESS, **data):
        filled = {
            "name": "Ada Lind",
            "email": "ada@example.test",
            "order_number": "SK-1",
            "scope": "whole",
            "items": "",
            "token": str(uuid4()),
        } | data
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(path, filled)

    return send


def test_every_page_of_an_eu_market_leads_there_and_none_of_the_us(client):
    assert re.search(
        r'href="/de-en/withdraw/"[^>]*>\s*Withdraw from contract here',
        client.get("/de-en/basket/").content.decode(),
    )
    assert "Withdraw from contract here" not in client.get("/basket/").content.decode()


def test_first_step_declares_nothing_and_shows_what_would_be_declared(send):
    answer = send(scope="some", items="1 lamp")
    page = answer.content.decode()
    assert "I, Ada Lind, withdraw from the contract about order SK-1." in page
    assert "1 lamp" in page and "Confirm withdrawal" in page
    assert not Withdrawal.objects.exists() and not mail.outbox


def test_second_step_is_kept_and_acknowledged_with_date_and_time(send, order):
    answer = send(confirm="1", order_number=f" #{order.number} ", scope="some", items="1 lamp")
    row = Withdrawal.objects.get()
    assert answer["Location"] == "/de-en/withdraw/received/"
    assert (row.order, row.order_number, row.items, row.market_code) == (order, order.number, "1 lamp", "de")
    (message,) = mail.outbox
    assert message.to == ["ada@example.test"]
    assert f"{row.received_at:%H:%M} UTC" in message.body
    assert "1 lamp" in message.body
    assert row.acknowledged_at is not None


def test_the_same_form_sent_twice_is_one_withdrawal(send):
    token = str(uuid4())
    for _number in range(2):
        send(confirm="1", token=token)
    assert (Withdrawal.objects.count(), len(mail.outbox)) == (1, 1)


def test_a_stranger_learns_nothing_of_an_order_and_is_taken_all_the_same(send, order):
    known = send(confirm="1", order_number=order.number)
    other = send(confirm="1", order_number=order.number, email="eve@example.test")
    unknown = send(confirm="1", order_number="SK-404", email="eve@example.test")
    assert {answer["Location"] for answer in (known, other, unknown)} == {"/de-en/withdraw/received/"}
    assert list(Withdrawal.objects.order_by("pk").values_list("order", flat=True)) == [order.pk, None, None]


def test_what_is_missing_is_named_at_its_field(send):
    page = send(scope="some", items=" ", name="").content.decode()
    assert "Name the items you withdraw from." in page
    assert page.count("field__error") >= 2


def test_going_back_keeps_what_was_filled_in(send):
    page = send(change="1").content.decode()
    assert 'value="Ada Lind"' in page and "Continue" in page


def test_form_on_another_site_is_refused(client):
    assert client.post(ADDRESS, {}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_german_mail_is_german(send):
    send(path="/de/withdraw/", confirm="1")
    assert mail.outbox[0].subject.startswith("Ihr Widerruf")


def test_merchant_reads_it_and_marks_it_as_dealt_with(send, client, order, django_user_model):
    send(confirm="1", order_number=order.number)
    row = Withdrawal.objects.get()
    client.force_login(django_user_model.objects.create_superuser(email="staff@example.test", password="x"))
    assert "Ada Lind" in client.get("/admin/withdrawals/").content.decode()
    page = client.get(f"/admin/withdrawals/inspect/{row.pk}/").content.decode()
    assert "within 14 days" in page and order.number in page
    for _number in range(2):
        client.post(f"/admin/withdrawals/{row.pk}/handled/")
    row.refresh_from_db()
    assert row.handled_at is not None
    assert client.get(f"/admin/withdrawals/edit/{row.pk}/").status_code in (302, 403, 404)
