"""Both product feeds, read back by the rules their readers publish."""

from decimal import Decimal

import pytest

from tests.catalogue.factories import make_category, make_family, make_single, make_text
from tests.search.feed_rules import GOOGLE, META, read_items
from tests.search.test_feed import set_attribute

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue(markets, price):
    """A family with a reduction, a long single product, one of another's brand, one without a picture."""
    garden = make_category("Garden & Home")
    hose = make_family(
        "Hose",
        variants=[
            {"color": "Red", "size": "5 m", "sku": "H-R", "upc": "4006381333931"},
            {"color": "Blue", "sku": "H-B"},
        ],
        category=garden,
        pictures=30,
    )
    make_text(hose, language="de", title="Schlauch", description="<p>Für <b>Gärten</b> &amp; Höfe.</p>")
    for child in hose.children.all():
        price(child, markets["de"], "9.00", days_ago=60)
        price(child, markets["de"], "8.00", list_price=Decimal("10.00"))
    long = make_single("L" * 250, sku="LONG", description="d" * 12_000, pictures=1, stock=0)
    price(long, markets["de"], "1234.50")
    bare = make_single("Bare", sku="BARE")
    set_attribute(bare, "brand", "Fernowick")
    price(bare, markets["de"], "5.00")


def test_google_reads_every_item_with_a_picture(client, catalogue):
    content = client.get("/de/feeds/google.xml").getvalue()
    with pytest.raises(AssertionError, match="image_link"):
        read_items(content, GOOGLE)  # what has no picture is told to the merchant there, item by item

    make_pictures_complete()
    items = read_items(client.get("/de/feeds/google.xml").getvalue(), GOOGLE)

    assert [item["id"] for item in items] == ["H-R", "H-B", "LONG", "BARE"]
    assert (items[0]["price"], items[0]["sale_price"]) == ("9.00 EUR", "8.00 EUR")


def test_meta_reads_every_item_and_is_told_of_none_without_a_picture(client, catalogue):
    response = client.get("/de/feeds/meta.xml")
    red, blue, long = read_items(response.getvalue(), META)

    assert response["Cache-Control"] == "public, max-age=3600" and not response.cookies
    assert (red["id"], red["title"], red["description"]) == (
        "H-R",
        "Schlauch, Red, 5 m",
        "Für Gärten & Höfe.",
    )
    assert (red["availability"], long["availability"]) == ("in stock", "out of stock")
    assert (red["price"], red["sale_price"], red["item_group_id"]) == (
        "9.00 EUR",
        "8.00 EUR",
        blue["item_group_id"],
    )
    assert red["gtin"] == "4006381333931" and "brand" not in red
    assert long["brand"] == "Storefront"
    assert 10 < red["additional_image_link"].count(",") < 20
    assert red["shipping"] == [("DE", "4.90 EUR")]


def test_the_reader_refuses_what_breaks_a_rule(client, catalogue):
    content = client.get("/de/feeds/meta.xml").getvalue()

    for right, wrong in ((b"in stock", b"in_stock"), (b"8.00 EUR", b"8,00"), (b"H-B<", b"H-R<")):
        with pytest.raises(AssertionError):
            read_items(content.replace(right, wrong), META)


def test_there_is_no_feed_while_no_market_is_open(client, open_markets):
    open_markets([])

    assert client.get("/feeds/meta.xml").status_code == 404


def make_pictures_complete():
    from oscar.core.loading import get_model

    bare = get_model("catalogue", "Product").objects.get(stockrecords__partner_sku="BARE")
    get_model("catalogue", "ProductImage").objects.create(product=bare, original="products/bare.jpg")
