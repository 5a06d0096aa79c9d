"""Take files in and have the worker plan, apply and undo; what the back office calls."""

import shutil
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path, PurePath
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files import File
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog_import.errors import NotApplicable
from catalog_import.marketplaces import find_marketplace
from catalog_import.models import ImportRun
from catalog_import.services.locking import release_dead_runs
from catalog_import.services.planning import folder_of

State = ImportRun.State
WORKER_PATIENCE = timedelta(minutes=2)


def stage_import(
    *, files: Iterable[File], marketplace: str, now: datetime, user: Any = None, with_pictures: bool = True
) -> ImportRun:
    """Keep uploaded files out of the public's reach, as a run to be planned. Raises UnknownMarketplace."""
    code = find_marketplace(marketplace).code
    return stage_folder(
        folder=keep_files(files), marketplace=code, now=now, user=user, with_pictures=with_pictures
    )


def keep_files(files: Iterable[File]) -> Path:
    """Return a new private folder with the files; a name is only a name, whatever path it pretends to be."""
    folder = Path(settings.IMPORTS_ROOT) / uuid4().hex
    folder.mkdir(parents=True, mode=0o700)
    for number, file in enumerate(files):
        name = PurePath(str(file.name).replace("\\", "/")).name[:200] or f"file-{number}"
        target = folder / name
        if target.exists():
            target = folder / f"{number}-{name}"
        with target.open("wb") as stream:
            for chunk in file.chunks():
                stream.write(chunk)
    return folder


def stage_folder(
    *, folder: Path, marketplace: str, now: datetime, user: Any = None, with_pictures: bool = True
) -> ImportRun:
    """Make a run to be planned of a folder that `keep_files` made."""
    return ImportRun.objects.create(
        marketplace=marketplace,
        started_at=now,
        heartbeat_at=now,
        user=user,
        with_pictures=with_pictures,
        paths=[str(folder)],
    )


def discard_run(run: ImportRun) -> None:
    """Remove a run that changed nothing, with its files. Raises NotApplicable for one that did."""
    run.refresh_from_db()
    if run.applied_at is not None or run.state in (State.PLANNING, State.APPLYING):
        raise NotApplicable(_("Only an import that has changed nothing can be removed."))
    if folder := folder_of(run):
        shutil.rmtree(folder, ignore_errors=True)
    run.delete()


def request_plan(run: ImportRun) -> None:
    """Have the worker plan a run; its progress is in the run."""
    from catalog_import.tasks import plan_in_worker

    release_dead_runs(now=timezone.now())
    ImportRun.objects.filter(pk=run.pk, state=State.STAGED).update(heartbeat_at=timezone.now())
    plan_in_worker.enqueue(run.pk)


def request_apply(run: ImportRun) -> None:
    """Have the worker apply a planned run, or what is left of one that was stopped. Raises NotApplicable."""
    from catalog_import.tasks import apply_in_worker

    release_dead_runs(now=timezone.now())
    waiting = ImportRun.objects.filter(pk=run.pk, is_running=False, planned_at__isnull=False)
    may_wait = waiting.filter(state__in=[State.PLANNED, State.FAILED, State.QUEUED])
    if not may_wait.update(state=State.QUEUED, heartbeat_at=timezone.now()):
        raise NotApplicable(
            _("Import %(number)s cannot be applied: it is %(state)s.")
            % {"number": run.pk, "state": run.get_state_display()}
        )
    apply_in_worker.enqueue(run.pk)


def request_undo(run: ImportRun) -> None:
    """Have the worker take a run back. Raises NotApplicable."""
    from catalog_import.services.undoing import may_be_undone
    from catalog_import.tasks import undo_in_worker

    release_dead_runs(now=timezone.now())
    run.refresh_from_db()
    may_wait = ImportRun.objects.filter(pk=run.pk, is_running=False, state=run.state)
    if not may_be_undone(run) or not may_wait.update(state=State.UNDO_QUEUED, heartbeat_at=timezone.now()):
        raise NotApplicable(_("This import cannot be undone."))
    undo_in_worker.enqueue(run.pk)


def take_back_request(run: ImportRun, *, error: str = "") -> None:
    """Let a run that waits for the worker wait no more: it is again what it was. Does nothing for another one."""
    runs = ImportRun.objects.filter(pk=run.pk, is_running=False)
    undo_began = run.batches.filter(is_undone=True).exists()
    is_written = not run.batches.filter(is_done=False).exists()
    applied = State.UNDO_STOPPED if undo_began else State.DONE if is_written else State.FAILED
    planned = State.FAILED if run.applied_at else State.PLANNED
    runs.filter(state=State.UNDO_QUEUED).update(state=applied, error=error)
    runs.filter(state=State.QUEUED).update(state=planned, error=error)


def is_stuck(run: ImportRun, *, now: datetime) -> bool:
    """Return whether a run has waited for the worker for longer than one that is there lets it wait."""
    waits = run.state in (State.STAGED, State.QUEUED, State.UNDO_QUEUED)
    return waits and now - run.heartbeat_at > WORKER_PATIENCE
