"""What customers see of their orders, and of nobody else's."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.account.test_signing_in import register

pytestmark = pytest.mark.django_db


def test_orders_are_listed_newest_first(signed_in, anna, make_order):
    make_order(number="10001", user=anna, status="Shipped")
    make_order(number="10002", user=anna)
    html = signed_in.get("/account/orders/").content.decode()
    assert html.index("10002") < html.index("10001")
    assert "On its way" in html
    assert "Awaiting payment" in html


def test_order_list_asks_the_same_queries_for_two_and_for_twenty(signed_in, anna, make_order):
    for number in range(2):
        make_order(number=f"1{number:04}", user=anna, line_count=2)
    signed_in.get("/account/orders/")
    with CaptureQueriesContext(connection) as of_two:
        signed_in.get("/account/orders/")
    for number in range(2, 20):
        make_order(number=f"1{number:04}", user=anna, line_count=2)
    with CaptureQueriesContext(connection) as of_twenty:
        html = signed_in.get("/account/orders/").content.decode()
    assert html.count('class="order-card"') == 20
    assert len(of_twenty) == len(of_two)


def test_order_shows_what_was_agreed(signed_in, anna, make_order):
    order = make_order(number="10001", user=anna, line_count=3, status="Paid")
    html = signed_in.get("/account/orders/10001/").content.decode()
    assert html.count('class="line line--small"') == 3
    assert "12 Harbour Street" in html
    assert "3 Mill Lane" in html
    assert html.count('data-state="done"') == 2
    assert html.count('data-state="now"') == 1
    assert str(order.total_incl_tax) in html


def test_order_that_awaits_payment_leads_to_it(signed_in, anna, make_order):
    order = make_order(number="10001", user=anna)
    address = f"/checkout/pay/{order.verification_hash()}/"
    assert address in signed_in.get("/account/orders/").content.decode()
    order.set_status("Paid")
    assert "/checkout/pay/" not in signed_in.get("/account/orders/").content.decode()


def test_order_of_somebody_else_is_not_found(signed_in, bert, make_order):
    make_order(number="20001", user=bert)
    assert signed_in.get("/account/orders/20001/").status_code == 404
    assert "20001" not in signed_in.get("/account/orders/").content.decode()


def test_order_of_a_guest_is_not_found(signed_in, anna, make_order):
    make_order(number="20001", guest_email=anna.email)
    assert signed_in.get("/account/orders/20001/").status_code == 404


def test_strangers_are_sent_to_the_door(client, anna, make_order):
    make_order(number="10001", user=anna)
    response = client.get("/account/orders/10001/")
    assert response.url == "/account/login/?next=/account/orders/10001/"


def test_registering_with_a_guests_address_shows_none_of_their_orders(client, make_order):
    make_order(number="20001", guest_email="guest@example.test")
    register(client, email="guest@example.test")
    html = client.get("/account/orders/").content.decode()
    assert "No orders yet" in html
    assert "20001" not in html


def test_guest_sees_the_order_by_link_and_address_together(client, make_order):
    order = make_order(number="20001", guest_email="guest@example.test", status="Paid")
    link = f"/account/order-status/20001/{order.verification_hash()}/"
    form = client.get(link).url
    assert "Order not found" in client.post(form, {"email": "wrong@example.test"}).content.decode()
    html = client.post(form, {"email": "guest@example.test"}, follow=True).content.decode()
    assert "Paid, being packed" in html
    assert client.get("/account/order-status/20001/20001:forged/").status_code == 302


def test_order_is_found_by_its_number(signed_in, anna, make_order):
    make_order(number="10001", user=anna)
    response = signed_in.get("/account/orders/", {"date_from": "", "order_number": "10001"})
    assert response.url == "/account/orders/10001/"
    missing = signed_in.get("/account/orders/", {"date_from": "", "order_number": "99999"})
    assert "No order has this number" in missing.content.decode()


def test_articles_go_into_the_basket_again(signed_in, anna, make_order):
    make_order(number="10001", user=anna, line_count=2, status="Shipped")
    assert signed_in.post("/account/orders/10001/", {"action": "reorder"}).url == "/basket/"
    assert signed_in.get("/basket/").wsgi_request.basket.num_lines == 2
