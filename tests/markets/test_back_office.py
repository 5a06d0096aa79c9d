"""The back office: a merchant opens a market, sets and ends prices, corrects a VAT id check."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from oscar.test.factories import create_stockrecord

from storefront.markets.models import CategoryText, Market, MarketPrice, PriceChange, TaxSetup, VatIdCheck
from storefront.markets.services.price_book import PriceToSet
from storefront.markets.services.prices import set_price, set_prices

INLINE = ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")


@pytest.fixture
def merchant(client, db):
    user = get_user_model().objects.create_superuser(email="merchant@example.test", password="x")
    client.force_login(user)
    return user


@pytest.fixture
def sku(product):
    return create_stockrecord(product, price=Decimal("1.00"), num_in_stock=1).partner_sku


def inline(prefix, *forms):
    data = dict(zip([f"{prefix}-{name}" for name in INLINE], [len(forms), 0, 0, 1000], strict=True))
    for n, form in enumerate(forms):
        data |= {
            f"{prefix}-{n}-{name}": value for name, value in {"ORDER": n + 1, "DELETE": "", **form}.items()
        }
    return data


@pytest.mark.parametrize(
    "name",
    ["markets", "market-prices", "price-history", "category-texts", "product-tax-classes", "vat-id-checks"],
)
def test_every_list_opens(client, merchant, markets, name):
    assert client.get(reverse(f"{name}:index")).status_code == 200


def test_a_merchant_makes_a_market_without_code(client, merchant, db):
    response = client.post(
        reverse("markets:add"),
        {
            "name": "Österreich",
            "code": "at",
            "countries": "at",
            "languages": "de, en",
            "currency": "EUR",
            "tax_regime": "eu_vat",
            "prices_include_tax": "on",
            "is_enabled": "on",
            "amazon_marketplaces": "",
            **inline(
                "deliveries",
                {
                    "code": "post",
                    "name": "Post",
                    "price": "4.90",
                    "free_from": "",
                    "min_days": 1,
                    "max_days": 3,
                    "tax_class": "",
                },
            ),
        },
    )
    assert response.status_code == 302, response.context["form"].errors
    market = Market.objects.get(code="at")
    assert (market.countries, market.languages, market.amazon_marketplaces) == (["AT"], ["de", "en"], [])
    assert [str(method.price) for method in market.deliveries.all()] == ["4.900"]


def test_a_market_can_be_edited_as_it_is_shown(client, merchant, de):
    page = client.get(reverse("markets:edit", args=[de.pk]))
    assert page.status_code == 200
    assert 'value="de, en"' in page.content.decode()


def test_a_merchant_sets_a_price_by_sku(client, merchant, de, product, sku):
    form = {
        "sku": sku,
        "market": de.pk,
        "amount": "19.99",
        "list_price": "",
        "valid_from": "",
        "valid_until": "",
    }
    response = client.post(reverse("market-prices:add"), form)
    assert response.status_code == 302, response.context["form"].errors
    price = MarketPrice.objects.get()
    assert (price.product, price.market, price.amount) == (product, de, Decimal("19.99"))
    assert PriceChange.objects.get().source == f"back office: {merchant.pk}"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sku": "no such"}, "No product that can be bought"),
        ({"amount": "1.999"}, "fewer decimal places"),
        ({"amount": "-1"}, "less than zero"),
        ({"list_price": "9.00"}, "must be higher"),
    ],
)
def test_a_refused_price_is_explained_in_the_form(client, merchant, de, sku, change, words):
    form = {
        "sku": sku,
        "market": de.pk,
        "amount": "19.99",
        "list_price": "",
        "valid_from": "",
        "valid_until": "",
    }
    response = client.post(reverse("market-prices:add"), {**form, **change})
    assert response.status_code == 200
    assert words in response.content.decode()
    assert not MarketPrice.objects.exists()


def test_editing_a_price_keeps_the_old_one_in_the_history(client, merchant, de, product):
    set_price(product=product, market=de, amount=Decimal("19.99"), now=timezone.now() - timedelta(days=1))
    address = reverse("market-prices:edit", args=[MarketPrice.objects.get().pk])
    assert client.get(address).status_code == 200
    response = client.post(address, {"amount": "17.99", "list_price": "", "valid_until": ""})
    assert response.status_code == 302, response.context["form"].errors
    assert [str(change.amount) for change in PriceChange.objects.order_by("at")] == ["19.990", "17.990"]
    assert MarketPrice.objects.filter(valid_until=None).get().amount == Decimal("17.99")


def test_deleting_a_price_ends_it(client, merchant, de, product):
    set_price(product=product, market=de, amount=Decimal("19.99"), now=timezone.now() - timedelta(days=1))
    address = reverse("market-prices:delete", args=[MarketPrice.objects.get().pk])
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 302
    assert MarketPrice.objects.get().valid_until is not None
    assert PriceChange.objects.order_by("-at").first().amount is None


def test_the_price_history_can_only_be_read(client, merchant, de, product):
    set_price(product=product, market=de, amount=Decimal("19.99"), now=timezone.now())
    key = PriceChange.objects.get().pk
    assert client.get(reverse("price-history:inspect", args=[key])).status_code == 200
    for name, args in (("add", []), ("edit", [key]), ("delete", [key])):
        assert client.post(reverse(f"price-history:{name}", args=args), {"amount": "1"}).status_code == 302
    assert PriceChange.objects.get().amount == Decimal("19.99")


def test_a_merchant_corrects_a_vat_id_check(client, merchant, now):
    check = VatIdCheck.objects.create(
        vat_id="FR40303265045", country="FR", answer="unavailable", checked_at=now
    )
    address = reverse("vat-id-checks:edit", args=[check.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"corrected_answer": "valid", "correction_reason": ""}).status_code == 200
    assert (
        client.post(address, {"corrected_answer": "valid", "correction_reason": "By phone."}).status_code
        == 302
    )
    check.refresh_from_db()
    assert (check.answer_in_force, check.corrected_by, check.correction_reason) == (
        "valid",
        merchant,
        "By phone.",
    )


def test_the_tax_setup_is_filled_on_one_page(client, merchant):
    address = reverse("wagtailsettings:edit", args=["markets", "taxsetup"])
    page = client.get(address, follow=True)
    assert page.status_code == 200
    form = {"established_in": "CN", "ships_from": "DE", "uses_oss": "on", "threshold": "above", "vat_id": ""}
    registration = {
        "country": "DE",
        "region": "",
        "number": "DE136695976",
        "valid_from": "2026-01-01",
        "valid_until": "",
    }
    response = client.post(page.request["PATH_INFO"], {**form, **inline("registrations", registration)})
    assert response.status_code == 302, response.context["form"].errors
    setup = TaxSetup.objects.get()
    assert (setup.established_in, setup.uses_oss, setup.registrations.get().country) == ("CN", True, "DE")


def test_a_category_is_named_in_german(client, merchant, product):
    category = product.categories.create(name="Lamps", depth=1, path="0001")
    form = {"category": category.pk, "language": "de", "name": "Lampen", "description": "", "meta_title": ""}
    response = client.post(reverse("category-texts:add"), {**form, "meta_description": ""})
    assert response.status_code == 302, response.context["form"].errors
    assert CategoryText.objects.get().name == "Lampen"


@pytest.mark.parametrize("name", ["market-prices", "price-history"])
def test_a_list_takes_the_same_queries_for_2_and_for_20(client, merchant, de, make_products, now, name):
    products = make_products(20)
    address, counts = reverse(f"{name}:index"), []
    for group in (products[:2], products[2:]):
        set_prices([PriceToSet(product.pk, de, Decimal("5.00")) for product in group], now=now)
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        counts.append(len(captured))
    assert counts[0] == counts[1]
