"""An empty shop's plan made by two processes is the one that one process makes, whatever becomes of the second."""

import os
import signal
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connections

from catalog_import import apart
from catalog_import.readers.staging import Staging
from catalog_import.services import packing, plan_import
from tests.data.generate_listings import generate

HERE = os.getpid()
NOW = datetime(2026, 6, 1, tzinfo=UTC)
ROWS, PART, CODE, DATA = 2_000, 100, 10, 6  # DATA: the first row of data, CODE: the column of product codes
BATCH = ("number", "payload", "skus", "fingerprint", "create", "update", "unchanged", "withdraw", "keep")
PROBLEM = ("file", "row", "column", "kind", "sku", "message", "action", "said")

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """A report with every fault there is, and product codes of which other families far from theirs have copies."""
    path = tmp_path_factory.mktemp("two") / "report.txt"
    generate(ROWS, "clr", "us", 3, str(path), 0.05)
    rows = [line.split(b"\t") for line in path.read_bytes().split(b"\n")]
    coded = [row for row in rows[DATA:] if len(row) > CODE and row[CODE].isdigit()]
    for number in (3, 40, 555):
        for copy in (150, 400, 700):
            coded[number + copy][CODE] = coded[number][CODE]
    path.write_bytes(b"\n".join(b"\t".join(row) for row in rows))
    return path


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    monkeypatch.setattr("catalog_import.stored_plan.BATCH_PRODUCTS", PART)


def plan(report, monkeypatch, *, in_two):
    """Plan the report; return all that is stored of it."""
    used = []
    monkeypatch.setattr(apart, "can_be_two", lambda: used.append(1) or in_two)
    run = plan_import(paths=[report], marketplace="us", now=NOW).run
    assert used
    batches = list(run.batches.order_by("number").values_list(*BATCH))
    problems = list(run.problems.order_by("pk").values_list(*PROBLEM))
    return batches, problems, run.counts, run.notes, run.total


def test_plan_of_two_is_the_plan_of_one(report, monkeypatch):
    two = plan(report, monkeypatch, in_two=True)
    one = plan(report, monkeypatch, in_two=False)

    batches, problems, *_ = one
    assert len(batches) > 10
    kinds = [problem[3] for problem in problems]
    assert kinds.count("gtin_taken") > 5
    assert {"missing_price", "unknown_quantity", "orphan_child"} <= set(kinds)
    assert two == one


def test_both_processes_plan(report, monkeypatch, tmp_path):
    pack_apart = packing.Packer.pack_apart

    def told(self, part):
        with (tmp_path / str(os.getpid())).open("a") as stream:
            stream.write("x")
        return pack_apart(self, part)

    monkeypatch.setattr(packing.Packer, "pack_apart", told)
    plan(report, monkeypatch, in_two=True)

    parts = {path.name: len(path.read_text()) for path in tmp_path.iterdir()}
    assert len(parts) == 2
    assert parts[str(HERE)] - 1 in (sum(parts.values()) // 2, (sum(parts.values()) - 1) // 2)


@pytest.mark.parametrize("fault", ["killed", "raises"])
def test_plan_is_the_same_when_the_second_process_ends_half_way(fault, report, monkeypatch, tmp_path):
    pack_apart, died = packing.Packer.pack_apart, tmp_path / "died"
    parts = []

    def end(self, part):
        parts.append(part)
        if os.getpid() != HERE and len(parts) == 4:
            died.write_text(fault)
            if fault == "killed":
                os.kill(os.getpid(), signal.SIGKILL)
            raise MemoryError
        return pack_apart(self, part)

    with monkeypatch.context() as patch:
        patch.setattr(packing.Packer, "pack_apart", end)
        two = plan(report, patch, in_two=True)

    assert died.exists()
    assert two == plan(report, monkeypatch, in_two=False)


def test_second_process_uses_no_connection_of_the_first(report, monkeypatch, tmp_path):
    used, begun = tmp_path / "used", tmp_path / "begun"
    open_again = Staging.open_again

    def refuse(execute, sql, params, many, context):
        if os.getpid() != HERE:
            used.write_text(sql)
        return execute(sql, params, many, context)

    def begin(self):
        first = self._database
        open_again(self)
        begun.write_text(str(first is not self._database))

    monkeypatch.setattr(Staging, "open_again", begin)
    with connections["default"].execute_wrapper(refuse):
        plan(report, monkeypatch, in_two=True)

    assert begun.read_text() == "True"
    assert not used.exists()


def test_staged_listings_are_gone_with_their_process(tmp_path, monkeypatch):
    monkeypatch.setenv("SQLITE_TMPDIR", str(tmp_path))
    first = os.fork()
    if first == 0:
        left = Staging("us")
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(first, 0)
    (left,) = tmp_path.iterdir()

    staging = Staging("us")
    (now,) = tmp_path.iterdir()
    other = Staging("us")
    assert now != left
    assert len(list(tmp_path.iterdir())) == 2
    staging.close()
    del other

    assert list(tmp_path.iterdir()) == []


def test_second_process_cannot_change_what_is_staged(tmp_path, monkeypatch):
    monkeypatch.setenv("SQLITE_TMPDIR", str(tmp_path))
    staging = Staging("us")
    (path,) = Path(tmp_path).iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    staging.open_again()

    with pytest.raises(sqlite3.OperationalError):
        staging.claim([(1, "A")])
