"""An item sold from the own warehouse and from Amazon's is one variant with two stock sources."""

import io
import json

import pytest
from django.core.management import call_command
from oscar.core.loading import get_model

from catalog_import.models import AmazonListing, ImportRun
from storefront.markets.models import Market
from tests.catalog_import.oracle import export

pytestmark = pytest.mark.django_db
Product = get_model("catalogue", "Product")
StockRecord = get_model("partner", "StockRecord")

OWN = {"sku": "A", "asin": "B0ZZ000001", "quantity": "12"}
AT_AMAZON = {"sku": "A-FBA", "asin": "B0ZZ000001", "quantity": "", "channel": "AMAZON_NA"}
INVENTORY_HEADER = (
    "sku\tfnsku\tasin\tproduct-name\tcondition\tyour-price\tmfn-listing-exists\tmfn-fulfillable-quantity\t"
    "afn-listing-exists\tafn-warehouse-quantity\tafn-fulfillable-quantity\n"
)


@pytest.fixture
def write_inventory(tmp_path):
    """Write an FBA inventory report of SKU -> units that can be sold."""

    def write(**units):
        lines = [
            f"{sku.replace('_', '-')}\tX1\tB0ZZ000001\tThing\tNew\t9.99\tNo\t\tYes\t{count}\t{count}\n"
            for sku, count in units.items()
        ]
        path = tmp_path / "inventory.txt"
        path.write_text(INVENTORY_HEADER + "".join(lines))
        return path

    return write


def stock_of(sku):
    """Return place -> (SKU, quantity) as the export tells it."""
    records = {record["sku"]: record for record in map(json.loads, export().splitlines())}
    return {place: (one["sku"], one["quantity"]) for place, one in records[sku]["stock"].items()}


def test_twins_are_one_variant_with_two_sources(import_amazon, write_report, write_inventory):
    code, printed, _ = import_amazon("apply", write_report(OWN, AT_AMAZON), write_inventory(A_FBA=300))

    assert (code, printed["counts"]["create"], printed["counts"]["problem"]) == (0, 1, 0)
    assert Product.objects.count() == 1
    assert stock_of("A") == {"own": ("A", 12), "fba": ("A-FBA", 300)}
    assert list(StockRecord.objects.order_by("pk").values_list("partner__name", flat=True)) == [
        "Own warehouse",
        "Amazon FBA",
    ]


def test_the_order_of_the_rows_makes_no_difference(import_amazon, write_report, write_inventory):
    import_amazon("apply", write_report(AT_AMAZON, OWN), write_inventory(A_FBA=300))

    assert {place: count for place, (_, count) in stock_of("A-FBA").items()} == {"own": 12, "fba": 300}
    assert stock_of("A-FBA")["fba"][0] == "A-FBA"


def test_two_skus_at_amazon_are_counted_together(import_amazon, write_report, write_inventory):
    second = AT_AMAZON | {"sku": "A-FBA2"}
    import_amazon("apply", write_report(OWN, AT_AMAZON, second), write_inventory(A_FBA=300, A_FBA2=20))

    assert stock_of("A") == {"own": ("A", 12), "fba": ("A-FBA", 320)}


def test_what_only_amazon_has_is_not_in_the_own_warehouse(import_amazon, write_report, write_inventory):
    _, printed, _ = import_amazon("apply", write_report(AT_AMAZON), write_inventory(A_FBA=300))

    assert {place: count for place, (_, count) in stock_of("A-FBA").items()} == {"own": 0, "fba": 300}
    (note,) = printed["notes"]
    assert note.startswith("1 product lies in Amazon's warehouses only and is not sold")


def test_nothing_is_noted_where_amazon_ships(import_amazon, write_report, write_inventory):
    Market.objects.update(sells_all_stock=True)
    _, printed, _ = import_amazon("apply", write_report(AT_AMAZON), write_inventory(A_FBA=300))

    assert printed["notes"] == []


def test_a_second_import_changes_nothing_and_each_place_is_counted_anew(
    import_amazon, write_report, write_inventory
):
    report = write_report(OWN, AT_AMAZON)
    import_amazon("apply", report, write_inventory(A_FBA=300))
    _, printed, _ = import_amazon("apply", report, write_inventory(A_FBA=300))
    assert (printed["counts"]["unchanged"], printed["counts"]["update"]) == (1, 0)

    StockRecord.objects.filter(partner__code="own").update(num_in_stock=9)  # three were sold in the shop
    import_amazon("apply", report, write_inventory(A_FBA=250))

    assert stock_of("A") == {"own": ("A", 9), "fba": ("A-FBA", 250)}


def test_undo_restores_both_places(import_amazon, write_report, write_inventory):
    import_amazon("apply", write_report(OWN))
    alone = export()
    import_amazon("apply", write_report(OWN, AT_AMAZON), write_inventory(A_FBA=300))
    both = export()
    import_amazon("apply", write_report(OWN | {"quantity": "1"}, AT_AMAZON), write_inventory(A_FBA=7))
    assert stock_of("A") == {"own": ("A", 1), "fba": ("A-FBA", 7)}

    import_amazon("undo")
    assert export() == both
    import_amazon("undo", ImportRun.objects.order_by("pk")[1].pk)
    assert export() == alone
    assert [run.changed_since for run in ImportRun.objects.order_by("pk")] == [[], [], []]


def test_an_undo_leaves_what_was_counted_since(import_amazon, write_report, write_inventory):
    import_amazon("apply", write_report(OWN))
    import_amazon("apply", write_report(OWN, AT_AMAZON), write_inventory(A_FBA=300))
    StockRecord.objects.filter(partner__code="fba").update(num_in_stock=5)

    _, printed, _ = import_amazon("undo")

    assert printed["changed_since"] == [{"sku": "A", "what": "stock"}]
    assert stock_of("A")["fba"] == ("A-FBA", 5)


def test_both_places_are_read_back_into_an_empty_shop(import_amazon, write_report, write_inventory, tmp_path):
    import_amazon("apply", write_report(OWN, AT_AMAZON), write_inventory(A_FBA=300))
    before = export()
    path = tmp_path / "catalogue.jsonl"
    path.write_bytes(before)
    Product.objects.all().delete()
    AmazonListing.objects.all().delete()
    get_model("partner", "Partner").objects.all().delete()

    call_command("import_catalogue", str(path), stdout=io.StringIO())

    assert export() == before
    assert StockRecord.objects.order_by("pk").first().partner.code == "own"


def test_a_listing_that_amazon_ships_no_more_leaves_nothing_there(
    import_amazon, write_report, write_inventory
):
    import_amazon("apply", write_report(OWN, AT_AMAZON), write_inventory(A_FBA=300))

    import_amazon("apply", write_report(OWN))

    assert stock_of("A") == {"own": ("A", 12), "fba": ("A-FBA", 0)}


def test_a_sku_that_becomes_amazons_has_no_stock_in_the_own_warehouse(
    import_amazon, write_report, write_inventory
):
    import_amazon("apply", write_report(OWN))

    import_amazon("apply", write_report(AT_AMAZON | {"sku": "A"}), write_inventory(A=300))

    assert stock_of("A") == {"own": ("A", 0), "fba": ("A", 300)}
