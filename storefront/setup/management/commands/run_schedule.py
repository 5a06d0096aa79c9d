"""manage.py run_schedule: do what the shop does by the clock, until it is told to stop."""

import logging
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

logger = logging.getLogger(__name__)
STOP_SIGNALS = frozenset({signal.SIGTERM, signal.SIGINT})
MINUTE, HOUR, DAY = 60, 60 * 60, 24 * 60 * 60


@dataclass(frozen=True)
class Job:
    """A management command that may run at any time and any number of times, and how long to wait between runs."""

    command: str
    every_seconds: int
    arguments: tuple[str, ...] = ()


JOBS = (
    Job("publish_scheduled", MINUTE),
    Job("update_search_index", MINUTE),
    Job("tell_cdn_of_release", 5 * MINUTE),
    Job("send_stock_alerts", MINUTE),
    Job("reconcile_payments", 10 * MINUTE),
    Job("reconcile_payments", DAY, ("--days", "35")),
    Job("record_price_changes", HOUR),
    Job("remind_of_deadlines", HOUR),
    Job("start_due_imports", 5 * MINUTE),
    Job("make_avif_copies", MINUTE),
    Job("make_avif_copies", DAY, ("--again",)),
    Job("clearsessions", DAY),
    Job("forget_wallet_baskets", DAY),
    Job("forget_newsletter_wishes", DAY),
    Job("forget_stock_alerts", DAY),
    Job("forget_consent_choices", DAY),
    Job("prune_db_task_results", DAY),
)


class Command(BaseCommand):
    help = "Settle payments, publish scheduled pages and clear what is old, in one process. SIGTERM stops it."

    def add_arguments(self, parser):
        parser.add_argument(
            "--heartbeat", type=Path, help="A file to touch after each round, for a health check."
        )

    def handle(self, *args, heartbeat, **options):
        # Blocked signals wait: a job is never cut off in the middle, and the sleep below takes them.
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
        logger.info("Schedule: %s", ", ".join(f"{job.command} every {job.every_seconds} s" for job in JOBS))
        due = dict.fromkeys(JOBS, time.monotonic())
        stopped = None
        while not stopped:
            for job in (job for job in JOBS if due[job] <= time.monotonic()):
                run_job(job)
                due[job] = time.monotonic() + job.every_seconds
            if heartbeat:
                heartbeat.touch()
            stopped = signal.sigtimedwait(STOP_SIGNALS, max(0.0, min(due.values()) - time.monotonic()))
        logger.info("Schedule: stopped")


def run_job(job: Job) -> None:
    """Run one job; its failure is logged and the next round tries again."""
    started = time.monotonic()
    close_old_connections()
    try:
        call_command(job.command, *job.arguments)
    except CommandError as error:
        logger.error("%s: %s", job.command, error)
    except Exception:
        logger.exception("%s failed; it runs again in %d s", job.command, job.every_seconds)
    else:
        level = logging.DEBUG if job.every_seconds <= MINUTE else logging.INFO
        logger.log(level, "%s: done in %.1f s", job.command, time.monotonic() - started)
    finally:
        close_old_connections()
