"""The feed Google Merchant Center fetches from each edition: what is sold there, at which price, in which words."""

from decimal import Decimal

import pytest
from defusedxml import ElementTree
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from oscar.core.loading import get_model

from storefront.markets.editions import edition_by_code
from storefront.markets.models import CategoryText, MarketBlock, OptionText
from storefront.search.feeds import is_public_gtin, read_feed
from storefront.search.shopper import Shopper
from tests.catalogue.factories import make_category, make_family, make_single, make_text

pytestmark = pytest.mark.django_db

G = "{http://base.google.com/ns/1.0}"


def fetch(client, prefix=""):
    response = client.get(f"{prefix}/feeds/google.xml")
    assert response.status_code == 200
    return response


def items(client, prefix=""):
    """Return each item as a dictionary of its texts, its pictures in a list and `shipping` as pairs."""
    channel = ElementTree.fromstring(fetch(client, prefix).getvalue()).find("channel")
    found = []
    for element in channel.findall("item"):
        item = {child.tag.removeprefix(G): child.text for child in element}
        item["pictures"] = [child.text for child in element if child.tag.endswith("image_link")]
        item["shipping"] = [tuple(part.text for part in child) for child in element.findall(f"{G}shipping")]
        found.append(item)
    return found


def set_attribute(product, code, value):
    root = product.parent or product
    attribute, _ = get_model("catalogue", "ProductAttribute").objects.get_or_create(
        product_class=root.product_class, code=code, defaults={"name": code, "type": "text"}
    )
    get_model("catalogue", "ProductAttributeValue").objects.create(
        product=product, attribute=attribute, value_text=value
    )


def test_one_sku_has_each_markets_price_and_is_absent_where_it_is_blocked(client, open_markets, price):
    markets = open_markets(["us", "de", "uk", "fr"])
    lamp = make_single("Lamp", sku="LAMP-1", price="12.00")
    price(lamp, markets["de"], "13.50")
    price(lamp, markets["uk"], "11.00")
    price(lamp, markets["fr"], "13.00")
    MarketBlock.objects.create(product=lamp, market=markets["fr"])

    for prefix, shown, shipping in (
        ("", "12.00 USD", ("US", "5.99 USD")),
        ("/de", "13.50 EUR", ("DE", "4.90 EUR")),
        ("/uk", "11.00 GBP", ("GB", "3.99 GBP")),
    ):
        (item,) = items(client, prefix)
        assert (item["id"], item["price"], item["shipping"]) == ("LAMP-1", shown, [shipping])
        assert item["link"] == f"http://testserver{prefix}{lamp.get_absolute_url()}"
        assert "sale_price" not in item
    assert items(client, "/fr") == []
    assert [market.prices_include_tax for market in (markets["us"], markets["de"])] == [False, True]


def test_what_has_no_price_here_or_is_hidden_is_absent(client, markets):
    make_single("Priced in dollars only", price="12.00")
    make_single("Hidden", price="12.00", is_public=False)
    make_single("Unknown", price=None)
    make_family("Hidden family", variants=[{"size": "M"}], is_public=False)
    make_family("Hidden variant", variants=[{"size": "M", "is_public": False}])

    assert [item["title"] for item in items(client)] == ["Priced in dollars only"]
    assert items(client, "/de") == []


def test_variants_of_a_family_share_its_group_and_speak_the_editions_language(client, markets, price):
    garden = make_category("Garden")
    hoses = make_category("Hoses", parent=garden)
    CategoryText.objects.create(category=garden, language="de", name="Garten")
    CategoryText.objects.create(category=hoses, language="de", name="Schläuche")
    hose = make_family(
        "Hose", variants=[{"color": "Red", "size": "M", "sku": "H-R", "pictures": 2}], category=hoses
    )
    (red,) = hose.children.all()
    price(red, markets["de"], "8.99")
    make_text(
        hose, language="de", title="Schlauch", description="<p>Für Gärten.</p><p>Robust &amp; lang.</p>"
    )
    OptionText.objects.create(product=red, language="de", axis="color", label="Farbe", value="Rot")
    OptionText.objects.create(product=red, language="de", axis="size", label="Größe", value="Mittel")

    (item,) = items(client, "/de")
    (english,) = items(client)

    assert item["title"] == "Schlauch, Rot, Mittel"
    assert item["description"] == "Für Gärten. Robust & lang."
    assert (item["color"], item["size"], item["item_group_id"]) == ("Rot", "Mittel", str(hose.pk))
    assert item["product_type"] == "Garten > Schläuche"
    assert item["pictures"] == [
        f"http://testserver/media/products/{red.pk}/{number}.jpg" for number in (0, 1)
    ]
    assert (english["title"], english["color"], english["product_type"]) == (
        "Hose, Red, M",
        "Red",
        "Garden > Hoses",
    )


