"""An import takes as many queries for many products as for few, and writes nothing where nothing changed."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog_import import drafting
from catalog_import.drafts import draft_family
from catalog_import.services import apply_import
from tests.benchmarks.import_speed import SqliteShop, generate

NOW = datetime(2026, 6, 1, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def make_rows(count, prefix):
    return [{"sku": f"{prefix}{number:04}", "title": f"Lamp {number}"} for number in range(count)]


def count_queries(report, now):
    """Import a report; return how many queries that took and the tables that were written to."""
    with CaptureQueriesContext(connection) as queries:
        apply_import(paths=[report], marketplace="us", pictures=None, now=now)
    statements = [query["sql"] for query in queries]
    writes = [
        re.match(r'(?:\d+ times: )?(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"', sql) for sql in statements
    ]
    return len(statements), {match[1] for match in writes if match}


def test_the_same_again_writes_no_row_of_the_catalogue(write_report):
    report = write_report(*make_rows(30, "S"))
    _count, written = count_queries(report, NOW)
    assert {"catalogue_product", "partner_stockrecord", "catalog_import_amazonlisting"} <= written

    _count, written = count_queries(report, NOW + timedelta(hours=1))

    assert {table for table in written if not table.startswith("catalog_import_import")} == set()


@pytest.mark.parametrize("is_again", [False, True])
def test_a_batch_takes_the_same_queries_for_few_and_for_many(write_report, is_again):
    count_queries(write_report(*make_rows(1, "FIRST")), NOW)  # makes product class and attributes
    counts = []
    for hours, size in enumerate((3, 60), start=1):
        report = write_report(*make_rows(size, f"{size}-"))
        if is_again:
            count_queries(report, NOW + timedelta(hours=hours))
        counts.append(count_queries(report, NOW + timedelta(hours=hours, minutes=1))[0])

    assert counts[0] == counts[1]


def test_another_marketplace_has_families_drafted_twice_where_the_shop_has_their_skus(
    write_report, monkeypatch
):
    drafted = Counter()

    def record(family, **rest):
        drafted[family.variants[0].listings[0].sku] += 1
        return draft_family(family, **rest)

    monkeypatch.setattr(drafting, "draft_family", record)
    count_queries(write_report(*make_rows(3, "S")), NOW)
    drafted.clear()
    report = write_report(*make_rows(3, "S"), *make_rows(2, "NEW"))

    apply_import(paths=[report], marketplace="uk", pictures=None, now=NOW)

    assert drafted == {"S0000": 2, "S0001": 2, "S0002": 2, "NEW0000": 1, "NEW0001": 1}


@pytest.mark.long
def test_a_workbook_of_50_000_rows_is_planned_within_400_mb(tmp_path):
    shop = SqliteShop(tmp_path / "shop")
    workbook = generate(tmp_path, 50_000, ".xlsx")

    planned = shop.manage("import_amazon", "plan", str(workbook), "--marketplace", "us")

    assert planned.megabytes <= 400
