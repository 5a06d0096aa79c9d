"""The back office prints what an order stored: its sums, its tax by rate, the customer's VAT id."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.markets_money.shopper import make_product

pytestmark = pytest.mark.django_db


def test_order_s_page_shows_market_tax_and_currency(visit, german_seller):
    shopper = visit("de")
    shopper.add(make_product(prices={"de": "15.10"}))
    order = shopper.order().payment.order
    staff = Client()
    staff.force_login(
        get_user_model().objects.create_superuser(email="m@example.test", password="pass-phrase-9")
    )
    html = staff.get(f"/admin/shop/orders/{order.number}/").content.decode()
    assert "incl. 19% VAT" in html
    assert "€3.19" in html
    assert "de (de)" in html


def test_header_counts_only_what_is_sold_here(visit, markets):
    shopper = visit("us")
    shopper.add(make_product(prices={"de": "5.00"}), 2)
    shopper.add(make_product(title="Grill"), 3)
    assert "5 items" in shopper.open_basket().content.decode()
    german = visit("de", client=shopper.client)
    assert "Warenkorb, 2" in german.open_basket().content.decode()
