"""Take files in and have the worker plan, apply and undo; what the back office calls."""

import shutil
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path, PurePath
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files import File
from django.utils.translation import gettext as _

from catalog_import.errors import NotApplicable
from catalog_import.marketplaces import find_marketplace
from catalog_import.models import ImportRun
from catalog_import.services.planning import folder_of

State = ImportRun.State


def stage_import(
    *, files: Iterable[File], marketplace: str, now: datetime, user: Any = None, with_pictures: bool = True
) -> ImportRun:
    """Keep uploaded files out of the public's reach, as a run to be planned. Raises UnknownMarketplace."""
    run = ImportRun.objects.create(
        marketplace=find_marketplace(marketplace).code,
        started_at=now,
        heartbeat_at=now,
        user=user,
        with_pictures=with_pictures,
    )
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
    run.paths = [str(folder)]
    run.save(update_fields=["paths"])
    return run


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

    plan_in_worker.enqueue(run.pk)


def request_apply(run: ImportRun) -> None:
    """Have the worker apply a planned run, or what is left of one that was stopped. Raises NotApplicable."""
    from catalog_import.tasks import apply_in_worker

    waiting = ImportRun.objects.filter(pk=run.pk, is_running=False, planned_at__isnull=False)
    if not waiting.filter(state__in=[State.PLANNED, State.FAILED]).update(state=State.QUEUED):
        raise NotApplicable(
            _("Import %(number)s cannot be applied: it is %(state)s.")
            % {"number": run.pk, "state": run.get_state_display()}
        )
    apply_in_worker.enqueue(run.pk)


def request_undo(run: ImportRun) -> None:
    """Have the worker take a run back. Raises NotApplicable."""
    from catalog_import.services.undoing import may_be_undone
    from catalog_import.tasks import undo_in_worker

    run.refresh_from_db()
    if not may_be_undone(run):
        raise NotApplicable(_("This import cannot be undone."))
    undo_in_worker.enqueue(run.pk)
