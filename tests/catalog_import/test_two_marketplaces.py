"""One catalogue from two marketplaces, whichever is imported first."""

import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from oscar.core.loading import get_model
from PIL import Image

from catalog_import.models import AmazonListing
from catalog_import.services import apply_import
from storefront.markets.models import Market, MarketPrice, PriceChange
from storefront.markets.services.markets import ensure_markets
from storefront.markets.services.prices import set_price
from tests.catalog_import.conftest import DE_FILES, PLANTERS, US_FILES, confirm_own_brands
from tests.catalog_import.dump import dump_catalogue, dump_history

pytestmark = pytest.mark.django_db
Product = get_model("catalogue", "Product")
ProductImage = get_model("catalogue", "ProductImage")
FILES = {"us": US_FILES, "de": DE_FILES}
SUMMER = datetime(2026, 7, 1, tzinfo=UTC)  # within the demo's sales
SALE_END = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.fixture(scope="module")
def shops(django_db_setup, django_db_blocker):
    """Both orders, imported once for the module: reports, catalogue, history, and all of it again."""
    found = {}
    with django_db_blocker.unblock():
        for order in (("us", "de"), ("de", "us")):
            with transaction.atomic():
                ensure_markets()
                confirm_own_brands()
                reports = [_apply(code, days) for days, code in enumerate(order)]
                catalogue, history = dump_catalogue(), dump_history()
                again = [_apply(code, days + 2) for days, code in enumerate(order)]
                after = dump_catalogue(), dump_history()
                found[order] = (reports, catalogue, history, again, after)
                transaction.set_rollback(True)
    return found


def _apply(code, days):
    now = SUMMER + timedelta(days=days)
    return apply_import(paths=FILES[code], marketplace=code, pictures=None, now=now).counts


@pytest.fixture(params=[("us", "de"), ("de", "us")], ids=["us first", "de first"])
def shop(shops, request):
    return shops[request.param]


def test_the_order_of_imports_makes_no_difference(shops):
    first, second = shops["us", "de"], shops["de", "us"]
    assert first[1].keys() == second[1].keys()
    for sku, product in first[1].items():
        assert product == second[1][sku], sku
    assert first[2] == second[2]


def test_two_exports_make_one_product_each(shop, answers):
    reports, catalogue, *_ = shop
    single = {sku for sku, item in answers.items() if not item["twin_of"]}
    assert catalogue.keys() == single
    assert len(catalogue) == 174
    assert sum(counts["create"] for counts in reports) == 174
    assert [counts["problem"] for counts in reports] == [0, 0]


def test_every_product_has_the_texts_and_prices_of_its_marketplaces(shop, answers):
    for sku, product in shop[1].items():
        item = answers[sku]
        languages = [{"us": "en", "de": "de"}[code] for code in item["markets"]]
        assert {language: text[0] for language, text in product["texts"].items()} == {
            language: item["title"][code] for language, code in zip(languages, item["markets"], strict=True)
        }
        assert all(text[0] and (item["role"] == "child" or text[1]) for text in product["texts"].values())
        assert product["title"] == item["title"][item["markets"][0]]
        wanted = []
        for code in item["markets"] if item["role"] != "parent" else ():
            if item["status"][code] != "Active":
                continue
            price, sale = Decimal(item["price"][code]), item["sale_price"].get(code)
            wanted.append((code, False, price, None, None))
            wanted += [(code, True, Decimal(sale), price, SALE_END)] if sale else []
        assert product["prices"] == sorted(wanted), sku
        options = {(language, axis): (label, value) for language, axis, label, value in product["options"]}
        assert {key: value for key, (_, value) in options.items()} == {
            (language, axis): value
            for language, code in zip(languages, item["markets"], strict=True)
            for axis, value in item["options"].get(code, {}).items()
        }


