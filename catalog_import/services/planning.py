"""Read the files of a run, compare them with the shop, and store what an import would do; writes no product."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, fields
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.utils import timezone

from catalog_import import stored_plan
from catalog_import.code_digest import code_digest
from catalog_import.errors import CatalogImportError
from catalog_import.known import Snapshot
from catalog_import.listing import RowProblem
from catalog_import.marketplaces import Marketplace, find_marketplace
from catalog_import.models import ImportBatch, ImportProblem, ImportRun
from catalog_import.oscar_catalogue import OscarShop, Places, find_places
from catalog_import.planner import plan_parts
from catalog_import.readers import FileReport, Reading, read_files
from catalog_import.said import keep, keep_notes
from catalog_import.services import row_memory
from catalog_import.services.locking import show_life, this_process
from catalog_import.services.memory import few_collections, free_memory
from catalog_import.services.packing import PackedBatch, Packer
from catalog_import.services.reports import NO_COUNTS, ImportReport, Progress, report_run
from catalog_import.services.side_by_side import SideBySide
from catalog_import.stories.services import plan_stories

State = ImportRun.State
_PROBLEM_FIELDS = tuple(each.name for each in fields(RowProblem))


def plan_import(
    *,
    paths: Sequence[Path],
    marketplace: str,
    now: datetime,
    progress: Progress = lambda step, done, total: None,
    user: Any = None,
) -> ImportReport:
    """Say what importing these files would do, and store that as a run to be applied; no product is written.

    Raises UnknownMarketplace, and UnreadableFile for a file that is named and cannot be read; then nothing is stored.
    """
    run = ImportRun.objects.create(
        marketplace=find_marketplace(marketplace).code,
        paths=[str(Path(path).absolute()) for path in paths],
        started_at=now,
        heartbeat_at=now,
        user=user,
    )
    try:
        return plan_run(run, now=now, progress=progress)
    except CatalogImportError:
        run.delete()
        raise


def plan_run(
    run: ImportRun, *, now: datetime, progress: Progress = lambda step, done, total: None
) -> ImportReport:
    """Plan a run anew from its files. Raises what `plan_import` raises; the run is then REFUSED and says why."""
    market = find_marketplace(run.marketplace)
    run.batches.all().delete()
    run.problems.all().delete()
    run.worker, run.state, run.error = this_process(), State.PLANNING, ""
    run.started_at = run.heartbeat_at = now
    run.finished_at = run.planned_at = None
    run.save()
    try:
        with few_collections():
            reading = _read(run, market, progress)
            with closing(reading.listings):
                _plan(run, reading, market, now, progress)
            plan_stories(run=run, stories=reading.stories)
    except CatalogImportError as error:
        forget_refused_files(run, list(getattr(error, "files", ())))
        run.files = [asdict(file) for file in getattr(error, "files", ())]
        run.state, run.error = State.REFUSED, str(error)
        run.save()
        raise
    except BaseException:
        run.state = State.FAILED
        run.save()
        raise
    run.save()
    return report_run(run)


def _read(run: ImportRun, market: Marketplace, progress: Progress) -> Reading:
    count = 0

    def count_file(name: str) -> None:
        nonlocal count
        count += 1
        show_life(run, now=timezone.now(), step=ImportRun.Step.READ, done=count)
        progress("read", count, 0)

    paths = [Path(path) for path in run.paths]
    reading = read_files(paths=paths, marketplace=market, on_file=count_file, recall=row_memory.recall)
    row_memory.remember_rows(reading.faultless, now=timezone.now())
    run.files_digest = digest_files(paths)
    run.files = [asdict(file) for file in reading.files]
    forget_refused_files(run, reading.files)
    return reading


def forget_refused_files(run: ImportRun, files: Sequence[FileReport]) -> None:
    """Delete uploaded files that were refused: they may hold buyers' names and addresses."""
    folder = folder_of(run)
    for file in files if folder else ():
        path = folder / Path(file.name).name
        if file.refusal and "/" not in file.name and path.is_file():
            path.unlink()


def folder_of(run: ImportRun) -> Path | None:
    """Return where the uploaded files of a run are kept; None where it has none."""
    folder = Path(run.paths[0]) if run.paths else None
    return folder if folder and folder.parent == Path(settings.IMPORTS_ROOT) else None


