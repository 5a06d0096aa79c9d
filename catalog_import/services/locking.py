"""One import changes the catalogue at a time: who holds the place, and how a dead holder's place is taken over."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog_import.errors import CatalogImportError, ImportAlreadyRunning, StalePlan
from catalog_import.models import ImportRun

HEARTBEAT_TIMEOUT = timedelta(minutes=5)


@contextmanager
def hold_the_place(run: ImportRun, *, state: str, now: datetime) -> Iterator[None]:
    """Be the one import that changes the catalogue; the database's constraint keeps a second one out.

    Raises ImportAlreadyRunning. A run whose process has died makes way; an exception leaves the run FAILED.
    """
    release_dead_runs(now=now)
    try:
        with transaction.atomic():
            free = ImportRun.objects.filter(pk=run.pk, is_running=False)
            mine = free.update(
                is_running=True, state=state, worker=this_process(), heartbeat_at=now, error=""
            )
    except IntegrityError:
        mine = 0
    if not mine:
        raise ImportAlreadyRunning(
            _(
                "Another import is running. Wait until it is done, then start this one again; nothing was changed."
            )
        )
    run.refresh_from_db()
    try:
        yield
    except BaseException as error:
        known = isinstance(error, CatalogImportError)
        run.error = str(error) if known else repr(error)[:500]
        never_began = isinstance(error, StalePlan) and run.applied_at is None
        run.state = ImportRun.State.STALE if never_began else stopped_state(state)
        raise
    finally:
        run.is_running = False
        run.finished_at = timezone.now()
        run.save(update_fields=["state", "error", "is_running", "finished_at"])


def show_life(run: ImportRun, *, now: datetime, **progress: object) -> None:
    """Write the progress that other processes read. Raises ImportAlreadyRunning where another one took over."""
    mine = ImportRun.objects.filter(pk=run.pk, worker=run.worker)
    if not mine.update(heartbeat_at=now, **progress):
        raise ImportAlreadyRunning(_("Another process has taken this import over."))


def release_dead_runs(*, now: datetime) -> None:
    """Mark runs as stopped whose process is gone; they can be continued."""
    unfinished = [ImportRun.State.PLANNING, ImportRun.State.APPLYING, ImportRun.State.UNDOING]
    for run in ImportRun.objects.filter(state__in=unfinished).order_by("pk"):
        if is_dead(run, now=now):
            ImportRun.objects.filter(pk=run.pk, worker=run.worker, state=run.state).update(
                is_running=False, state=stopped_state(run.state), finished_at=now
            )


def stopped_state(state: str) -> str:
    """Return the state of a run that was stopped in `state`: an undo goes on undoing, everything else is FAILED."""
    is_undo = state in (ImportRun.State.UNDOING, ImportRun.State.UNDO_QUEUED)
    return ImportRun.State.UNDO_STOPPED if is_undo else ImportRun.State.FAILED


def is_dead(run: ImportRun, *, now: datetime) -> bool:
    """Return whether the process that works on a run is gone: certain on its own machine, by the clock elsewhere."""
    host, _separator, process = run.worker.partition(" ")
    if host == socket.gethostname():
        number, _separator, _begun = process.partition(" ")
        return _describe_process(int(number)) != process
    return run.heartbeat_at < now - HEARTBEAT_TIMEOUT


def this_process() -> str:
    """Return what tells this process from every other one."""
    return f"{socket.gethostname()} {_describe_process(os.getpid())}"


def _describe_process(number: int) -> str:
    """Return a process's number and, where the system says it, when it began; numbers are used again."""
    try:
        begun = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return ""
        except OSError:
            pass
        begun = ""
    return f"{number} {begun}"
