"""The import through its command: what a merchant's catalogue looks like afterwards."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from oscar.core.loading import get_model

from catalog_import.models import AmazonListing, ImportProblem, ImportRun
from catalog_import.services import apply_import
from tests.catalog_import.conftest import PLANTERS, US_FILES

Category = get_model("catalogue", "Category")
Product = get_model("catalogue", "Product")
StockRecord = get_model("partner", "StockRecord")
ProductText = apps.get_model("markets", "ProductText")

pytestmark = pytest.mark.django_db


def product_of(sku):
    return Product.objects.get(amazon_listings__sku=sku, amazon_listings__marketplace="us")


def catalogue_state():
    """Every row an import could touch, for 'nothing changed'."""
    models = (
        Product,
        StockRecord,
        ProductText,
        AmazonListing,
        Category,
        get_model("catalogue", "ProductCategory"),
    )
    models += (get_model("catalogue", "ProductAttributeValue"), get_model("catalogue", "ProductClass"))
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def test_the_demo_brand_becomes_the_catalogue_of_its_answer_key(import_amazon, answers):
    code, printed, _ = import_amazon("apply", *US_FILES)

    assert code == 0
    assert printed["counts"] == {
        "create": 173, "update": 0, "unchanged": 0, "withdraw": 0, "keep": 0, "problem": 0,
    }  # fmt: skip
    structures = list(Product.objects.values_list("structure", flat=True))
    assert [structures.count(name) for name in ("parent", "child", "standalone")] == [36, 123, 14]
    assert AmazonListing.objects.count() == 177
    twins = {item["twin_of"]: item for item in answers.values() if item["twin_of"]}
    listings = AmazonListing.objects.filter(is_primary=True).select_related("product__parent")
    for listing in listings.prefetch_related("product__stockrecords", "product__attribute_values__attribute"):
        item, product = answers[listing.sku], listing.product
        assert product.title == item["title"]["us"]
        assert product.is_public == (item["status"]["us"] == "Active")
        if item["role"] == "parent":
            assert not product.stockrecords.all()
            continue
        stock, *at_amazon = sorted(product.stockrecords.all(), key=lambda record: record.pk)
        price = Decimal(item["price"]["us"]) if item["status"]["us"] == "Active" else None
        assert (stock.price, stock.price_currency) == (price, "USD")
        assert stock.partner.code == "own"
        own = twins[listing.sku] if listing.sku in twins else None if item["fba"] else item
        assert stock.num_in_stock == (own["quantity"]["us"] if own else 0)
        assert [(each.partner.code, each.partner_sku, each.num_in_stock) for each in at_amazon] == (
            [("fba", item["sku"], item["quantity"]["us"])] if item["fba"] else []
        )
        assert product.upc.zfill(14) == item["gtin14"]
        options = {value.attribute.code: value.value_text for value in product.attribute_values.all()}
        options.pop("brand", None)
        assert options == item["options"]["us"]


def test_products_are_whole_in_oscars_eyes(import_amazon):
    import_amazon("apply", PLANTERS)

    assert Product.objects.count() == 18
    for product in Product.objects.all():
        product.clean()
        assert product.slug
        assert product.get_absolute_url()


def test_a_page_has_brand_category_texts_and_description(import_amazon):
    import_amazon("apply", PLANTERS)

    parent = Product.objects.filter(structure="parent").first()
    text = parent.texts.get()
    assert parent.product_class.slug == "planter"
    assert parent.attr.brand == "Fernowick"
    assert [category.name for category in parent.categories.all()] == ["Planters"]
    assert (text.language, len(text.bullet_points)) == ("en", 5)
    assert parent.description.startswith("<p>")


def test_plan_says_the_same_and_writes_nothing(import_amazon):
    code, printed, _ = import_amazon("plan", *US_FILES)

    assert (code, printed["counts"]["create"]) == (0, 173)
    assert not Product.objects.exists()
    run = ImportRun.objects.get()
    assert (printed["run"], run.state, run.applied_at) == (run.pk, "planned", None)


def test_the_same_files_again_change_nothing(import_amazon):
    import_amazon("apply", *US_FILES)
    before = catalogue_state()

    code, printed, _ = import_amazon("apply", *US_FILES)

    assert (code, printed["counts"]["unchanged"], printed["counts"]["update"]) == (0, 173, 0)
    assert catalogue_state() == before
    assert ImportRun.objects.count() == 2


def test_a_field_the_merchant_changed_stays_the_merchants(import_amazon, write_report):
    import_amazon("apply", write_report({"sku": "A"}, {"sku": "B"}))
    Product.objects.filter(title="Thing A").update(title="My better title")

    _, printed, _ = import_amazon(
        "apply", write_report({"sku": "A", "title": "New from Amazon", "price": "8.88"}, {"sku": "B"})
    )

    assert printed["counts"] | {"keep": 1, "update": 1} == printed["counts"]
    assert product_of("A").title == "My better title"
    assert product_of("A").stockrecords.get().price == Decimal("8.88")


def test_amazons_new_values_reach_fields_the_merchant_left_alone(import_amazon, write_report):
    import_amazon("apply", write_report({"sku": "A"}))

    import_amazon("apply", write_report({"sku": "A", "title": "New", "price": "7.00", "quantity": "3"}))

    product, stock = product_of("A"), product_of("A").stockrecords.get()
    assert (product.title, product.slug) == ("New", "thing-a")
    assert (stock.price, stock.num_in_stock) == (Decimal("7.00"), 3)


def test_stock_sold_in_the_shop_stays_sold_until_amazon_counts_anew(import_amazon, write_report):
    report = write_report({"sku": "A", "quantity": "5"})
    import_amazon("apply", report)
    StockRecord.objects.update(num_in_stock=4)

    _, printed, _ = import_amazon("apply", report)
    assert (printed["counts"]["keep"], StockRecord.objects.get().num_in_stock) == (0, 4)

    import_amazon("apply", write_report({"sku": "A", "quantity": "2"}))
    assert StockRecord.objects.get().num_in_stock == 2


def test_a_vanished_sku_is_withdrawn_not_deleted_and_comes_back(import_amazon, write_report):
    both = write_report({"sku": "A"}, {"sku": "B"}, name="both.txt")
    import_amazon("apply", both)

    _, printed, _ = import_amazon("apply", write_report({"sku": "A"}))
    assert printed["counts"]["withdraw"] == 1
    assert not product_of("B").is_public

    _, printed, _ = import_amazon("apply", write_report({"sku": "A"}))
    assert printed["counts"]["withdraw"] == 0

    import_amazon("apply", both)
    assert product_of("B").is_public


def test_nothing_is_withdrawn_without_a_complete_file(import_amazon, write_report):
    import_amazon("apply", write_report({"sku": "A"}))

    _, printed, _ = import_amazon("apply", PLANTERS)

    assert printed["counts"]["withdraw"] == 0


@pytest.mark.parametrize("row", [{"sku": "A", "status": ""}, {"sku": "A", "title": "Moved\tcells"}])
def test_nothing_is_withdrawn_by_a_report_that_may_not_name_every_sku(import_amazon, write_report, row):
    import_amazon("apply", write_report({"sku": "A"}, {"sku": "B"}, {"sku": "C"}))
    rows = [row] if not row.get("status", "x") else [row, {"sku": "C"}]

    _, printed, _ = import_amazon("apply", write_report(*rows))

    assert printed["counts"]["withdraw"] == 0
    assert product_of("B").is_public


def test_a_listings_report_alone_later_takes_no_family_apart(import_amazon):
    import_amazon("apply", *US_FILES)

    _, printed, _ = import_amazon("apply", US_FILES[0])

    assert (printed["counts"]["create"], printed["counts"]["withdraw"]) == (0, 0)
    assert Product.objects.filter(structure="child").count() == 123
    assert product_of("ZL-C60-PARENT").is_public


def test_families_form_when_the_category_report_comes_second(import_amazon, answers):
    import_amazon("apply", US_FILES[0])
    assert not Product.objects.exclude(structure="standalone").exists()

    import_amazon("apply", US_FILES[0], PLANTERS)

    children = Product.objects.filter(structure="child")
    planters = [
        item for item in answers.values() if item["product_type"] == "PLANTER" and item["role"] == "child"
    ]
    assert len(children) == len(planters)
    for child in children:
        child.clean()
        child.parent.clean()
        assert child.parent == product_of(answers[child.stockrecords.get().partner_sku]["parent_sku"])


def test_a_bad_price_is_reported_and_the_other_rows_are_imported(import_amazon, write_report):
    path = write_report({"sku": "A"}, {"sku": "B", "price": "12,90x"}, {"sku": "C"})

    code, printed, _ = import_amazon("apply", path)

    (problem,) = printed["problems"]
    assert code == 1
    assert (problem["file"], problem["row"], problem["column"], problem["sku"]) == (
        "report.txt",
        3,
        "price",
        "B",
    )
    assert problem["message"] == "'12,90x' is not a price."
    assert ImportProblem.objects.get().kind == "bad_price"
    assert [product_of(sku).is_public for sku in "ABC"] == [True, False, True]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("notes.txt", b"hello\n", "notes.txt is not an Amazon listings file"),
        ("empty.txt", b"", "empty.txt is empty"),
        ("listings.txt", b"%PDF-1.4", "listings.txt is a PDF document"),
        ("orders.txt", b"amazon-order-id\tbuyer-email\tsku\n", "Amazon buyers' names"),
        ("gone.txt", None, "cannot be opened"),
    ],
)
def test_a_named_file_that_cannot_be_read_stops_everything(
    import_amazon, write_report, tmp_path, name, content, sentence
):
    good, bad = write_report({"sku": "A"}), tmp_path / name
    if content is not None:
        bad.write_bytes(content)

    code, printed, error = import_amazon("apply", good, bad)

    assert code == 2
    assert sentence in error
    assert sentence in printed["refusal"]
    assert not Product.objects.exists()
    assert not ImportRun.objects.exists()


def test_a_bad_quantity_is_reported_once_and_the_stock_in_the_shop_stays(import_amazon, write_report):
    import_amazon("apply", write_report({"sku": "A", "quantity": "5"}))

    code, printed, _ = import_amazon(
        "apply", write_report({"sku": "A", "quantity": "abc"}, {"sku": "B", "quantity": "x"})
    )

    assert code == 1
    assert [(p["sku"], p["kind"]) for p in printed["problems"]] == [
        ("A", "bad_quantity"),
        ("B", "bad_quantity"),
    ]
    assert product_of("A").stockrecords.get().num_in_stock == 5


def test_an_unknown_marketplace_is_refused(import_amazon, write_report):
    code, _, error = import_amazon("apply", write_report({"sku": "A"}), marketplace="zz")

    assert code == 2
    assert "'zz' is not an Amazon marketplace" in error


def test_one_import_at_a_time(import_amazon, write_report):
    now = timezone.now()
    ImportRun.objects.create(
        marketplace="us", state="applying", is_running=True, started_at=now, heartbeat_at=now
    )

    code, _, error = import_amazon("apply", write_report({"sku": "A"}))

    assert code == 2
    assert "Another import is running" in error
    assert not Product.objects.exists()


def test_a_dead_run_does_not_block_the_next(import_amazon, write_report):
    long_ago = timezone.now() - timedelta(hours=1)
    dead = ImportRun.objects.create(
        marketplace="us", state="applying", is_running=True, started_at=long_ago, heartbeat_at=long_ago
    )

    code, _, _ = import_amazon("apply", write_report({"sku": "A"}))

    dead.refresh_from_db()
    assert (code, dead.state) == (0, ImportRun.State.FAILED)


def test_a_product_code_is_given_once(import_amazon):
    import_amazon("apply", PLANTERS)
    imported = Product.objects.exclude(upc=None).order_by("id").first()
    sku, taken = imported.stockrecords.get().partner_sku, imported.upc
    Product.objects.filter(pk=imported.pk).update(upc=None)
    Product.objects.create(title="The merchant's own", upc=taken, product_class=imported.get_product_class())

    code, printed, _ = import_amazon("apply", PLANTERS)

    assert code == 1
    assert ("gtin_taken", sku) in [(problem["kind"], problem["sku"]) for problem in printed["problems"]]
    assert not Product.objects.get(pk=imported.pk).upc


def test_a_merchants_own_product_with_the_same_sku_is_filled_not_overwritten(import_amazon, write_report):
    import_amazon("apply", write_report({"sku": "A"}))
    AmazonListing.objects.all().delete()
    Product.objects.update(title="Mine")

    _, printed, _ = import_amazon("apply", write_report({"sku": "A", "description": "<p>Told by Amazon</p>"}))

    product = Product.objects.get()
    assert (product.title, product.description) == ("Mine", "<p>Told by Amazon</p>")
    assert printed["counts"]["create"] == 0


def test_a_renamed_category_stays_renamed(import_amazon):
    import_amazon("apply", PLANTERS)
    category = Category.objects.get(code="amazon-planter")
    category.name = "Pots we love"
    category.save()

    import_amazon("apply", PLANTERS)

    assert [category.name for category in Category.objects.all()] == ["Pots we love"]


def test_products_stand_in_amazons_order(import_amazon, write_report):
    import_amazon("apply", write_report(*({"sku": sku} for sku in "CAB")))

    assert list(Product.objects.order_by("id").values_list("title", flat=True)) == [
        "Thing C",
        "Thing A",
        "Thing B",
    ]


def test_applying_takes_as_many_queries_for_twenty_products_as_for_two(write_report):
    counts = []
    for size, letter in ((1, "W"), (2, "A"), (20, "B")):  # the first makes the product class and the partner
        path = write_report(*({"sku": f"{letter}{number}"} for number in range(size)))
        with CaptureQueriesContext(connection) as queries:
            apply_import(paths=[path], marketplace="us", pictures=None, now=timezone.now())
        counts.append(len(queries))
        AmazonListing.objects.all().delete()

    assert counts[1] == counts[2]
