"""The markets a shop starts with, what the database refuses, and which market a shopper is in."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from storefront.markets.models import Market, MarketDelivery
from storefront.markets.selectors import markets as selectors
from storefront.markets.services.markets import ensure_markets
from storefront.markets.tax_texts import price_note


def test_seven_markets_are_made_and_only_two_are_open(markets):
    assert list(markets) == ["us", "de", "uk", "fr", "it", "es", "jp"]
    assert [market.code for market in selectors.enabled_markets()] == ["us", "de"]
    assert [(m.currency, m.prices_include_tax, m.default_language) for m in markets.values()] == [
        ("USD", False, "en"),
        ("EUR", True, "de"),
        ("GBP", True, "en-gb"),
        ("EUR", True, "fr"),
        ("EUR", True, "it"),
        ("EUR", True, "es"),
        ("JPY", True, "ja"),
    ]


def test_a_second_run_adds_nothing_and_keeps_what_the_merchant_changed(markets):
    Market.objects.filter(code="de").update(name="Mein Laden")
    MarketDelivery.objects.filter(market__code="de").delete()
    assert ensure_markets() == 0
    assert Market.objects.get(code="de").name == "Mein Laden"
    assert not MarketDelivery.objects.filter(market__code="de").exists()


def test_a_new_market_needs_a_file_and_no_code(db, tmp_path):
    file = tmp_path / "markets.toml"
    file.write_text(
        '[ch]\nname = "Schweiz"\ncountries = ["CH"]\ncurrency = "CHF"\nlanguages = ["de", "fr"]\n'
        'tax_regime = "ch_vat"\nis_enabled = true\n'
        'deliveries = [{ code = "post", name = "Post", price = "7.00", free_from = "100" }]\n'
    )
    assert ensure_markets(file) == 1
    market = selectors.market_for_country("CH")
    assert (market.code, market.locale("fr")) == ("ch", "fr_CH")
    assert [method.name for method in selectors.delivery_methods(market)] == ["Post"]


@pytest.mark.parametrize(
    "change",
    [
        {"countries": []},
        {"languages": []},
        {"tax_regime": "tea_duty"},
        {"code": "us"},
    ],
)
def test_the_database_refuses_a_market_that_cannot_be(de, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        Market.objects.filter(pk=de.pk).update(**change)


@pytest.mark.parametrize("change", [{"price": -1}, {"free_from": 0}, {"min_days": 9}, {"code": "express"}])
def test_the_database_refuses_a_delivery_that_cannot_be(de, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        MarketDelivery.objects.filter(market=de, code="standard").update(**change)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"countries": ["DE", "XX"]}, "countries"),
        ({"countries": ["DE", "GB"]}, "tax_regime"),
        ({"languages": ["de", "klingon"]}, "languages"),
        ({"currency": "EUX"}, "currency"),
        ({"code": "Deutsch Land"}, "code"),
    ],
)
def test_a_form_names_what_is_wrong_with_a_market(de, change, field):
    for name, value in change.items():
        setattr(de, name, value)
    with pytest.raises(ValidationError) as refusal:
        de.full_clean()
    assert list(refusal.value.message_dict) == [field]


def test_a_country_leads_to_the_first_open_market_that_delivers_there(markets):
    assert selectors.market_for_country("DE").code == "de"
    assert selectors.market_for_country("FR") is None
    Market.objects.filter(code="fr").update(is_enabled=True)
    assert selectors.market_for_country("FR").code == "fr"
    assert selectors.default_market().code == "us"
    assert selectors.market_by_code("it") is None


def test_an_amazon_marketplace_leads_to_its_market(markets):
    assert selectors.market_for_amazon("gb").code == "uk"
    assert selectors.market_for_amazon("BR") is None


@pytest.mark.parametrize(("goods", "price"), [("48.99", "4.90"), ("49.00", "0")])
def test_delivery_is_free_from_its_amount_on(de, goods, price):
    method = selectors.delivery_methods(de).get(code="standard")
    assert selectors.delivery_price(method=method, goods=Decimal(goods)) == Decimal(price)


def test_words_beside_a_price_say_whether_tax_is_in_it(markets):
    assert [price_note(markets[code]) for code in ("us", "de", "jp")] == [
        "plus sales tax",
        "incl. VAT",
        "incl. tax",
    ]
