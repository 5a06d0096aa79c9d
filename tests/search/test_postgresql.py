"""The same questions to PostgreSQL: its full-text search, its pg_trgm, its triggers."""

import pytest

from storefront.search import selectors
from storefront.search.models import CatalogueChange
from tests.catalogue.factories import make_family, make_single

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def found(query):
    return [card.title for card in selectors.list_products(query=query).cards]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("lamps", ["Desk lamp"]),
        ("chraging cable", ["Charging cable"]),
        ("cabel", ["Charging cable"]),
        ("white cable", ["Charging cable"]),
        ("LMP-1", ["Desk lamp"]),
        ("' & | ! ( ) : *", []),
    ],
)
def test_postgresql_finds_what_sqlite_finds(query, expected):
    make_single("Desk lamp", sku="LMP-1")
    make_family("Charging cable", variants=[{"color": "Black"}, {"color": "White"}])

    assert found(query) == expected


def test_of_two_with_the_word_the_one_that_says_less_else_comes_first():
    make_single("Charging cable in a bag with a manual")
    make_single("Printer cable")

    assert found("cable") == ["Printer cable", "Charging cable in a bag with a manual"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/search/?q=%00", 200),
        ("/search/?q=cable%00", 200),
        ("/search/suggest/?q=ca%00ble", 200),
        ("/products/?brand=%00", 200),
        ("/products/?o_color=Black%00", 200),
        ("/products/?o_co%00lor=Black", 200),
        ("/s/LMP%001/", 404),
        ("/a/B0%00/", 404),
        ("/%00/", 404),
    ],
)
def test_an_address_with_a_nul_breaks_nothing(client, address, status):
    make_family("Charging cable", variants=[{"color": "Black"}, {"color": "White"}])

    assert client.get(address).status_code == status


def test_a_bulk_update_is_seen():
    product = make_single("Desk lamp")
    assert found("lamp") == ["Desk lamp"]
    type(product).objects.filter(pk=product.pk).update(title="Toaster")

    assert (found("lamp"), found("toaster")) == ([], ["Toaster"])


def test_stock_that_does_not_run_out_changes_no_other_list():
    product = make_single("Desk lamp", stock=5)
    CatalogueChange.objects.all().delete()
    product.stockrecords.update(num_in_stock=4)
    assert list(CatalogueChange.objects.values_list("product_id", "is_on_lists")) == [(product.pk, False)]
    product.stockrecords.update(num_in_stock=0)
    assert list(CatalogueChange.objects.values_list("is_on_lists", flat=True)) == [False, True]