def test_a_reduction_shows_what_its_page_shows(client, markets, price):
    lamp = make_single("Lamp")
    price(lamp, markets["de"], "25.00", days_ago=60)
    price(lamp, markets["de"], "19.99", list_price=Decimal("40.00"), days_ago=1)
    price(lamp, markets["us"], "15.00", list_price=Decimal("20.00"), days_ago=1)

    (german,), (american,) = items(client, "/de"), items(client)

    assert (german["price"], german["sale_price"]) == ("25.00 EUR", "19.99 EUR")
    assert (american["price"], american["sale_price"]) == ("20.00 USD", "15.00 USD")


def test_a_reduction_that_may_not_be_announced_is_the_price(client, markets, price):
    price(make_single("Lamp"), markets["de"], "19.99", list_price=Decimal("40.00"))

    (item,) = items(client, "/de")

    assert item["price"] == "19.99 EUR" and "sale_price" not in item


def test_what_is_sold_out_or_reserved_is_out_of_stock(client, markets):
    make_single("Sold out", stock=0)
    reserved = make_single("Reserved", stock=2)
    reserved.stockrecords.update(num_allocated=2)
    make_single("Here", stock=1)

    assert [item["availability"] for item in items(client)] == ["out_of_stock", "out_of_stock", "in_stock"]


def test_identifiers_are_given_where_they_are_valid(client, markets):
    known = make_single("Known", upc="4006381333931")
    set_attribute(known, "brand", "Fernowick")
    make_single("Wrong", upc="4006381333932")
    set_attribute(make_single("Part"), "mpn", "FW-7")

    known_item, wrong, part = items(client)

    assert (known_item["gtin"], known_item["brand"], known_item["condition"]) == (
        "4006381333931",
        "Fernowick",
        "new",
    )
    assert "identifier_exists" not in known_item
    assert wrong["identifier_exists"] == "no" and "gtin" not in wrong
    assert part["mpn"] == "FW-7" and "identifier_exists" not in part


@pytest.mark.parametrize(
    ("code", "is_public"),
    [
        ("4006381333931", True),
        ("036000291452", True),
        ("96385074", True),
        ("4006381333932", False),
        ("2000000000008", False),  # for use within a company
        ("", False),
        ("0000000000000", False),
        ("B0ABCDEFGH", False),
    ],
)
def test_a_gtin_counts_only_where_it_names_one_product_everywhere(code, is_public):
    assert is_public_gtin(code) is is_public


def test_any_text_is_well_formed_and_whole(client, markets):
    make_single(
        "Nuts & <bolts> \U0001f529\x07",
        sku="A&B",
        description="<ul><li>5 &lt; 6\x08</li><li>Tom &amp; Anna 🌱</li></ul>",
    )
    make_single("T" * 200, description="d" * 6000)

    strange, long = items(client)

    assert strange["title"] == "Nuts & <bolts> \U0001f529"
    assert strange["description"] == "5 < 6 Tom & Anna 🌱"
    assert strange["id"] == "A&B"
    assert (len(long["title"]), len(long["description"])) == (150, 5000)


def test_queries_do_not_grow_with_products(client, markets, price):
    def add(count):
        for number in range(count):
            hose = make_family(f"Hose {number}", variants=[{"color": "Red"}], category=garden, pictures=1)
            price(hose.children.get(), markets["de"], "9.00", days_ago=60)
            price(hose.children.get(), markets["de"], "8.00", list_price=Decimal("9.50"))

    def count_queries():
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            fetch(client, "/de")
        return len(queries)

    garden = make_category("Garden")
    add(2)
    few = count_queries()
    add(18)

    assert len(items(client, "/de")) == 20
    assert count_queries() == few


def test_every_batch_is_read(markets):
    for number in range(5):
        make_single(f"Lamp {number}", sku=f"L{number}")
    edition = edition_by_code("us-en")
    shopper = Shopper(market=edition.market, language="en", fallback="en", now=timezone.now())

    found = [item.sku for item in read_feed(shopper=shopper, absolute=str, batch_size=2)]

    assert found == ["L0", "L1", "L2", "L3", "L4"]


def test_anybody_may_keep_it_and_no_cookie_is_set(client, markets):
    make_single("Lamp")

    response = fetch(client, "/de")

    assert response["Content-Type"] == "application/xml; charset=utf-8"
    assert response["Cache-Control"] == "public, max-age=3600"
    assert int(response["Content-Length"]) == len(response.getvalue())
    assert not response.cookies


def test_the_channel_is_the_shop_in_its_edition(client, markets):
    channel = ElementTree.fromstring(fetch(client, "/de").getvalue()).find("channel")

    assert channel.findtext("link") == "http://testserver/de/products/"


def test_there_is_no_feed_while_no_market_is_open(client, open_markets):
    open_markets([])

    assert client.get("/feeds/google.xml").status_code == 404
