"""What the import's tests share: the demo brand, its answer key, and the command as a merchant runs it."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from catalog_import.families import build_family
from catalog_import.readers.staged_body import stage_listing
from catalog_import.readers.staging import Pile, Staging
from catalog_import.rights.services import confirm_brand
from storefront.markets.services.markets import ensure_markets

DEMO_BRAND = Path(__file__).parent.parent / "data" / "demo_brand"
US_FILES = [
    DEMO_BRAND / "listings" / "All_Listings_Report_US.txt",
    DEMO_BRAND / "category_listings",
    DEMO_BRAND / "reports" / "FBA_MYI_Unsuppressed_Inventory_US.txt",
]
PLANTERS = DEMO_BRAND / "category_listings" / "Category_Listings_Report_PLANTER_US.txt"
DE_FILES = [
    DEMO_BRAND / "listings" / "All_Listings_Report_DE.txt",
    DEMO_BRAND / "category_listings",
    DEMO_BRAND / "reports" / "FBA_MYI_Unsuppressed_Inventory_DE.txt",
]
OWN_BRANDS = ("Zellumo", "Fernowick", "ゼルモ")
REPORT_HEADER = (
    "item-name\titem-description\tseller-sku\tprice\tquantity\tasin1\tfulfillment-channel\tstatus\n"
)


def stage(listings):
    """Return listings as a reading of one category report has them."""
    staging = Staging("us")
    staging.add(Pile.CATEGORY, "report.txt", map(stage_listing, listings))
    staging.merge()
    return staging


def build_families(staging, *, known_parents=()):
    """Return the families of staged listings and what is wrong with them; `known_parents` are the shop's."""
    staging.group(lambda skus: set(known_parents) & set(skus))
    built = [build_family(staged) for part in staging.families(1000) for staged in part]
    return [family for family, _ in built], [problem for _, problems in built for problem in problems]


@pytest.fixture(scope="session")
def answers():
    """The answer key of the demo brand: SKU -> what its rows mean."""
    return {item["sku"]: item for item in json.loads((DEMO_BRAND / "manifest.json").read_text())["items"]}


def confirm_own_brands():
    """Say that the brands of the demo and of generated listings are the merchant's own."""
    for brand in OWN_BRANDS:
        confirm_brand(name=brand, basis="own", now=timezone.now())


@pytest.fixture(autouse=True)
def markets(request):
    """Give every test that has the database the markets a new shop starts with, and confirm its own brands."""
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        ensure_markets()
        confirm_own_brands()


@pytest.fixture
def import_amazon(markets):
    """Run the command with --json and return (exit code, printed object, standard error)."""

    def run(action, *paths, marketplace="us", pictures=None):
        options = ["--pictures", str(pictures)] if pictures else ["--no-pictures"]
        out, err = io.StringIO(), io.StringIO()
        arguments = [
            "import_amazon",
            action,
            *map(str, paths),
            "--marketplace",
            marketplace,
            "--json",
            *options,
        ]
        code = 0
        try:
            call_command(*arguments, stdout=out, stderr=err)
        except SystemExit as exit_:
            code = exit_.code
        return code, json.loads(out.getvalue()), err.getvalue()

    return run


@pytest.fixture
def write_report(tmp_path):
    """Write an All Listings Report with the given rows (SKU -> price, quantity, channel, status…)."""

    def write(*rows, name="report.txt"):
        lines = [REPORT_HEADER]
        for row in rows:
            cell = {
                "title": f"Thing {row['sku']}",
                "price": "9.99",
                "quantity": "5",
                "asin": "",
                "status": "Active",
            }
            cell |= {"channel": "DEFAULT"} | row
            names = ("title", "description", "sku", "price", "quantity", "asin", "channel", "status")
            lines.append("\t".join(cell.get(name, "") for name in names) + "\n")
        path = tmp_path / name
        path.write_text("".join(lines), "cp1252")
        return path

    return write
