"""What each market's shoppers see of the same products: prices, words, and what is not sold to them."""

import json
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from storefront.markets.models import CategoryText, Market, MarketBlock, OptionText
from storefront.search.indexing import update_index
from tests.catalogue.factories import make_category, make_family, make_single, make_text

pytestmark = pytest.mark.django_db


def read(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def data(page):
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[1])


def titles(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    found = response.context_data.get("products")  # a search without a find shows suggestions instead
    return [card.title for card in found.cards] if found else []


def count_queries(client, path):
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_one_product_in_three_markets_and_blocked_in_a_fourth(client, open_markets, price):
    markets = open_markets(["us", "de", "uk", "fr"])
    lamp = make_single("Lamp", price="12.00")
    price(lamp, markets["de"], "13.50")
    price(lamp, markets["uk"], "11.00")
    price(lamp, markets["fr"], "13.00")
    MarketBlock.objects.create(product=lamp, market=markets["fr"])
    path = lamp.get_absolute_url()

    for prefix, shown, currency, tax in (
        ("", "$12.00", "USD", "Sales tax is calculated at checkout"),
        ("/de-en", "€13.50", "EUR", "incl. VAT"),
        ("/uk", "£11.00", "GBP", "incl. VAT"),
    ):
        page = read(client, prefix + path)
        assert shown in page and tax in page
        assert (data(page)["offers"]["priceCurrency"]) == currency
        assert data(page)["offers"]["url"] == f"http://testserver{prefix}{path}"
        for listing in ("/products/", "/products/?sort=price", "/search/?q=lamp"):
            assert shown in read(client, prefix + listing)
    page = read(client, "/fr-en" + path)
    assert "Not available in France" in page
    assert '<meta name="robots" content="noindex">' in page
    assert "offers" not in data(page)
    assert "/basket/add/" not in page
    assert {f'href="{prefix}{path}"' in page for prefix in ("", "/de-en", "/uk")} == {True}
    assert titles(client, "/fr-en/products/") == titles(client, "/fr-en/search/?q=lamp") == []


def test_what_has_no_price_in_the_market_is_in_no_list_and_no_menu(client, markets):
    garden = make_category("Garden")
    make_single("Lamp", price="12.00", category=garden)

    assert titles(client, "/de/products/") == []
    assert client.get("/de/products/").context_data["products"].total == 0
    assert "Garden" not in read(client, "/de/products/")
    assert "Garden" in read(client, "/products/")


def test_a_family_shows_the_variants_its_market_sells(client, markets, price):
    cable = make_family(
        "Cable",
        variants=[
            {"color": "Red", "sku": "R", "price": "5.00"},
            {"color": "Blue", "sku": "B", "price": "6.00"},
        ],
    )
    red, blue = (cable.children.get(stockrecords__partner_sku=sku) for sku in "RB")
    price(blue, markets["de"], "7.00")

    page = read(client, "/de" + cable.get_absolute_url())
    (card,) = client.get("/de/products/").context_data["products"].cards

    assert f'action="/de/basket/add/{blue.pk}/"' in page
    assert red.get_absolute_url() not in page
    assert (card.price, card.currency, card.is_range, card.variant_count) == (
        Decimal("7.00"),
        "EUR",
        False,
        1,
    )
    assert "Not available in Deutschland" in read(client, "/de-en" + red.get_absolute_url())


def test_sorting_follows_the_markets_prices(client, markets, price):
    for title, dollars, euros in (("A", "1.00", "9.00"), ("B", "2.00", "8.00")):
        price(make_single(title, price=dollars), markets["de"], euros)

    assert titles(client, "/products/?sort=price") == ["A", "B"]
    assert titles(client, "/de/products/?sort=price") == ["B", "A"]
    assert titles(client, "/de/products/?sort=-price") == ["A", "B"]


def test_a_reduction_names_the_lowest_price_of_the_30_days_before_it(client, markets, price):
    lamp = make_single("Lamp")
    price(lamp, markets["de"], "25.00", days_ago=60)
    price(lamp, markets["de"], "19.99", list_price=Decimal("40.00"), days_ago=1)

    for path in (lamp.get_absolute_url(), "/products/"):
        page = read(client, f"/de-en{path}")
        assert "Lowest price of the 30 days before: €25.00" in page
        assert "−20%" in page
        assert "€40.00" not in page


def test_a_reduction_without_a_price_before_it_is_not_announced_in_the_eu(client, markets, price):
    lamp = make_single("Lamp")
    price(lamp, markets["de"], "19.99", list_price=Decimal("40.00"))

    page = read(client, "/de-en" + lamp.get_absolute_url())

    assert "€19.99" in page
    assert "price__was" not in page and "€40.00" not in page


def test_a_list_price_may_be_shown_outside_the_eu(client, markets, price):
    lamp = make_single("Lamp")
    price(lamp, markets["us"], "20.00", list_price=Decimal("25.00"))

    page = read(client, lamp.get_absolute_url())

    assert "List price: $25.00" in page and "−20%" in page


def test_words_of_options_and_categories_are_in_the_editions_language(client, markets, price):
    garden = make_category("Garden")
    CategoryText.objects.create(category=garden, language="de", name="Garten", description="<p>Grün.</p>")
    cable = make_family("Cable", variants=[{"color": "Red"}, {"color": "Blue"}], category=garden)
    make_text(cable, language="de", title="Kabel")
    for variant, value in zip(cable.children.order_by("id"), ("Karminrot", "Blau"), strict=True):
        OptionText.objects.create(product=variant, language="de", axis="color", label="Farbe", value=value)
        price(variant, markets["de"], "7.00")

    page = read(client, "/de" + cable.get_absolute_url())

    assert "<b>Farbe:</b> <span>Karminrot</span>" in page
    assert "--sw:#c23b33" in page
    assert ">Garten</a>" in page and ">Garden<" not in page
    assert ">Garden</a>" in read(client, "/de-en" + cable.get_absolute_url())
    category = read(client, "/de" + garden.get_absolute_url())
    assert "<h1>Garten</h1>" in category and "Grün." in category
    assert titles(client, "/de/search/?q=karminrot") == ["Kabel"]


def test_a_search_finds_what_is_shown_and_codes_in_every_language(client, markets, price):
    lamp = make_single("Lamp", sku="LMP-1", upc="4006381333931")
    make_text(lamp, language="en", title="Lamp", bullet_points=["Warm light"])
    make_text(lamp, language="de", title="Leuchte", bullet_points=["Warmes Licht"])
    rake = make_single("Rake", sku="RK-1")
    for product in (lamp, rake):
        price(product, markets["de"], "9.00")

    assert titles(client, "/de/search/?q=leuchte") == ["Leuchte"]
    assert titles(client, "/de/search/?q=licht") == ["Leuchte"]
    assert titles(client, "/de/search/?q=lamp") == []
    assert titles(client, "/de-en/search/?q=leuchte") == []
    assert titles(client, "/de-en/search/?q=light") == ["Lamp"]
    assert titles(client, "/de/search/?q=rake") == ["Rake"]  # no German text: it is shown in English
    assert (
        titles(client, "/de/search/?q=LMP-1") == titles(client, "/de/search/?q=4006381333931") == ["Leuchte"]
    )


@pytest.mark.parametrize("codes", [["us"], ["us", "de", "uk", "fr", "it", "es", "jp"]])
@pytest.mark.parametrize("is_reduced", [False, True])
def test_pages_cost_the_same_in_every_edition(client, open_markets, price, codes, is_reduced):
    markets = open_markets(codes)
    assert len(markets) == len(codes)
    category = make_category("Pots", parent=make_category("Garden"))

    def add(number, variants):
        for index in range(number):
            family = make_family(
                f"Pot {index}", variants=[{"size": f"{n} l"} for n in range(variants)], category=category
            )
            make_text(family, language="de", title=f"Topf {index}")
            for variant in family.children.all():
                for market in markets.values():
                    price(variant, market, "9", days_ago=50)
                    if is_reduced:
                        price(variant, market, "8", list_price=Decimal("9"))
        return family

    counts = set()
    small = add(1, variants=1)
    large = None
    limits = {category.get_absolute_url(): 14, "/products/?sort=price": 14, "/search/?q=WORD": 18}
    client.get(category.get_absolute_url())  # what a process reads once
    for _ in range(2):
        update_index(now=timezone.now())
        for prefix in ("", "/de", "/de-en", "/jp") if len(codes) > 1 else ("",):
            for path, limit in limits.items():
                word = "topf" if prefix == "/de" else "pot"
                found = count_queries(client, prefix + path.replace("WORD", word))
                counts.add((path, found))
                assert found <= limit
            for family in filter(None, (small, large)):
                found = count_queries(client, prefix + family.get_absolute_url())
                counts.add(("product", found))
                assert found <= 12
        large = large or add(5, variants=6)
    assert len(counts) == 4
    print(sorted(counts))


def test_a_market_that_closes_is_gone_at_once(client, markets):
    make_single("Lamp")
    assert client.get("/de/products/").status_code == 200

    market = Market.objects.get(code="de")
    market.is_enabled = False
    market.save()

    assert client.get("/de/products/").status_code == 404


def test_a_price_that_begins_tomorrow_is_not_shown_today(client, markets, price):
    lamp = make_single("Lamp", price="12.00")
    price(lamp, markets["us"], "9.00", days_ago=0, valid_from=timezone.now() + timedelta(days=1))

    assert "$12.00" in read(client, lamp.get_absolute_url())
