"""A full basket carried from market to market: priced anew, and what is not sold there waits."""

from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model

from storefront.markets.models import Market, MarketBlock
from tests.markets_money.shopper import make_product

pytestmark = pytest.mark.django_db
Line = get_model("basket", "Line")


def contents(page):
    """Return what the basket page lists, and what it says is kept aside."""
    shown = [(line.title, str(line.total), line.currency) for line in page.context["lines"]]
    return shown, [(line.title, line.quantity) for line in page.context["aside_lines"]]


@pytest.fixture
def cans():
    return {
        "everywhere": make_product(title="Can", price="10.00", prices={"de": "11.90", "jp": "1100"}),
        "american": make_product(title="Grill", price="99.00"),
    }


def test_lines_are_priced_anew_and_the_unsold_wait(visit, markets, cans):
    shopper = visit("us")
    shopper.add(cans["everywhere"], 2)
    shopper.add(cans["american"])
    german = visit("de", client=shopper.client)
    page = german.open_basket()
    assert contents(page) == ([("Can", "23.80", "EUR")], [("Grill", 1)])
    assert "11,90" in page.content.decode()
    assert set(Line.objects.filter(product=cans["everywhere"]).values_list("price_currency", flat=True)) == {
        "EUR"
    }
    japanese = visit("jp", client=shopper.client)
    assert contents(japanese.open_basket()) == ([("Can", "2200", "JPY")], [("Grill", 1)])
    assert contents(shopper.open_basket()) == (
        [("Can", "20.00", "USD"), ("Grill", "99.00", "USD")],
        [],
    )


def test_looking_twice_changes_nothing(visit, markets, cans):
    shopper = visit("us")
    shopper.add(cans["everywhere"])
    shopper.add(cans["american"])
    german = visit("de", client=shopper.client)
    german.open_basket()
    before = list(Line.objects.order_by("pk").values())
    german.open_basket()
    assert list(Line.objects.order_by("pk").values()) == before


def test_blocked_line_waits_and_comes_back(visit, markets, cans):
    shopper = visit("de")
    shopper.add(cans["everywhere"], 3)
    block = MarketBlock.objects.create(product=cans["everywhere"], market=markets["de"])
    assert contents(shopper.open_basket()) == ([], [("Can", 3)])
    assert shopper.open_checkout().url == "/de/basket/"
    block.delete()
    assert contents(shopper.open_basket()) == ([("Can", "35.70", "EUR")], [])


def test_order_takes_only_what_is_sold_and_the_rest_stays(visit, markets, cans):
    shopper = visit("us")
    shopper.add(cans["everywhere"])
    shopper.add(cans["american"], 2)
    german = visit("de", client=shopper.client)
    order = german.order().payment.order
    assert [line.title for line in order.lines.all()] == ["Can"]
    assert order.currency == "EUR"
    assert contents(german.open_basket()) == ([], [("Grill", 2)])
    assert contents(shopper.open_basket()) == ([("Grill", "198.00", "USD")], [])


def test_signed_in_shopper_keeps_what_was_not_sold(visit, markets, cans):
    user = get_user_model().objects.create_user(email="mara@example.test", password="pass-phrase-9")
    shopper = visit("us")
    shopper.client.force_login(user)
    shopper.add(cans["everywhere"])
    shopper.add(cans["american"], 2)
    visit("de", client=shopper.client).order(email=None)
    assert contents(shopper.open_basket()) == ([("Grill", "198.00", "USD")], [])
    assert user.baskets.filter(status="Open").count() == 1


def test_what_waits_can_be_taken_out(visit, markets, cans):
    shopper = visit("us")
    shopper.add(cans["american"])
    german = visit("de", client=shopper.client)
    key = german.open_basket().context["aside_lines"][0].key
    assert german.client.post(f"/de/basket/aside/{key}/remove/").url == "/de/basket/"
    assert not Line.objects.exists()
    shopper.add(cans["american"])
    key = Line.objects.get().pk
    visit("jp").client.post(f"/jp/basket/aside/{key}/remove/")
    assert Line.objects.filter(pk=key).exists()


def test_unsold_product_cannot_be_put_in(visit, markets, cans):
    german = visit("de")
    german.add(cans["american"])
    assert not Line.objects.exists()


def test_cancelled_order_returns_to_the_basket(visit, markets, cans):
    german = visit("de")
    german.add(cans["everywhere"], 2)
    order = german.order()
    german.client.post(f"/de/checkout/pay/{order.token}/change/")
    assert contents(german.open_basket()) == ([("Can", "23.80", "EUR")], [])


@pytest.mark.parametrize("path", ["basket", "checkout"])
def test_page_takes_as_many_queries_with_seven_markets_as_with_one(visit, markets, cans, path):
    shopper = visit("de")
    shopper.add(cans["everywhere"])
    counts = []
    for codes in (["de"], list(markets)):
        Market.objects.exclude(code__in=codes).update(is_enabled=False)
        Market.objects.filter(code__in=codes).update(is_enabled=True)
        for market in Market.objects.filter(code__in=codes):
            market.save()
        address = f"{shopper.prefix}/{path}/"
        shopper.client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert shopper.client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("path", ["basket", "checkout"])
def test_page_takes_as_many_queries_for_twelve_lines_as_for_two(visit, markets, path):
    shopper = visit("de")
    counts = []
    for total in (2, 10):
        for number in range(total):
            shopper.add(make_product(title=f"Pot {total}-{number}", prices={"de": "5.00"}))
        shopper.client.get(f"/de/{path}/")
        with CaptureQueriesContext(connection) as queries:
            shopper.client.get(f"/de/{path}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_goods_total_decides_about_free_delivery(visit, markets):
    shopper = visit("de")
    shopper.add(make_product(prices={"de": "48.99"}))
    assert [str(c.charge) for c in shopper.open_checkout().context["summary"].choices] == ["4.90", "12.90"]
    shopper.add(make_product(prices={"de": "0.01"}))
    assert [str(c.charge) for c in shopper.open_checkout().context["summary"].choices] == ["0.00", "12.90"]


def test_only_the_market_s_countries_are_delivered_to(visit, markets):
    shopper = visit("de")
    shopper.add(make_product(prices={"de": "5.00"}))
    form = shopper.open_checkout().context["forms"].shipping
    assert [code for code, _name in form.fields["country"].choices] == ["DE"]
    answer = shopper.send(shopper.form(**{"shipping-country": "US"}))
    assert "id_shipping-country" in [error["id"] for error in answer.json()["errors"]]


def test_market_without_delivery_methods_leads_back_to_the_basket(visit, markets):
    shopper = visit("de")
    shopper.add(make_product(prices={"de": "5.00"}))
    markets["de"].deliveries.all().delete()
    assert shopper.open_checkout().url == "/de/basket/"


def test_amount_in_the_basket_is_decimal(visit, markets, cans):
    shopper = visit("jp")
    shopper.add(cans["everywhere"], 3)
    assert shopper.open_basket().context["goods_total"] == Decimal(3300)
