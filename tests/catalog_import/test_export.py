"""The catalogue leaves in an open format and comes back the same."""

import csv
import io
import json
import sys
import zipfile
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from oscar.core.loading import get_model

from catalog_import.models import AmazonListing, ImportRun, PictureJob
from storefront.markets.models import Market, MarketBlock, MarketPrice, PriceChange, ProductTaxClass
from storefront.markets.services.prices import set_price
from tests.catalog_import.conftest import DE_FILES, DEMO_BRAND, PLANTERS, US_FILES
from tests.catalog_import.oracle import export

pytestmark = pytest.mark.django_db
Product = get_model("catalogue", "Product")
Category = get_model("catalogue", "Category")


def records(**options):
    return [json.loads(line) for line in export(**options).splitlines()]


def empty_the_shop():
    Product.objects.filter(structure="child").delete()
    Product.objects.all().delete()
    AmazonListing.objects.all().delete()
    Category.objects.all().delete()
    ImportRun.objects.all().delete()
    get_model("catalogue", "ProductClass").objects.exclude(slug="product").delete()


def bring_back(content, tmp_path, *, name="catalogue.jsonl", pictures=(), code=0):
    path = tmp_path / name
    path.write_bytes(content)
    out, err = io.StringIO(), io.StringIO()
    options = ["--pictures", *map(str, pictures)] if pictures else []
    found = 0
    try:
        call_command("import_catalogue", str(path), *options, stdout=out, stderr=err)
    except SystemExit as exit_:
        found = exit_.code
    assert found == code, err.getvalue()
    return out.getvalue() + err.getvalue()


@pytest.fixture
def odd_catalogue(import_amazon):
    """The demo's planters in two languages, with everything that a merchant may have done to them since."""
    import_amazon("apply", PLANTERS)
    child = Product.objects.filter(structure="child").order_by("id").first()
    parent = child.parent
    text = child.texts.get()
    text.title, text.description = "=1+1", "'quoted\r\n@SUM(A1) _x000D_ \x0b" + "long " * 9000
    text.bullet_points = ["-1", 'a, "b"; c', "عربي 🪴", ""]
    text.save()
    Product.objects.filter(pk=child.pk).update(
        title="+49 30", meta_title="@m", upc="00012345600012", priority=3
    )
    now, market = timezone.now(), Market.objects.get(code="us")
    set_price(product=child, market=market, amount=Decimal("7.5"), list_price=Decimal("9"), source="me",
              now=now, valid_until=now + timedelta(days=9))  # fmt: skip
    MarketBlock.objects.create(product=parent, market=Market.objects.get(code="uk"), reason="no plug")
    ProductTaxClass.objects.create(product=parent, tax_class="books")
    own = Product.objects.create(structure="standalone", title="Mine", product_class=parent.product_class)
    other = get_model("partner", "Partner").objects.create(code="barn", name="barn")
    get_model("partner", "StockRecord").objects.create(
        product=own, partner=other, partner_sku='=own/"1"', price=Decimal("5"), num_in_stock=0
    )
    Product.objects.create(structure="parent", title="Page", product_class=parent.product_class)
    for code, kind, value in (("volume", "integer", 3), ("wet", "boolean", True), ("note.x", "text", "-a")):
        attribute = parent.product_class.attributes.create(code=code, name=code, type=kind)
        own.attribute_values.create(attribute=attribute, **{f"value_{kind}": value})
    shelf = Category.add_root(name="Garden & home", slug="garden")
    own.categories.add(shelf.add_child(name="=Pots"))
    return child


def test_every_product_is_one_object_sorted_by_sku(import_amazon, answers):
    import_amazon("apply", *US_FILES)
    import_amazon("apply", *DE_FILES, marketplace="de")

    found = records()

    skus = [record["sku"] for record in found]
    assert skus == sorted(skus) and len(set(skus)) == Product.objects.count()
    child = next(record for record in found if record["structure"] == "child" and len(record["texts"]) == 2)
    assert set(child["texts"]["de"]) >= {"title", "bullet_points"}
    assert child["offers"]["us"]["currency"] == "USD" and child["offers"]["de"]["currency"] == "EUR"
    assert set(child["stock"]) == {"own", "fba"}
    assert set(child["listings"]) == {"de", "us"}
    parent = next(record for record in found if record["sku"] == child["parent_sku"])
    assert parent["option_axes"] == sorted(child["options"])
    assert parent["brand"] == "Zellumo" or parent["brand"] == "Fernowick"
    assert parent["published"] is True


def test_the_export_takes_as_many_queries_for_many_products(import_amazon, write_report):
    import_amazon("apply", write_report({"sku": "A"}, {"sku": "B"}))
    with CaptureQueriesContext(connection) as few:
        export()
    import_amazon("apply", write_report(*({"sku": f"S{number}"} for number in range(20))))
    with CaptureQueriesContext(connection) as many:
        export()
    assert len(many) == len(few)


@pytest.mark.parametrize(
    ("format", "with_amazon"), [("jsonl", False), ("jsonl", True), ("csv", False), ("xlsx", True)]
)
def test_an_empty_shop_becomes_the_exported_one(odd_catalogue, tmp_path, format, with_amazon):
    before = export(format=format, with_amazon=with_amazon)
    if not with_amazon:  # what was imported is then not known; the pictures that listings name are
        AmazonListing.objects.update(imported={})
    lines = export(with_amazon=with_amazon)
    empty_the_shop()

    printed = bring_back(before, tmp_path, name=f"catalogue.{format}")

    assert f"{Product.objects.count()} created, 0 changed, 0 unchanged" in printed
    assert export(format=format, with_amazon=with_amazon) == before
    assert export(with_amazon=with_amazon) == lines


