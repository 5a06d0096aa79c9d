"""Batches written two at a time on PostgreSQL: the shop is the one that batch after batch makes."""

import threading
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connections
from django.utils import timezone, translation
from oscar.core.loading import get_model

from catalog_import.oscar_catalogue import CatalogueWriter, find_places
from catalog_import.services import apply_run, plan_import, side_by_side
from catalog_import.services.applying import _write_batch
from catalog_import.services.side_by_side import SideBySide
from tests.catalog_import.oracle import export
from tests.catalog_import.test_killed import fresh_shop
from tests.data.generate_listings import generate

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROWS = 1_200


@pytest.fixture
def report(tmp_path, monkeypatch):
    monkeypatch.setattr("catalog_import.stored_plan.BATCH_PRODUCTS", 40)
    path = tmp_path / "report.txt"
    generate(ROWS, "clr", "us", 7, str(path))
    return path


def plan(report):
    return plan_import(paths=[report], marketplace="us", now=timezone.now()).run


def apply(run):
    apply_run(run, pictures=None, now=timezone.now())
    run.refresh_from_db()
    return run


@contextmanager
def counting_writers(monkeypatch, before=lambda: None):
    """Count how many batches are being written at once, at most."""
    write, lock, seen = CatalogueWriter.write, threading.Lock(), {"now": 0, "most": 0}

    def counted(self, **what):
        with lock:
            seen["now"] += 1
            seen["most"] = max(seen.values())
        try:
            before()
            write(self, **what)
        finally:
            with lock:
                seen["now"] -= 1

    with monkeypatch.context() as patch:
        patch.setattr(CatalogueWriter, "write", counted)
        yield seen


def test_shop_is_the_one_that_batch_after_batch_makes(report, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(side_by_side, "AT_ONCE", 1)
        fresh_shop()
        apply(plan(report))
        expected = export()

    fresh_shop()
    with counting_writers(monkeypatch) as seen:
        run = apply(plan(report))

    assert export() == expected
    assert seen["most"] == 2
    assert (run.state, run.done) == ("done", run.total)
    for model, field in (("ProductClass", "slug"), ("Category", "code")):
        values = list(get_model("catalogue", model).objects.values_list(field, flat=True))
        assert len(values) == len(set(values))
    assert not get_model("catalogue", "Category").find_problems()[0]


def test_batch_that_changes_products_is_written_alone(report, monkeypatch):
    fresh_shop()
    apply(plan(report))
    changed = report.with_name("changed.txt")
    changed.write_bytes(report.read_bytes().replace(b"Amazon", b"the shop").replace(b" with ", b" and "))

    run = plan(changed)
    assert run.counts["update"] > 200
    with counting_writers(monkeypatch) as seen:
        apply(run)

    assert seen["most"] == 1


def test_batch_that_fails_leaves_whole_ones_and_is_written_next_time(report, monkeypatch):
    fresh_shop()
    calls = iter(range(1_000))

    def fail():
        if next(calls) == 5:
            raise DatabaseError("the server is gone")

    run = plan(report)
    with counting_writers(monkeypatch, before=fail), pytest.raises(DatabaseError, match="server is gone"):
        apply(run)
    run.refresh_from_db()
    written = sum(run.batches.filter(is_done=True).values_list("create", flat=True))
    assert (run.state, run.done) == ("failed", written)
    assert 0 < written < run.total
    assert get_model("catalogue", "Product").objects.count() == written

    run = apply(run)

    assert (run.state, run.done) == ("done", run.total)
    assert get_model("catalogue", "Product").objects.count() == run.total


def test_batch_that_a_killed_process_had_finished_is_passed_over(report):
    fresh_shop()
    run = apply(plan(report))

    assert _write_batch(run, run.batches.first().pk, find_places(), timezone.now()) == 0


def test_tasks_speak_the_language_of_who_starts_them_and_leave_no_connection():
    def look():
        connections["default"].ensure_connection()
        return translation.get_language(), connections["default"]

    with translation.override("zh-hans"), SideBySide() as tasks:
        for _ in range(4):
            tasks.start(look)
        languages, used = zip(*tasks.results(), strict=True)

    assert set(languages) == {"zh-hans"}
    assert not any(each is connections["default"] or each.connection for each in used)
