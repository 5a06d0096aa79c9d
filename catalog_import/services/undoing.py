"""Take a run back: everything it changed is as it was, but for what somebody changed since, which is listed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from catalog_import.comparing import Comparer
from catalog_import.errors import NotApplicable
from catalog_import.known import Snapshot
from catalog_import.models import ImportBatch, ImportRun
from catalog_import.oscar_catalogue import Places, Scope, find_places, take_snapshot
from catalog_import.oscar_catalogue.journal import (
    existing_ids,
    new_listings,
    prices_to_restore,
    remove_made,
    restore_rows,
)
from catalog_import.oscar_catalogue.prices import MarketPrices
from catalog_import.picture_jobs import undo_jobs
from catalog_import.plan import Entry
from catalog_import.rights.services import settle_rights
from catalog_import.services.locking import hold_the_place, release_dead_runs, show_life
from catalog_import.services.reports import ImportReport, Progress, report_run
from catalog_import.stored_plan import Batch, unpack, unpack_json
from catalog_import.stories.services import undo_stories

State = ImportRun.State
_UNDOABLE = (State.DONE, State.FAILED, State.UNDO_QUEUED, State.UNDO_STOPPED)
_WATCHED = ("title", "description", "upc", "is_public", "stock_price", "market_price",
            "text_title", "text_description", "bullet_points", "specifications")  # fmt: skip


def may_be_undone(run: ImportRun) -> bool:
    """Return whether a run changed something, or is half undone, and no later one of its marketplace did."""
    if run.state not in _UNDOABLE or run.applied_at is None:
        return False
    later = ImportRun.objects.filter(marketplace=run.marketplace, pk__gt=run.pk, applied_at__isnull=False)
    return not later.exclude(state=State.UNDONE).exists()


def undo_run(
    run: ImportRun, *, now: datetime, progress: Progress = lambda step, done, total: None
) -> ImportReport:
    """Take back what a run wrote, newest batch first, each in one transaction; what is left goes on where it stood.

    A product it made is removed; one that was edited or ordered since stays, as does every field that was changed
    since: `changed_since` of the run lists them. Raises NotApplicable and ImportAlreadyRunning.
    """
    release_dead_runs(now=now)
    run.refresh_from_db()
    if not may_be_undone(run):
        raise NotApplicable(
            _(
                "Import %(number)s cannot be undone: it changed nothing, or a later import of the same marketplace did."
            )
            % {"number": run.pk}
        )
    with hold_the_place(run, state=State.UNDOING, now=now):
        places = find_places()
        run.changed_since = [*run.changed_since, *undo_stories(run=run)]
        written = run.batches.filter(is_done=True)
        total, keys = (
            written.count(),
            list(written.filter(is_undone=False).order_by("-number").values_list("pk")),
        )
        for done, (key,) in enumerate(keys, start=total - len(keys) + 1):
            batch = ImportBatch.objects.get(pk=key)
            with transaction.atomic():
                left = [*run.changed_since, *_undo_batch(run, batch, places, now)]
                run.changed_since = [line for number, line in enumerate(left) if line not in left[:number]]
                show_life(run, now=timezone.now(), step=ImportRun.Step.UNDO, done=done, total=total)
                run.save(update_fields=["changed_since"])
            progress("undo", done, total)
        kept_ids = _take_back_what_was_made(run)
        ranks = {code: place.rank for code, place in places.by_code.items()}
        undo_jobs(run=run, ranks=ranks, kept_ids=kept_ids)
        run.state = State.UNDONE
    return report_run(run)


def _undo_batch(run: ImportRun, batch: ImportBatch, places: Places, now: datetime) -> list[dict[str, str]]:
    plan = unpack(batch.payload)
    journal = unpack_json(batch.journal) if batch.journal else None
    left: list[tuple[str, str]] = []
    if journal is not None:
        snapshot = _look(run, plan, journal["created"], places, now)
        kept = _find_kept(plan, journal["created"], snapshot)
        left += [(sku, reason) for sku, reason in kept.items() if reason]
        left += _restore(run, plan, journal, kept, snapshot, now)
        _delete_created({sku: pk for sku, pk in journal["created"].items() if sku not in kept})
    batch.is_undone = True
    batch.save(update_fields=["is_undone"])
    return [{"sku": sku, "what": what} for sku, what in left]


def _look(run: ImportRun, plan: Batch, created: Mapping[str, int], places: Places, now: datetime) -> Snapshot:
    scope = Scope(skus=plan.skus, product_ids=plan.product_ids | set(created.values()))
    return take_snapshot(here=places.by_code[run.marketplace], places=places.by_code, now=now, scope=scope)


def _restore(
    run: ImportRun,
    plan: Batch,
    journal: dict[str, Any],
    kept: Mapping[str, str],
    snapshot: Snapshot,
    now: datetime,
) -> list[tuple[str, str]]:
    """Put back what known products said; the listings of products that stay are left to them."""
    noted = {pk for sku, pk in journal["created"].items() if sku in kept}
    new = new_listings(journal, plan.entries, marketplace=run.marketplace)
    rows = [
        row
        for row in [*journal["rows"], *new]
        if row[0] != "listing" or (row[3] or {}).get("product_id") not in noted
    ]
    prices, changed = prices_to_restore(journal, snapshot)
    changed += restore_rows({**journal, "rows": rows}, marketplace=run.marketplace)
    MarketPrices(market_id=snapshot.here.market_id, marketplace=run.marketplace, now=now).write(prices)
    settle_rights(product_ids=[pk for pk in snapshot.products if pk not in set(journal["created"].values())])
    skus = {str(pk): str(product.values.get("sku") or pk) for pk, product in snapshot.products.items()}
    return [(skus.get(name, name), what) for name, what in changed]


def _find_kept(plan: Batch, created: Mapping[str, int], snapshot: Snapshot) -> dict[str, str]:
    """Return the SKUs whose products stay, with the reason; a parent stays for its variant, without one of its own."""
    comparer = Comparer(snapshot, created)
    lines = get_model("order", "Line").objects.filter(product_id__in=created.values())
    ordered = set(lines.order_by().values_list("product_id", flat=True))
    kept: dict[str, str] = {}
    for entry in plan.create:
        product_id = created.get(entry.sku)
        if product_id in ordered:
            kept[entry.sku] = "order"
        elif product_id in snapshot.products and (field := _edited_field(entry, product_id, comparer)):
            kept[entry.sku] = field
    for entry in plan.create:
        if entry.sku in kept and entry.parent_sku in created:
            kept.setdefault(entry.parent_sku, "")
    return kept


def _edited_field(entry: Entry, product_id: int, comparer: Comparer) -> str:
    product = comparer.snapshot.products[product_id]
    for name in _WATCHED:
        if name in entry.changes:
            now = comparer.current(name, product, entry.language, entry.changes[name])
            if now != entry.changes[name]:
                return name
    return ""


def _delete_created(created: Mapping[str, int]) -> None:
    products = get_model("catalogue", "Product").objects.filter(pk__in=created.values())
    products.filter(structure="child").delete()
    products.delete()


def _take_back_what_was_made(run: ImportRun) -> list[int]:
    """Remove categories and classes that are empty now; return the products it made that stay."""
    made: dict[str, list[int]] = {}
    created: list[int] = []
    for packed in run.batches.exclude(journal=None).values_list("journal", flat=True).iterator():
        journal = unpack_json(packed)
        created += journal["created"].values()
        for name, keys in journal["made"].items():
            made.setdefault(name, []).extend(keys)
    remove_made(made)
    return list(existing_ids(created))
