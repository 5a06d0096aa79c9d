"""Carry a stored plan out, batch by batch; a run that was stopped goes on where it stood."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog_import.errors import NotApplicable, StalePlan
from catalog_import.known import Snapshot
from catalog_import.marketplaces import find_marketplace
from catalog_import.models import ImportBatch, ImportRun
from catalog_import.oscar_catalogue import CatalogueWriter, Places, Scope, find_places, take_snapshot
from catalog_import.oscar_catalogue.changes import noted_apart
from catalog_import.oscar_catalogue.journal import Journal, refresh_table_statistics
from catalog_import.picture_sources import PictureSource
from catalog_import.pictures import attach_pictures
from catalog_import.rights.selectors import describe_held
from catalog_import.rights.services import settle_rights, show_confirmed
from catalog_import.said import keep_notes
from catalog_import.services.locking import hold_the_place, release_dead_runs, show_life
from catalog_import.services.memory import few_collections, free_memory
from catalog_import.services.planning import (
    describe_place,
    digest_files,
    plan_import,
    save_problems,
)
from catalog_import.services.reports import ImportReport, Progress, report_run
from catalog_import.services.side_by_side import SideBySide
from catalog_import.stored_plan import Batch, Footprint, fingerprint, pack_json, read_footprint, unpack
from catalog_import.stories.services import apply_stories

State = ImportRun.State
_GROWN_AFTER = (
    16,
    64,
    256,
    1024,
)  # batches, each time four times as many: the tables are of another size by then
_APPLICABLE = (State.PLANNED, State.QUEUED, State.FAILED)


def apply_import(
    *,
    paths: Sequence[Path],
    marketplace: str,
    pictures: PictureSource | None,
    now: datetime,
    progress: Progress = lambda step, done, total: None,
    user: Any = None,
) -> ImportReport:
    """Bring the catalogue to what these files say, then fetch the pictures; `pictures` None leaves them for later.

    Prices change at `now`. An import of the same files that was stopped goes on where it stood. The same files a
    second time change nothing. Raises what `plan_import` raises, and ImportAlreadyRunning; nothing was written then.
    """
    stopped = _find_stopped(paths=paths, marketplace=find_marketplace(marketplace).code, now=now)
    if stopped is not None:
        with suppress(StalePlan):
            return apply_run(stopped, pictures=pictures, now=now, progress=progress)
    run = plan_import(paths=paths, marketplace=marketplace, now=now, progress=progress, user=user).run
    return apply_run(run, pictures=pictures, now=now, progress=progress)


def apply_run(
    run: ImportRun,
    *,
    pictures: PictureSource | None,
    now: datetime,
    progress: Progress = lambda step, done, total: None,
) -> ImportReport:
    """Carry a planned run out, or what is left of one that was stopped.

    Raises NotApplicable for a run without a plan, StalePlan where the shop has changed what the plan was made from
    (nothing was written then), and ImportAlreadyRunning.
    """
    release_dead_runs(now=now)
    run.refresh_from_db()
    if run.state not in _APPLICABLE or run.planned_at is None:
        raise NotApplicable(
            _("Import %(number)s cannot be applied: it is %(state)s.")
            % {"number": run.pk, "state": run.get_state_display()}
        )
    with hold_the_place(run, state=State.APPLYING, now=now), few_collections():
        places = find_places()
        _refuse_stale(run, places, now)
        run.applied_at = run.applied_at or now
        run.save(update_fields=["applied_at"])
        with SideBySide[int]() as batches:
            for written in _write_batches(run, places, now, batches):
                progress("write", written, run.total)
        if pictures is not None:
            _fetch_pictures(run, pictures, places, progress)
        _write_stories(run, pictures)
        run.counts["problem"] = run.problems.count()
        said = {note["text"] for note in run.notes}
        run.notes += [note for note in keep_notes(describe_held()) if note["text"] not in said]
        run.state = State.DONE
        run.save(update_fields=["counts", "notes"])
    return report_run(run)


def was_imported(marketplace: str) -> bool:
    """Say whether an import of this marketplace was ever carried through."""
    return ImportRun.objects.filter(marketplace=marketplace, state=State.DONE).exists()


def _find_stopped(*, paths: Sequence[Path], marketplace: str, now: datetime) -> ImportRun | None:
    """Return an import of the same files that was stopped while it wrote."""
    release_dead_runs(now=now)
    stopped = ImportRun.objects.filter(
        marketplace=marketplace, state=State.FAILED, applied_at__isnull=False, planned_at__isnull=False
    )
    run = stopped.order_by("-pk").first()
    return run if run is not None and run.files_digest == digest_files(map(Path, paths)) else None


def _refuse_stale(run: ImportRun, places: Places, now: datetime) -> None:
    """Compare what the plan was made from with the shop of now, before anything is written."""
    market = find_marketplace(run.marketplace)
    is_stale = run.place != describe_place(places, market)
    for batch in _open_batches(run) if not is_stale else ():
        footprint = read_footprint(batch.payload)
        if batch.fingerprint != fingerprint(footprint, _look(run, footprint, places, now)):
            is_stale = True
            break
        free_memory()
    if is_stale:
        run.planned_at = None
        run.save(update_fields=["planned_at"])
        raise StalePlan(
            _("The shop was changed after import %(number)s was planned. Plan it again; nothing was changed.")
            % {"number": run.pk}
        )


def _open_batches(run: ImportRun) -> Iterator[ImportBatch]:
    """Yield the batches that are to be written, one in memory at a time."""
    for key in list(run.batches.filter(is_done=False).order_by("number").values_list("pk", flat=True)):
        yield ImportBatch.objects.get(pk=key)


def _look(run: ImportRun, footprint: Footprint, places: Places, now: datetime) -> Snapshot:
    scope = Scope(skus=footprint.skus, product_ids=footprint.product_ids)
    return take_snapshot(here=places.by_code[run.marketplace], places=places.by_code, now=now, scope=scope)


def _write_batches(run: ImportRun, places: Places, now: datetime, batches: SideBySide[int]) -> Iterator[int]:
    """Write what is left; yield how many products are written after each batch.

    Batches that only make products are written side by side. One that changes some comes after all before it and
    before all after it: a product may take the code that another one gives up.
    """
    done = run.batches.filter(is_done=True).values_list("create", "update", "withdraw")
    written = sum(sum(each) for each in done)
    show_life(run, now=timezone.now(), step=ImportRun.Step.WRITE, done=written, total=run.total)
    for size in _sizes_written(run, places, now, batches):
        written += size
        free_memory()
        yield written


def _sizes_written(run: ImportRun, places: Places, now: datetime, batches: SideBySide[int]) -> Iterator[int]:
    waiting = run.batches.filter(is_done=False).order_by("number")
    keys = list(waiting.values_list("pk", "update", "withdraw"))
    for number, (key, updated, withdrawn) in enumerate(keys, start=1):
        room = 0 if updated or withdrawn else batches.at_once - 1
        yield from batches.results(leaving=room)
        batches.start(partial(_write_batch, run, key, places, now))
        if number in _GROWN_AFTER:
            batches.start(_refresh_statistics)
        yield from batches.results(leaving=room)
    yield from batches.results()


def _refresh_statistics() -> int:
    refresh_table_statistics()
    return 0  # products


@transaction.atomic
def _write_batch(run: ImportRun, key: int, places: Places, now: datetime) -> int:
    """Write one batch and mark it as written, in one transaction: never half of it, never twice.

    Returns how many products it has; 0 where a process that was killed had got to the end of it after all.
    """
    batch = ImportBatch.objects.select_for_update().filter(pk=key, is_done=False).first()
    if batch is None:
        return 0
    plan = unpack(batch.payload)
    if plan.entries or plan.withdraw or plan.settled:
        batch.journal = pack_json(_write(run, plan, places, now))
    batch.is_done = True
    batch.save(update_fields=["is_done", "journal"])
    size = len(plan.entries) + len(plan.withdraw)
    # Last of all: a batch that is written beside this one waits for the run's row no longer than the commit takes.
    show_life(run, now=timezone.now(), done=F("done") + size)
    return size


def _write(run: ImportRun, plan: Batch, places: Places, now: datetime) -> dict[str, Any]:
    """Write a batch's products; return what that replaced."""
    writer = CatalogueWriter(
        snapshot=_look(run, plan.footprint, places, now),
        marketplace=find_marketplace(run.marketplace),
        currency=places.currency,
        now=now,
        digests=plan.settled,
    )
    journal = Journal(marketplace=run.marketplace, product_ids=plan.product_ids, skus=_noted_skus(plan))
    with noted_apart():
        writer.write(entries=plan.entries, withdrawals=plan.withdraw)
        decided = {entry.product_id: entry.changes for entry in plan.update}
        decided |= {each.product_id: each.changes for each in plan.withdraw}
        hidden = [key for key, changes in decided.items() if changes.get("is_public") is False]
        settle_rights(product_ids=list(decided), hidden=hidden)
        show_confirmed(product_ids=[writer.ids[entry.sku] for entry in plan.create])
    return journal.close(ids=writer.ids, entries=plan.entries, withdrawals=plan.withdraw)


def _noted_skus(plan: Batch) -> set[str]:
    notes = {note.sku for entry in plan.entries for note in entry.notes}
    return notes | {each.note.sku for each in plan.withdraw}


def _write_stories(run: ImportRun, source: PictureSource | None) -> None:
    def show(done: int, total: int) -> None:
        show_life(run, now=timezone.now(), step=ImportRun.Step.PICTURES, done=done, total=total)

    save_problems(run, apply_stories(run=run, pictures=source, on_done=show))


def _fetch_pictures(run: ImportRun, source: PictureSource, places: Places, progress: Progress) -> None:
    ranks = {code: place.rank for code, place in places.by_code.items()}
    run.problems.filter(column="picture").delete()
    for step in attach_pictures(source=source, marketplace=run.marketplace, ranks=ranks, run=run):
        save_problems(run, step.problems)
        show_life(run, now=timezone.now(), step=ImportRun.Step.PICTURES, done=step.done, total=step.total)
        progress("pictures", step.done, step.total)
