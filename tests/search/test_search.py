import pytest

from catalog_import.models import AmazonListing
from storefront.search import selectors
from tests.catalogue.factories import make_family, make_single, make_text

pytestmark = pytest.mark.django_db


def found(query):
    return [card.title for card in selectors.list_products(query=query).cards]


@pytest.fixture
def shop():
    """A shop with a lamp, a cable in two lengths, and a rake."""
    make_single("Desk lamp", sku="LMP-1", upc="4006381333931")
    make_family(
        "USB cable",
        variants=[
            {"color": "Black", "size": "1 m", "sku": "CBL-1"},
            {"color": "Black", "size": "2 m", "sku": "CBL-2", "upc": "0012345678905"},
        ],
    )
    make_text(
        make_single("Rake", sku="RK-9"), bullet_points=["Steel tines", "Für jede Jahreszeit, auch GRÜN"]
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("lamp", ["Desk lamp"]),
        ("LAMP desk", ["Desk lamp"]),
        ("lamp cable", []),
        ("LMP-1", ["Desk lamp"]),
        ("lmp-1", ["Desk lamp"]),
        ("4006381333931", ["Desk lamp"]),
        ("CBL-2", ["USB cable"]),
        ("0012345678905", ["USB cable"]),
        ("black cable", ["USB cable"]),
        ("steel", ["Rake"]),
        ("grün", ["Rake"]),
        ("100%", []),
        ("   ", ["Desk lamp", "USB cable", "Rake"]),
    ],
)
def test_what_a_query_finds(shop, query, expected):
    assert found(query) == expected


def test_an_asin_finds_its_product():
    product = make_single("Rake")
    AmazonListing.objects.create(marketplace="us", sku="X", asin="B0ZZ0WL3NH", product=product)
    make_single("Lamp")

    assert found("b0zz0wl3nh") == ["Rake"]


def test_a_code_comes_before_words_and_a_title_before_the_rest():
    make_text(make_single("Bag"), bullet_points=["Fits the K2 lamp"])
    make_single("K2 lamp")
    make_single("Stand", sku="K2")

    assert found("K2") == ["Stand", "K2 lamp", "Bag"]


def test_a_hidden_variants_code_is_not_found():
    make_family(variants=[{"size": "S", "sku": "SECRET-1", "is_public": False}, {"size": "M"}])
    hidden = make_single("Hidden", sku="SECRET-2", is_public=False)

    assert found("SECRET-2") == []
    assert hidden.title not in found("SECRET-1")


def test_the_page_of_a_search_shows_what_it_found(client, shop):
    page = client.get("/search/", {"q": "lamp"}).content.decode()

    assert "Results for “lamp”" in page
    assert 'value="lamp"' in page
    assert "1 product" in page


def test_a_search_without_a_find_offers_ways_on(client, shop):
    page = client.get("/search/", {"q": "hdmi <b>"}).content.decode()

    assert "Nothing found for “hdmi &lt;b&gt;”" in page
    assert "Desk lamp" in page
    assert 'href="/products/"' in page


def test_a_search_for_nothing_offers_ways_on(client, shop):
    page = client.get("/search/").content.decode()

    assert "What are you looking for?" in page
    assert "Desk lamp" in page


def test_a_very_long_query_is_cut(client, shop):
    response = client.get("/search/", {"q": "lamp " * 1000})

    assert response.status_code == 200
    assert len(response.context["query"]) <= 100


def test_featured_products_keep_the_order_of_the_ids():
    first, second = make_single("A"), make_single("B")

    assert [card.title for card in selectors.featured_products(ids=[second.pk, first.pk, 999])] == ["B", "A"]
