"""What is sold where, and for how much: the same answer from the selector, from SQL and from the strategy."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from oscar.core.loading import get_class, get_model

from storefront.markets.editions import open_editions
from storefront.markets.models import MarketBlock
from storefront.markets.selectors.offers import ProductKey, annotate_market_price, offers_for
from storefront.markets.services.prices import set_price, withdraw_price
from tests.catalogue.factories import make_family
from tests.markets_money.shopper import make_product

pytestmark = pytest.mark.django_db
Product = get_model("catalogue", "Product")


@pytest.fixture
def now():
    return timezone.now()


def amounts(products, market, now):
    """Return the price of each product by the selector, having checked that SQL says the same."""
    offers = offers_for(products=products, market=market, now=now)
    rows = annotate_market_price(
        Product.objects.filter(pk__in=[p.pk for p in products]), market, now=now
    ).values_list("pk", "market_price")
    assert {key: price for key, price in rows if price is not None} == {
        key: offer.amount for key, offer in offers.items()
    }
    return [str(offers[p.pk].amount) if p.pk in offers else None for p in products]


def strategy_in(code, **headers):
    request = RequestFactory().get("/")
    request.user = type("Nobody", (), {"is_authenticated": False})()
    request.edition = next(edition for edition in open_editions() if edition.market.code == code)
    return get_class("partner.strategy", "Selector")().strategy(request=request)


def test_market_price_comes_before_the_stock_record_s(markets, now):
    priced, plain = make_product(price="10.00", prices={"us": "12.00"}), make_product(price="10.00")
    assert amounts([priced, plain], markets["us"], now) == ["12.00", "10.00"]


def test_stock_record_s_price_holds_in_its_own_currency_only(markets, now):
    plain = make_product(price="10.00")
    assert amounts([plain], markets["de"], now) == [None]
    plain.stockrecords.update(price_currency="EUR")
    assert amounts([plain], markets["de"], now) == ["10.00"]
    assert amounts([plain], markets["fr"], now) == ["10.00"]
    assert amounts([plain], markets["us"], now) == [None]


def test_temporary_price_lies_over_the_lasting_one(markets, now):
    product = make_product(prices={"de": "20.00"})
    set_price(
        product=product,
        market=markets["de"],
        amount=Decimal("15.00"),
        valid_until=now + timedelta(days=1),
        now=now,
    )
    assert amounts([product], markets["de"], now) == ["15.00"]
    assert amounts([product], markets["de"], now + timedelta(days=2)) == ["20.00"]


def test_withdrawn_price_leaves_the_stock_record_s(markets, now):
    product = make_product(price="10.00", prices={"us": "12.00", "de": "12.00"})
    for code in ("us", "de"):
        withdraw_price(product=product, market=markets[code], now=now)
    later = now + timedelta(seconds=1)
    assert amounts([product], markets["us"], later) == ["10.00"]
    assert amounts([product], markets["de"], later) == [None]


def test_block_takes_a_product_and_its_variants_out_of_one_market(markets, now):
    family = make_family(variants=[{"size": "S", "price": "7.00"}, {"size": "M", "price": "8.00"}])
    small, medium = family.children.order_by("pk")
    MarketBlock.objects.create(product=family, market=markets["us"])
    get_model("partner", "StockRecord").objects.update(price_currency="USD")
    assert amounts([small, medium], markets["us"], now) == [None, None]
    MarketBlock.objects.all().delete()
    MarketBlock.objects.create(product=small, market=markets["us"])
    assert amounts([small, medium], markets["us"], now) == [None, "8.00"]
    lowest = annotate_market_price(Product.objects.filter(pk=family.pk), markets["us"], now=now).get()
    assert lowest.market_price == Decimal("8.00")


def test_keys_are_enough(markets, now):
    product = make_product(prices={"de": "20.00"})
    offers = offers_for(products=[ProductKey(product.pk)], market=markets["de"], now=now)
    assert offers[product.pk].includes_tax
    assert offers[product.pk].currency == "EUR"


def test_offers_take_as_many_queries_for_twenty_products_as_for_two(markets, now):
    products = [make_product(title=f"Pot {n}", prices={"de": "5.00"} if n % 2 else {}) for n in range(20)]
    counts = []
    for count in (2, 20):
        with CaptureQueriesContext(connection) as queries:
            offers_for(products=products[:count], market=markets["de"], now=now)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4


def test_one_sku_has_three_prices_in_three_markets_and_none_where_it_is_blocked(markets, visit):
    product = make_product(price="10.00", prices={"de": "11.90", "jp": "1100"})
    MarketBlock.objects.create(product=product, market=markets["uk"])
    found = {}
    for code in ("us", "de", "jp", "uk"):
        info = strategy_in(code).fetch_for_product(product)
        price = info.price
        found[code] = (
            str(price.shown) if price.exists else None,
            price.currency,
            price.is_tax_known,
            info.availability.is_available_to_buy,
        )
    assert found == {
        "us": ("10.00", "USD", False, True),
        "de": ("11.90", "EUR", True, True),
        "jp": ("1100", "JPY", True, True),
        "uk": (None, None, False, False),
    }
    assert strategy_in("de").fetch_for_product(product).price.tax == Decimal("1.90")

    shopper = visit("uk")
    shopper.add(product)
    assert not shopper.open_basket().context["lines"]
    totals = {}
    for code in ("us", "de", "jp"):
        shopper = visit(code)
        shopper.add(product)
        summary = shopper.open_checkout().context["summary"]
        totals[code] = (str(summary.totals.subtotal), summary.currency)
    assert totals == {"us": ("10.00", "USD"), "de": ("11.90", "EUR"), "jp": ("1100", "JPY")}