@pytest.mark.parametrize(
    ("sku", "title", "slug", "stock", "prices", "options"),
    [
        (
            "ZL-C60-BLK-1M",
            "Zellumo USB-C to USB-C Cable 60W, Braided Fast Charging Cord, Black, 3.3 ft",
            "zellumo-usb-c-to-usb-c-cable-60w-braided-fast-charging-cord-black-33-ft",
            ("9.99", 48),
            [("de", False, "8.99"), ("us", False, "9.99")],
            [
                ("de", "Farbe", "Schwarz"),
                ("de", "Größe", "1 m"),
                ("en", "Color", "Black"),
                ("en", "Size", "3.3 ft"),
            ],
        ),
        (  # reduced in both
            "ZL-HDMI-3M",
            None,
            None,
            ("23.99", 50),
            [("de", False, "22.49"), ("de", True, "19.49"), ("us", False, "23.99"), ("us", True, "20.99")],
            None,
        ),
        (  # not on sale in Germany
            "ZL-G30-BLK",
            None,
            None,
            ("15.99", 88),
            [("us", False, "15.99")],
            [("de", "Farbe", "Schwarz"), ("en", "Color", "Black")],
        ),
        ("ZL-STRIP-DE", None, None, (None, 228), [("de", False, "39.99")], []),  # in Germany only
        ("ZL-P20-P2", None, None, ("18.99", 144), [("us", False, "18.99")], None),  # not in Germany
    ],
)
def test_five_products_by_hand(shop, sku, title, slug, stock, prices, options):
    product = shop[1][sku]
    assert product["is_public"]
    assert title in (None, product["title"])
    assert slug in (None, product["slug"])
    price, count = stock
    assert product["stock"] == [
        (sku, price and Decimal(price), "USD", 0),  # the own warehouse has none
        (sku, None, "USD", count),  # at Amazon
    ]
    assert [
        (code, temporary, str(amount.normalize())) for code, temporary, amount, *_ in product["prices"]
    ] == [(code, temporary, str(Decimal(amount).normalize())) for code, temporary, amount in prices]
    if options is not None:
        assert sorted((lang, label, value) for lang, _, label, value in product["options"]) == options


def test_what_only_one_marketplace_has_is_told_in_its_language(shop, answers):
    catalogue = shop[1]
    strip, family = catalogue["ZL-STRIP-DE"], catalogue["ZL-P20-PARENT"]
    assert (strip["title"], list(strip["texts"])) == (answers["ZL-STRIP-DE"]["title"]["de"], ["de"])
    assert [names for *_, names in strip["categories"]] == [{"en": "Chargers", "de": "Ladegeräte"}]
    assert (family["structure"], family["is_public"], list(family["texts"])) == ("parent", True, ["en"])
    assert {sku for sku, each in catalogue.items() if each["parent"] == "ZL-P20-PARENT"} == {
        "ZL-P20-P1",
        "ZL-P20-P2",
    }


def test_the_same_files_again_change_nothing(shop):
    _, catalogue, history, again, after = shop
    assert [(counts["create"], counts["update"], counts["keep"]) for counts in again] == [(0, 0, 0)] * 2
    assert [counts["unchanged"] for counts in again] in ([173, 169], [169, 173])
    assert after == (catalogue, history)


def test_the_history_has_one_row_for_each_price(shop, answers):
    wanted = sorted(
        (sku, code, Decimal(item["sale_price"].get(code) or item["price"][code]), code in item["sale_price"])
        for sku, item in answers.items()
        for code in item["markets"]
        if item["role"] != "parent" and not item["twin_of"] and item["status"][code] == "Active"
    )
    assert shop[2] == wanted


def put(report, code, days=0):
    now = SUMMER + timedelta(days=days)
    return apply_import(paths=[report], marketplace=code, pictures=None, now=now)


def prices_of(sku):
    rows = MarketPrice.objects.filter(product__amazon_listings__sku=sku, valid_until=None).distinct()
    return {row.market.code: row.amount for row in rows}


