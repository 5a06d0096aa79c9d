"""Orders in the back office: their money, their status, their notes."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model

from storefront.payments.models import PaymentState
from tests.back_office.shop import make_order, make_payment, make_user

pytestmark = pytest.mark.django_db
ORDERS = "/admin/shop/orders/"


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def order_page(owner):
    return lambda order: text_of(owner.get(reverse("dashboard:order-detail", args=[order.number])))


def test_paid_order_says_when_it_was_paid_and_by_which_payment(order_page):
    order = make_order("S-100001", status="Paid")
    make_payment(order, state=PaymentState.PAID, intent_id="pi_3PaidByCard")
    page = order_page(order)
    assert "Nov. 21, 2026, 10:30 a.m." in page
    assert "<code>pi_3PaidByCard</code>" in page
    assert '<span class="w-status w-status--label"> Paid </span>' in page


def test_unpaid_order_says_how_long_its_stock_is_kept(order_page):
    order = make_order("S-100001")
    make_payment(order)
    page = order_page(order)
    assert "Awaiting payment" in page
    assert "Stock kept until" in page


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (PaymentState.CANCELLED, "Cancelled"),
        (PaymentState.EXPIRED, "Not paid in time"),
        (PaymentState.MISMATCH, "Paid, but not what was agreed"),
        (PaymentState.NEEDS_REFUND, "Paid after the order was canceled"),
    ],
)
def test_every_state_of_a_payment_is_said_in_words(order_page, state, words):
    order = make_order("S-100001")
    make_payment(order, state=state)
    assert words in order_page(order)


def test_order_without_a_payment_is_read_from_its_status(order_page):
    assert "Awaiting payment" in order_page(make_order("S-100001"))


def test_list_shows_status_and_payment_of_each_order(owner):
    make_payment(make_order("S-100001", status="Cancelled"), state=PaymentState.NEEDS_REFUND)
    page = text_of(owner.get(ORDERS))
    assert '<span class="w-status w-status--critical"> Canceled </span>' in page
    assert '<span class="w-status w-status--critical"> Paid after the order was canceled </span>' in page


def test_fulfilment_marks_an_order_shipped(packer):
    order = make_order("S-100001", status="Paid")
    address = reverse("dashboard:order-detail", args=[order.number])
    page = packer.post(address, {"order_action": "change_order_status", "new_status": "Shipped"}, follow=True)
    order.refresh_from_db()
    assert order.status == "Shipped"
    assert order.lines.get().status == "Shipped"
    assert 'class="success"' in page.content.decode()


@pytest.fixture
def onlooker(db):
    user = make_user("onlooker@example.test")
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_order"]))
    client = Client()
    client.force_login(user, backend="oscar.apps.customer.auth_backends.EmailBackend")
    return client


def test_whoever_may_only_see_orders_changes_none(onlooker):
    order = make_order("S-100001", status="Paid")
    address = reverse("dashboard:order-detail", args=[order.number])
    assert onlooker.get(address).status_code == 200
    one = onlooker.post(address, {"order_action": "change_order_status", "new_status": "Shipped"})
    many = onlooker.post(
        ORDERS, {"action": "change_order_statuses", "new_status": "Shipped", "selected_order": [order.pk]}
    )
    assert (one.url, many.url) == ("/admin/", "/admin/")
    order.refresh_from_db()
    assert order.status == "Paid"


def test_whoever_may_see_orders_downloads_them(onlooker):
    order = make_order("S-100001")
    answer = onlooker.post(ORDERS, {"action": "download_selected_orders", "selected_order": [order.pk]})
    assert answer["Content-Type"] == "text/csv"
    assert "S-100001" in answer.content.decode()


def test_note_is_kept_with_who_wrote_it(packer):
    order = make_order("S-100001")
    address = reverse("dashboard:order-detail", args=[order.number])
    packer.post(address, {"order_action": "save_note", "message": "Call first."})
    note = get_model("order", "OrderNote").objects.get()
    assert (note.message, note.user.email) == ("Call first.", "packer@example.test")


def test_payment_events_are_not_made_by_hand(order_page):
    assert "create_payment_event" not in order_page(make_order("S-100001"))


def test_nobody_makes_an_order_paid_by_hand(owner):
    order = make_order("S-100001")
    make_payment(order)
    answer = change_status(owner, order, "Paid")
    assert "Only its payment makes an order paid." in text_of(answer)
    order.refresh_from_db()
    assert order.status == "Awaiting payment"


def test_what_is_not_paid_as_agreed_is_not_shipped(owner):
    order = make_order("S-100001", status="Paid")
    make_payment(order, state=PaymentState.MISMATCH)
    answer = change_status(owner, order, "Shipped")
    assert "This order is not paid as agreed: Paid, but not what was agreed." in text_of(answer)
    order.refresh_from_db()
    assert order.status == "Paid"


def change_status(client, order, status):
    address = reverse("dashboard:order-detail", args=[order.number])
    return client.post(address, {"order_action": "change_order_status", "new_status": status}, follow=True)
