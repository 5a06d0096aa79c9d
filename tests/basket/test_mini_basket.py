"""The basket as a drawer beside a page: the fragment a script asks for."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model

from tests.catalogue.factories import make_family, make_single

pytestmark = pytest.mark.django_db
MINI = "/basket/mini/"


def add(client, product, quantity=1):
    """Put something in as the script does: the answer it is led to is the drawer."""
    return client.post(f"/basket/add/{product.pk}/", {"quantity": quantity, "next": MINI}, follow=True)


def change(client, changes):
    form = client.get(MINI).content.decode()
    form = form[form.index("data-in-place") :]
    data = {
        re.search(r'name="([^"]+)"', field)[1]: (re.search(r'value="([^"]*)"', field) or ["", ""])[1]
        for field in re.findall(r"<input [^>]*>", form)
    }
    return client.post(MINI, {**data, **changes}, follow=True)


def test_what_was_put_in_stands_in_the_drawer_with_the_basket_s_new_number(client):
    response = add(client, make_single("Lamp", price="12.50"), 2)
    drawer = response.content.decode()

    assert response.redirect_chain == [(MINI, 302)]
    assert "<html" not in drawer
    assert 'id="mini-basket"' in drawer
    assert "<b>2 × Lamp</b> are in your cart." in drawer
    assert 'aria-label="Cart, 2 items"' in drawer
    assert "$25.00" in drawer
    assert 'href="/checkout/"' in drawer
    assert response.headers["Cache-Control"] == "private, no-store"


def test_what_cannot_be_put_in_is_said_in_the_drawer(client):
    response = add(client, make_single("Lamp", stock=3), 4)

    assert response.redirect_chain == [(MINI, 302)]
    assert "alert--danger" in response.content.decode()
    assert get_model("basket", "Line").objects.count() == 0


def test_a_drawer_s_address_elsewhere_is_not_followed(client):
    lamp = make_single("Lamp")
    response = client.post(f"/basket/add/{lamp.pk}/", {"quantity": 1, "next": "https://evil.example/"})

    assert response.headers["Location"] == "/basket/"


def test_quantities_are_changed_and_lines_removed_in_the_drawer(client):
    add(client, make_single("Lamp", price="12.50"))
    add(client, make_single("Rake", price="10.00"))

    response = change(client, {"form-0-quantity": "3"})
    assert response.redirect_chain == [(MINI, 302)]
    assert "$47.50" in response.content.decode()

    assert "$10.00" in change(client, {"form-0-DELETE": "on"}).content.decode()
    assert [line.product.title for line in get_model("basket", "Line").objects.all()] == ["Rake"]


def test_more_than_there_is_is_refused_in_the_drawer(client):
    add(client, make_single("Lamp", stock=3))

    response = change(client, {"form-0-quantity": "9"})

    assert response.redirect_chain == []
    assert 'class="field__error"' in response.content.decode()
    assert "<html" not in response.content.decode()


def test_an_empty_drawer_sets_no_cookie_and_shows_a_way_on(client):
    response = client.get(MINI)

    assert "Your cart is empty" in response.content.decode()
    assert 'href="/products/"' in response.content.decode()
    assert not response.cookies


@pytest.mark.parametrize("address", [MINI, "/basket/"])
def test_what_is_missing_for_free_delivery_is_said(client, markets, address):
    delivery = (
        get_model("markets", "MarketDelivery").objects.filter(market=markets["us"]).order_by("position")
    )
    delivery.exclude(pk=delivery[0].pk).delete()
    delivery.update(name="Standard delivery", price="4.95", free_from="40.00")
    lamp = make_single("Lamp", price="10.00")

    add(client, lamp)
    page = client.get(address).content.decode()
    assert "<b>$30.00</b> more and Standard delivery is free" in page
    assert 'value="25"' in page

    add(client, lamp, 3)
    assert "Standard delivery is <b>free</b> for this cart" in client.get(address).content.decode()

    delivery.update(free_from=None)
    assert 'class="progress"' not in client.get(address).content.decode()


def test_the_drawer_costs_the_same_for_2_and_20_lines(client):
    counts = []
    for number in (2, 18):
        for _ in range(number // 2):
            add(client, make_single(pictures=1))
            add(client, make_family(variants=[{"size": "S"}], pictures=1).children.get())
        with CaptureQueriesContext(connection) as queries:
            assert client.get(MINI).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[1] <= 16


@pytest.mark.parametrize("address", [MINI, "/basket/"])
def test_total_with_the_usual_delivery_is_said_before_checkout(client, markets, address):
    delivery = (
        get_model("markets", "MarketDelivery").objects.filter(market=markets["us"]).order_by("position")
    )
    delivery.exclude(pk=delivery[0].pk).delete()
    delivery.update(name="Standard delivery", price="4.95", free_from="40.00")
    lamp = make_single("Lamp", price="10.00")

    add(client, lamp, 2)
    assert sums(client.get(address)) == {
        "Goods": "$20.00",
        "Standard delivery": "$4.95",
        "Estimated total": "$24.95",
    }
    add(client, lamp, 2)
    assert sums(client.get(address))["Standard delivery"] == "Free"
    delivery.delete()
    assert "Estimated total" not in sums(client.get(address))


def sums(answer):
    return dict(re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", answer.content.decode()))
