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