def _plan(run: ImportRun, reading: Reading, market: Marketplace, now: datetime, progress: Progress) -> None:
    places = find_places()
    here = places.by_code[market.code]
    shop = OscarShop(here=here, places=places.by_code, now=now)
    counts, total, done = Counter[str](), len(reading.listings), 0
    only_at_amazon = 0
    run.place = describe_place(places, market)
    save_problems(run, reading.problems)
    counts["problem"] = len(reading.problems)
    with SideBySide[None](1) as stored:
        for number, batch in enumerate(_pack_parts(run, reading, market, shop, now, counts)):
            counts.update(batch.counts)
            only_at_amazon += batch.only_at_amazon
            done = min(total, done + batch.size)
            list(stored.results())
            stored.start(partial(_store, run, number, batch, done, total))
            progress("plan", done, total)
            free_memory()
        list(stored.results())
    if done < total:
        progress("plan", total, total)
    run.counts = NO_COUNTS | counts
    notes = (places.note(market), places.note_stock(market, only_at_amazon))
    run.notes = keep_notes(filter(None, notes))
    run.step, run.done, run.total = ImportRun.Step.WRITE, 0, _count_written(run.counts)
    run.state, run.planned_at = State.PLANNED, now


def _store(run: ImportRun, number: int, batch: PackedBatch, done: int, total: int) -> None:
    """Store a batch, while the next one is planned."""
    ImportBatch.objects.create(
        run=run,
        number=number,
        payload=batch.payload,
        skus=batch.skus,
        fingerprint=batch.fingerprint,
        **batch.counts,
    )
    show_life(run, now=timezone.now(), step=ImportRun.Step.PLAN, done=done, total=total)


def _pack_parts(
    run: ImportRun,
    reading: Reading,
    market: Marketplace,
    shop: OscarShop,
    now: datetime,
    counts: Counter[str],
) -> Iterator[PackedBatch]:
    """Plan, store the problems of each part and count them; yield the batches."""
    never = Snapshot(shop.here, shop.language)
    packer = Packer(
        lambda footprint: (
            never if shop.is_empty else shop.look(skus=footprint.skus, product_ids=footprint.product_ids)
        )
    )
    parts = plan_parts(
        listings=reading.listings,
        shop=shop,
        problems=reading.problems,
        language=market.language,
        is_complete=reading.is_complete,
        now=now,
        size=_size_parts(len(reading.listings)) if shop.is_empty else stored_plan.BATCH_PRODUCTS,
        make=packer.pack_apart if shop.is_empty else packer.pack_part,
        surroundings=_surroundings(run.place, is_complete=reading.is_complete),
    )
    for part in parts:
        save_problems(run, part.problems)
        counts["problem"] += len(part.problems)
        packer.rest.add(part.rest)
        yield from part.batches
    yield from packer.pack_rest()


def _size_parts(listings: int) -> int:
    """Return how many listings a part of new products has: with few parts one process would wait for the other."""
    most = stored_plan.BATCH_PRODUCTS
    return most if listings < 4 * most else min(most, max(most // 2, listings // 10))


def _surroundings(place: dict[str, Any], *, is_complete: bool) -> bytes:
    """Return what a plan depends on beside files and shop: settings, and how this version of the importer reads."""
    content = [place, settings.LANGUAGE_CODE, is_complete, code_digest().hex()]
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).digest()


def describe_place(places: Places, market: Marketplace) -> dict[str, Any]:
    """Return where the marketplace's prices go, to see whether that is still so when the plan is applied."""
    return asdict(places.by_code[market.code]) | {"currency": places.currency}


def save_problems(run: ImportRun, problems: Iterable[RowProblem]) -> None:
    """Store problems with their run."""
    rows = (_problem_row(run, problem) for problem in problems)
    ImportProblem.objects.bulk_create(rows, batch_size=1000)


def _problem_row(run: ImportRun, problem: RowProblem) -> ImportProblem:
    values = {name: getattr(problem, name) for name in _PROBLEM_FIELDS}
    said = {name: kept for name in ("message", "action") if (kept := keep(values[name]))}
    return ImportProblem(run=run, said=said, **values)


def digest_files(paths: Iterable[Path]) -> str:
    """Return a digest of all bytes of files and folders, to recognise the same ones given again."""
    digest = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                digest.update(file.name.encode(errors="surrogateescape"))
                with file.open("rb") as stream:
                    digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


def _count_written(counts: dict[str, int]) -> int:
    return counts["create"] + counts["update"] + counts["withdraw"]