def product_of(sku):
    return Product.objects.filter(amazon_listings__sku=sku).distinct().get()


def test_a_product_gone_from_one_marketplace_is_not_offered_there_and_comes_back(write_report):
    both, one = write_report({"sku": "A"}, {"sku": "B"}, name="both.txt"), write_report({"sku": "A"})
    put(both, "us")
    put(both, "de")

    report = put(one, "de", days=1)

    assert report.counts["withdraw"] == 1
    assert product_of("B").is_public
    assert prices_of("B") == {"us": Decimal("9.99")}
    assert list(PriceChange.objects.filter(product=product_of("B"), market__code="de").order_by("at").values_list(
        "amount", flat=True)) == [Decimal("9.99"), None]  # fmt: skip
    assert put(one, "de", days=2).counts["withdraw"] == 0

    put(one, "us", days=3)
    assert not product_of("B").is_public
    assert (prices_of("B"), product_of("B").stockrecords.get().price) == ({}, None)

    put(both, "de", days=4)
    assert product_of("B").is_public
    assert prices_of("B") == {"de": Decimal("9.99")}
    put(both, "us", days=5)
    assert prices_of("B") == {"de": Decimal("9.99"), "us": Decimal("9.99")}
    assert product_of("B").stockrecords.get().price == Decimal("9.99")


def test_a_new_price_is_one_more_row_in_the_history(write_report):
    put(write_report({"sku": "A"}), "de")
    put(write_report({"sku": "A", "price": "8.50"}), "de", days=1)
    put(write_report({"sku": "A", "price": "8.50"}), "de", days=2)

    assert list(PriceChange.objects.order_by("at").values_list("amount", "currency")) == [
        (Decimal("9.99"), "EUR"),
        (Decimal("8.50"), "EUR"),
    ]


def test_a_market_price_the_merchant_set_stays_the_merchants(write_report):
    put(write_report({"sku": "A"}), "de")
    market = Market.objects.get(code="de")
    later = SUMMER + timedelta(days=1)
    set_price(product=product_of("A"), market=market, amount=Decimal("7.00"), now=later)

    report = put(write_report({"sku": "A", "price": "8.50"}), "de", days=2)

    assert [kept.field for kept in report.keep] == ["market_price"]
    assert prices_of("A") == {"de": Decimal("7.00")}


def test_a_text_the_merchant_changed_stays_in_its_language(write_report):
    put(write_report({"sku": "A"}), "us")
    put(write_report({"sku": "A", "title": "Ding"}), "de")
    product_of("A").texts.filter(language="de").update(title="Feines Ding")

    put(write_report({"sku": "A", "title": "Ding, neu"}), "de", days=1)
    put(write_report({"sku": "A", "title": "Thing, new"}), "us", days=1)

    assert dict(product_of("A").texts.values_list("language", "title")) == {
        "de": "Feines Ding",
        "en": "Thing, new",
    }
    assert product_of("A").title == "Thing, new"


def test_a_marketplace_without_a_market_is_remembered_and_said(write_report):
    report = put(write_report({"sku": "A"}), "ca")

    assert report.notes == [
        "No market takes the prices of Amazon CA in CAD: they are remembered and nothing is sold for them. "
        "Make such a market and import again."
    ]
    assert AmazonListing.objects.get().imported["price"] == "9.99"
    assert (product_of("A").is_public, prices_of("A")) == (False, {})
    assert put(write_report({"sku": "A"}), "us").notes == []
    assert prices_of("A") == {"us": Decimal("9.99")}
    assert product_of("A").is_public


def test_amazon_uk_belongs_to_the_british_market(write_report):
    assert put(write_report({"sku": "A"}), "uk").notes == []
    assert prices_of("A") == {"uk": Decimal("9.99")}


