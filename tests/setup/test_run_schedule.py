"""The scheduler's process: it works at once, outlives a job that fails, and stops when asked."""

import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from storefront.setup.management.commands.run_schedule import JOBS, Job, run_job
from storefront.setup.snapshot import load_snapshot

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60


def test_the_scheduler_runs_its_jobs_and_stops_cleanly_when_asked(tmp_path):
    database, heartbeat = tmp_path / "shop.sqlite3", tmp_path / "heartbeat"
    load_snapshot(database)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "storefront.settings.dev",
        "SQLITE_FILE": str(database),
        "DATABASE_URL": "",
    }
    command = [sys.executable, "manage.py", "run_schedule", "--heartbeat", str(heartbeat)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + START_SECONDS
    while not heartbeat.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    log = process.communicate(timeout=20)[1]
    assert heartbeat.exists(), log
    assert process.returncode == 0, log
    assert "clearsessions: done in" in log
    assert log.rstrip().endswith("Schedule: stopped")


@pytest.mark.django_db
def test_a_job_that_fails_is_logged_and_does_not_end_the_schedule(caplog):
    run_job(Job("no_such_command", every_seconds=60))
    assert [(r.levelno, r.getMessage()) for r in caplog.records] == [
        (logging.ERROR, "no_such_command: Unknown command: 'no_such_command'")
    ]


def test_payments_are_reconciled_more_often_than_they_expire(settings):
    reconcile = next(job for job in JOBS if job.command == "reconcile_payments")
    assert reconcile.every_seconds < settings.PAYMENT_EXPIRY_MINUTES * 60
