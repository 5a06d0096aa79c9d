"""An import is killed with SIGKILL at moments of chance; what goes on from there ends like one nobody killed."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection, connections
from django.utils import timezone
from oscar.core.loading import get_model

from catalog_import.models import ImportBatch, ImportRun
from catalog_import.services import apply_run, plan_import, undo_run
from storefront.markets.models import PriceChange
from storefront.markets.services.markets import ensure_markets
from tests.catalog_import.conftest import confirm_own_brands
from tests.catalog_import.oracle import export
from tests.conftest import restore_database

pytestmark = [pytest.mark.long, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROWS, BATCH, KILLS, UNDO_KILLS, SEED = 5_000, 80, 20, 4, 20_260_826
GENERATOR = Path(__file__).parents[1] / "data" / "generate_listings.py"


def fresh_shop():
    restore_database()
    ensure_markets()
    confirm_own_brands()


def plan(report):
    return plan_import(paths=[report], marketplace="us", now=timezone.now()).run


def apply_to_the_end(run):
    apply_run(run, pictures=None, now=timezone.now())


def undo_to_the_end(run):
    undo_run(run, now=timezone.now())


def begin(work, run):
    """Do some work in a process of its own; return its number."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work(ImportRun.objects.get(pk=run.pk))
            code = 0
        finally:
            os._exit(code)
    return child


def count(run, **written):
    return ImportBatch.objects.filter(run=run, **written).count()


def kill_once(work, run, pause, **written):
    """Let a process write at least one more batch and kill it a moment later; say whether it was still at work."""
    before = count(run, **written)
    child = begin(work, run)
    deadline = time.monotonic() + 60
    while count(run, **written) == before and time.monotonic() < deadline:
        time.sleep(0.005)
    time.sleep(pause)
    os.kill(child, signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    assert count(run, **written) > before
    return os.WIFSIGNALED(status)


def test_twenty_kills_later_the_shop_is_the_one_of_an_import_nobody_killed(tmp_path, monkeypatch):
    assert connection.vendor == "postgresql", "Set DATABASE_URL, as make test-postgres does."
    monkeypatch.setattr("catalog_import.stored_plan.BATCH_PRODUCTS", BATCH)
    report = tmp_path / "report.txt"
    subprocess.run(
        [sys.executable, GENERATOR, "--rows", str(ROWS), "--format", "clr", "--seed", "7", "--out", report],
        check=True,
        capture_output=True,
    )
    fresh_shop()
    run = plan(report)
    began = time.monotonic()
    apply_to_the_end(run)
    seconds_a_batch = (time.monotonic() - began) / count(run)
    expected, prices = export(), PriceChange.objects.count()
    assert expected.count(b"\n") > 0.9 * ROWS

    fresh_shop()
    run, chance = plan(report), random.Random(SEED)
    killed = sum(
        kill_once(apply_to_the_end, run, chance.random() * seconds_a_batch / 2, is_done=True)
        for _ in range(KILLS)
    )
    assert killed == KILLS
    assert count(run, is_done=False) > 0
    apply_to_the_end(run)

    run.refresh_from_db()
    assert (run.state, count(run, is_done=False)) == ("done", 0)
    assert PriceChange.objects.count() == prices
    assert export() == expected

    for _ in range(UNDO_KILLS):
        assert kill_once(undo_to_the_end, run, chance.random() * seconds_a_batch / 2, is_undone=True)
    undo_to_the_end(run)
    run.refresh_from_db()
    assert (run.state, run.changed_since) == ("undone", [])
    assert not get_model("catalogue", "Product").objects.exists()
    assert export() == b""