def test_another_sku_is_matched_by_its_asin(write_report):
    put(write_report({"sku": "A", "asin": "B000000001"}), "us")

    counts = put(write_report({"sku": "A-DE", "asin": "B000000001"}), "de").counts

    assert (counts["create"], counts["update"], Product.objects.count()) == (0, 1, 1)
    assert product_of("A").stockrecords.get().partner_sku == "A"
    put(write_report({"sku": "A", "asin": "B000000001"}), "us", days=1)
    assert put(write_report({"sku": "A-DE", "asin": "B000000001"}), "de", days=1).counts["unchanged"] == 1


def test_the_default_markets_sku_is_the_products_whichever_came_first(write_report):
    put(write_report({"sku": "A-DE", "asin": "B000000001"}), "de")
    put(write_report({"sku": "A", "asin": "B000000001"}), "us")

    assert product_of("A").stockrecords.get().partner_sku == "A"


def test_two_candidates_are_a_question_and_nothing_is_guessed(write_report):
    put(write_report({"sku": "A", "asin": "B000000001"}), "us")
    put(write_report({"sku": "A2", "asin": "B000000001"}), "uk", days=1)
    AmazonListing.objects.filter(sku="A2").update(
        product=Product.objects.create(title="Another", product_class=product_of("A").product_class)
    )

    report = put(write_report({"sku": "A-DE", "asin": "B000000001"}), "de", days=2)

    (problem,) = report.problems
    assert (problem.kind, problem.sku) == ("ambiguous_product", "A-DE")
    assert not AmazonListing.objects.filter(marketplace="de").exists()
    assert Product.objects.count() == 2


def test_a_german_title_holds_until_the_english_comes(write_report):
    put(write_report({"sku": "A", "title": "Ding"}), "de")
    assert (product_of("A").title, product_of("A").slug) == ("Ding", "ding")

    put(write_report({"sku": "A"}), "us", days=1)

    assert (product_of("A").title, product_of("A").slug) == ("Thing A", "thing-a")


def test_a_product_code_finds_the_merchants_own_product(answers):
    (sku, item), *_ = [
        (sku, item) for sku, item in answers.items()
        if item["product_type"] == "PLANTER" and item["role"] == "child" and item["status"]["us"] == "Active"
    ]  # fmt: skip
    mine = Product.objects.create(title="Mine", upc=item["gtin14"], is_public=True)

    apply_import(paths=[PLANTERS], marketplace="us", pictures=None, now=SUMMER)

    assert Product.objects.count() == 18
    assert (product_of(sku), product_of(sku).title) == (mine, "Mine")
    assert product_of(sku).parent == product_of(item["parent_sku"])
    assert prices_of(sku) == {"us": Decimal(item["price"]["us"])}


class CountingPictures:
    """A source that has every picture, one colour each, and remembers what it was asked for."""

    workers = 1

    def __init__(self):
        self.asked = []

    def fetch(self, url):
        self.asked.append(url)
        picture = io.BytesIO()
        Image.new("RGB", (8, 8), (len(self.asked), 0, 0)).save(picture, "PNG")
        return picture.getvalue()


@pytest.mark.parametrize("order", [("us", "de"), ("de", "us")])
def test_pictures_of_both_marketplaces_are_fetched_once(settings, tmp_path, order):
    settings.MEDIA_ROOT = tmp_path
    source = CountingPictures()
    german = PLANTERS.with_name("Category_Listings_Report_PLANTER_DE.txt")
    paths = {"us": PLANTERS, "de": german}

    apply_import(paths=[paths[order[0]]], marketplace=order[0], pictures=source, now=SUMMER)
    asked, images = len(source.asked), list(ProductImage.objects.order_by("pk").values("product", "original"))
    apply_import(paths=[paths[order[1]]], marketplace=order[1], pictures=source, now=SUMMER)

    assert asked > 10
    assert len(source.asked) == len(set(source.asked)) == asked
    assert list(ProductImage.objects.order_by("pk").values("product", "original")) == images
