"""A plan is stored, shown page by page, exported, and refused once the shop has changed under it."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model

from catalog_import.errors import CatalogImportError, NotApplicable, StalePlan
from catalog_import.models import ImportRun
from catalog_import.selectors import (
    get_plan_page,
    get_problem_counts,
    get_progress,
    list_problems,
    stream_plan_csv,
)
from catalog_import.services import (
    apply_run,
    discard_run,
    folder_of,
    plan_import,
    plan_run,
    request_apply,
    request_plan,
    stage_import,
)

Product = get_model("catalogue", "Product")
NOW = datetime(2026, 6, 1, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def plan(report):
    return plan_import(paths=[report], marketplace="us", now=NOW).run


def apply(run):
    return apply_run(run, pictures=None, now=NOW + timedelta(days=run.pk))


def make_rows(count, **values):
    return [{"sku": f"S{number:04}"} | values for number in range(count)]


def test_a_plan_shows_every_field_before_and_after(write_report):
    apply(plan(write_report({"sku": "A"}, {"sku": "B"}, {"sku": "C"})))
    Product.objects.filter(title="Thing C").update(title="Mine")

    run = plan(write_report({"sku": "A", "price": "8.50"}, {"sku": "C", "title": "New"}, {"sku": "D"}))

    (changed,) = get_plan_page(run, action="update", sku="A").rows
    assert [(each.name, each.before, each.after) for each in changed.changes] == [
        ("stock_price", "9.99", "8.50"),
        ("market_price", "9.99", "8.50"),
    ]
    (kept,) = get_plan_page(run, action="keep").rows
    assert [(each.name, each.before, each.after) for each in kept.changes] == [("title", "Mine", "New")]
    (created,) = get_plan_page(run, action="create").rows
    assert (created.sku, created.title, created.changes[0].before) == ("D", "Thing D", None)
    (gone,) = get_plan_page(run, action="withdraw").rows
    assert (gone.sku, {each.name: each.after for each in gone.changes}) == (
        "B", {"stock_price": None, "market_price": None, "is_public": False},
    )  # fmt: skip


def test_pages_of_a_plan_take_the_same_queries_and_are_whole(write_report, monkeypatch):
    monkeypatch.setattr("catalog_import.stored_plan.BATCH_PRODUCTS", 500)
    run = plan(write_report(*make_rows(1203)))
    assert run.batches.count() == 3

    seen = []
    for number in range(1, 14):
        page = get_plan_page(run, action="create", number=number, per_page=100)
        seen += [row.sku for row in page.rows]
    assert seen == [f"S{number:04}" for number in range(1203)]
    assert (page.total, page.page_count) == (1203, 13)
    counts = []
    for per_page in (2, 20):
        with CaptureQueriesContext(connection) as queries:
            get_plan_page(run, action="create", number=5, per_page=per_page)
        counts.append(len(queries))
    assert counts[0] == counts[1] == 3
    assert [row.sku for row in get_plan_page(run, action="create", sku="s0777").rows] == ["S0777"]


def test_a_plan_is_exported_as_csv_without_formulas(write_report):
    run = plan(write_report({"sku": "A", "title": "=1+1"}, {"sku": "B", "price": "x"}))

    rows = list(csv.DictReader(io.StringIO("".join(stream_plan_csv(run)))))

    titles = [row for row in rows if row["sku"] == "A" and row["field"] == "title"]
    assert [(row["action"], row["after"]) for row in titles] == [("create", "'=1+1")]
    assert [row["sku"] for row in rows if row["action"] == "problem"] == ["B"]


def test_problems_are_counted_by_kind(write_report):
    run = plan(write_report({"sku": "A", "price": "x"}, {"sku": "B", "price": "y"}, {"sku": "C"}))

    assert get_problem_counts(run) == [("bad_price", 2)]
    assert [problem.sku for problem in list_problems(run, kind="bad_price", sku="b")] == ["B"]


def test_a_stored_plan_is_applied_later_as_it_was_shown(write_report):
    run = plan(write_report({"sku": "A"}))
    write_report({"sku": "Z"})  # the file is another one by now

    report = apply(run)

    assert report.counts["create"] == 1
    assert [product.title for product in Product.objects.all()] == ["Thing A"]
    assert get_progress(run.pk).state == "done"


@pytest.mark.parametrize("change", ["title", "gone", "sku_taken", "market"])
def test_a_stale_plan_is_refused_and_changes_nothing(write_report, change):
    apply(plan(write_report({"sku": "A"})))
    run = plan(write_report({"sku": "A", "price": "5.00"}, {"sku": "B"}))
    if change == "title":
        Product.objects.update(title="Edited meanwhile")
    elif change == "gone":
        Product.objects.all().delete()
    elif change == "sku_taken":
        apply(plan(write_report({"sku": "A"}, {"sku": "B"})))
    else:
        apps.get_model("markets", "Market").objects.filter(code="us").update(amazon_marketplaces=[])
    before = list(Product.objects.order_by("pk").values())

    with pytest.raises(StalePlan):
        apply(run)

    assert list(Product.objects.order_by("pk").values()) == before
    run.refresh_from_db()
    assert (run.state, run.is_running) == ("stale", False)
    with pytest.raises(NotApplicable):
        apply(run)


def test_a_sale_in_the_shop_does_not_make_a_plan_stale(write_report):
    apply(plan(write_report({"sku": "A"})))
    run = plan(write_report({"sku": "A", "price": "5.00"}))
    get_model("partner", "StockRecord").objects.update(num_in_stock=1)

    apply(run)

    record = get_model("partner", "StockRecord").objects.get()
    assert (str(record.price), record.num_in_stock) == ("5.00", 1)


def test_uploaded_files_are_planned_and_applied_by_the_worker(write_report, settings):
    content = write_report({"sku": "A"}).read_bytes()
    files = [SimpleUploadedFile("../../report.txt", content), SimpleUploadedFile("notes.txt", b"hello")]
    run = stage_import(files=files, marketplace="us", now=NOW, with_pictures=False)
    assert get_progress(run.pk).state == "staged"

    request_plan(run)
    run.refresh_from_db()
    assert (run.state, run.counts["create"]) == ("planned", 1)
    assert [(file["name"], bool(file["refusal"])) for file in run.files] == [
        ("notes.txt", True), ("report.txt", False),
    ]  # fmt: skip

    request_apply(run)
    progress = get_progress(run.pk)
    assert (progress.state, progress.done, progress.total, progress.percent) == ("done", 1, 1, 100)
    with pytest.raises(NotApplicable):
        discard_run(run)


def test_files_with_buyers_are_refused_and_not_kept(settings):
    orders = b"order-id\tbuyer-email\tbuyer-name\trecipient-name\tship-address-1\n1\ta@b.c\tA\tA\tStreet\n"
    run = stage_import(files=[SimpleUploadedFile("orders.txt", orders)], marketplace="us", now=NOW)

    request_plan(run)

    run.refresh_from_db()
    assert run.state == "refused"
    assert "orders.txt" in run.error
    assert list(folder_of(run).iterdir()) == []


def test_planning_again_replaces_the_plan(write_report):
    run = plan(write_report({"sku": "A"}, name="one.txt"))
    write_report({"sku": "A"}, {"sku": "B"}, name="one.txt")

    plan_run(run, now=NOW)

    assert get_plan_page(run, action="create").total == 2


def test_a_refused_plan_leaves_no_run(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("hello")

    with pytest.raises(CatalogImportError):
        plan(path)

    assert not ImportRun.objects.exists()