def test_a_second_import_changes_nothing(odd_catalogue, tmp_path):
    before, history = export(), PriceChange.objects.count()

    printed = bring_back(before, tmp_path)

    assert printed.startswith(f"0 created, 0 changed, {Product.objects.count()} unchanged")
    assert (export(), PriceChange.objects.count()) == (before, history)


def test_what_a_file_does_not_say_stays_and_what_it_says_is_written(import_amazon, tmp_path):
    import_amazon("apply", PLANTERS)
    before = records()
    child = next(record for record in before if record["structure"] == "child")
    line = {"sku": child["sku"], "structure": "child", "parent_sku": child["parent_sku"]}
    line |= {"offers": {"us": {"currency": "USD", "price": "99.00"}}, "stock": {"own": {"quantity": 77}}}

    printed = bring_back(json.dumps(line).encode(), tmp_path)

    assert printed.startswith("0 created, 1 changed, 0 unchanged")
    after = {record["sku"]: record for record in records()}[child["sku"]]
    assert after["offers"]["us"]["price"] == "99.00"
    assert after["stock"]["own"]["quantity"] == 77
    assert after["texts"] == child["texts"] and after["options"] == child["options"]
    assert PriceChange.objects.filter(amount=99, source="catalogue file").count() == 1


@pytest.mark.parametrize("give", ["storage", "folder", "archive", "nothing"])
def test_pictures_come_back_by_their_hash_or_stay_addresses(import_amazon, tmp_path, settings, give):
    settings.MEDIA_ROOT = tmp_path / "old"
    import_amazon("apply", PLANTERS, pictures=DEMO_BRAND / "images")
    before = export()
    assert b'"sha256"' in before
    count = get_model("catalogue", "ProductImage").objects.count()
    empty_the_shop()
    given = []
    if give != "storage":
        settings.MEDIA_ROOT = tmp_path / "new"
        given = [tmp_path / "old"] if give == "folder" else []
    if give == "archive":
        given = [tmp_path / "pictures.zip"]
        with zipfile.ZipFile(given[0], "w") as archive:
            for number, path in enumerate(sorted((tmp_path / "old").rglob("*.*"))):
                archive.writestr(f"{number % 2}/{number // 2}{path.suffix}", path.read_bytes())

    bring_back(before, tmp_path, pictures=given)

    images = get_model("catalogue", "ProductImage").objects.count()
    assert images == (0 if give == "nothing" else count)
    assert PictureJob.objects.filter(state="pending").exists() == (give == "nothing")
    assert export() == before


def test_no_cell_of_a_table_is_a_formula(odd_catalogue):
    rows = list(csv.reader(io.StringIO(export(format="csv").decode("utf-8-sig"))))
    cells = [cell for row in rows for cell in row]
    assert "'=1+1" in cells and "'+49 30" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


@pytest.mark.parametrize(
    "content",
    [
        b'{"sku": "A"}',
        b'{"sku": "A", "structure": "child", "parent_sku": "B"}',
        b'{"sku": "A", "structure": "standalone", "offers": {"us": {"price": "NaN"}}}',
        b'{"sku": "A", "structure": "standalone", "titel": "x"}',
        b'{"sku": "A", "structure": "standalone"}\n{"sku": "A", "structure": "standalone"}',
        b'{"sku": "A", "structure": "standalone", "gtin": 12}',
        b"sku,structure,offers.us.nothing\nA,standalone,1\n",
        b"title\nA\n",
        b"",
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b"PK\x03\x04 broken",
        b"\xff\xfe\x00",
    ],
)
def test_a_file_with_a_fault_is_refused_and_nothing_is_written(tmp_path, content):
    printed = bring_back(content, tmp_path, code=2)
    assert printed
    assert not Product.objects.exists()


def test_scripts_in_a_file_do_not_reach_the_shop(tmp_path):
    line = {
        "sku": "A",
        "structure": "standalone",
        "title": "T",
        "description": "<p>ok & so<script>x()</script>",
    }
    line["texts"] = {"en": {"title": "T", "description": '<img src=x onerror="x()"><b>&amp;</b>'}}

    bring_back(json.dumps(line).encode(), tmp_path)

    product = Product.objects.get()
    assert product.description == "<p>ok &amp; so</p>"
    assert product.texts.get().description == '<img src="x"><b>&amp;</b>'


def test_a_market_that_the_shop_has_not_is_reported(tmp_path):
    line = {"sku": "A", "structure": "standalone", "offers": {"mars": {"price": "1.00", "currency": "EUR"}}}
    assert "mars" in bring_back(json.dumps(line).encode(), tmp_path, code=1)
    assert Product.objects.count() == 1 and not MarketPrice.objects.exists()


def test_the_command_writes_a_file_or_to_standard_output(import_amazon, tmp_path, monkeypatch):
    import_amazon("apply", PLANTERS)
    for ending in ("jsonl", "csv", "xlsx"):
        call_command("export_catalogue", "--output", str(tmp_path / f"shop.{ending}"), stderr=io.StringIO())
        assert (tmp_path / f"shop.{ending}").read_bytes() == export(format=ending, with_amazon=False)
    shown = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(sys, "stdout", shown)
    call_command("export_catalogue", stderr=io.StringIO())
    assert shown.buffer.getvalue() == export(with_amazon=False)
