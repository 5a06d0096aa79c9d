"""What pages and commands show of imports: runs, their progress, the rows of a stored plan, problems."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog_import.drafts import Json, Values
from catalog_import.models import ImportBatch, ImportProblem, ImportRun, PictureJob
from catalog_import.services.locking import is_dead
from catalog_import.stored_plan import Batch, unpack

ACTIONS = ("create", "update", "withdraw", "keep", "unchanged")
FIELD_NAMES = {
    "sku": _("SKU"), "structure": _("kind of product"), "title": _("title"), "description": _("description"),
    "upc": _("product code"), "is_public": _("shown in the shop"), "parent_sku": _("parent"), "brand": _("brand"),
    "product_type": _("product type"), "category": _("category"), "options": _("options"),
    "stock": _("stock"), "fba_stock": _("stock at Amazon"),
    "stock_price": _("price"), "market_price": _("price"), "market_sale": _("reduced price"),
    "text_title": _("title in its language"), "text_description": _("description in its language"),
    "text_options": _("options in their language"), "bullet_points": _("bullet points"),
    "specifications": _("specifications"), "pictures": _("pictures"), "price": _("price"),
}  # fmt: skip
_HIDDEN = frozenset(
    [
        *("asin", "language", "attributes", "fulfilment", "condition", "is_offered", "sale_price", "price"),
        *("sale_starts", "sale_ends", "text_title", "text_description", "text_options"),
    ]
)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a product: what the shop says and what it would say; for `keep` what Amazon says."""

    name: str
    label: str
    before: Json
    after: Json


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One line of a plan."""

    action: str
    sku: str
    product_id: int | None = None
    title: str = ""
    parent_sku: str = ""
    is_parent: bool = False
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanPage:
    """Some rows of a plan; `total` counts all that match, over all pages."""

    rows: list[PlanRow]
    number: int
    per_page: int
    total: int

    @property
    def page_count(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.total // self.per_page))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is; `is_moving` while a living process works on it."""

    state: str
    step: str
    step_label: str
    done: int
    total: int
    is_moving: bool
    error: str = ""
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def percent(self) -> int:
        """Return the share that is done, 0 where it is not known."""
        return min(100, 100 * self.done // self.total) if self.total else 0


def list_runs(marketplace: str = "") -> QuerySet[ImportRun]:
    """Return the runs, newest first."""
    runs = ImportRun.objects.select_related("user").order_by("-pk")
    return runs.filter(marketplace=marketplace) if marketplace else runs


def get_progress(run_id: int, *, now: datetime | None = None) -> Progress:
    """Return how far a run is, read anew; one query. Raises ImportRun.DoesNotExist."""
    run = ImportRun.objects.get(pk=run_id)
    at_work = run.state in (ImportRun.State.PLANNING, ImportRun.State.APPLYING, ImportRun.State.UNDOING)
    return Progress(
        state=run.state,
        step=run.step,
        step_label=run.get_step_display(),
        done=run.done,
        total=run.total,
        is_moving=at_work and not is_dead(run, now=now or timezone.now()),
        error=run.error,
        counts=run.counts,
    )


def get_plan_page(
    run: ImportRun, *, action: str, number: int = 1, per_page: int = 50, sku: str = ""
) -> PlanPage:
    """Return one page of the rows of an action; with `sku` those whose SKU contains it.

    Reads only the batches that the page needs, however large the plan; a search reads those that may hold the SKU.
    """
    batches = run.batches.filter(**{f"{action}__gt": 0}).order_by("number")
    if sku:
        rows = [
            row
            for batch in batches.filter(skus__icontains=sku).iterator()
            for row in _rows(unpack(batch.payload), action)
            if sku.casefold() in row.sku.casefold()
        ]
        start = (number - 1) * per_page
        return PlanPage(rows[start : start + per_page], number, per_page, len(rows))
    total, skipped = 0, (number - 1) * per_page
    wanted: list[int] = []
    for key, count in batches.values_list("pk", action):
        if total + count > skipped and total < skipped + per_page:
            wanted.append(key)
        elif not wanted:
            skipped -= count
            total -= count
        total += count
    grand_total = batches.aggregate(rows=Sum(action))["rows"] or 0
    parts = ImportBatch.objects.filter(pk__in=wanted).order_by("number")
    found = (row for batch in parts for row in _rows(unpack(batch.payload), action))
    return PlanPage(list(islice(found, skipped, skipped + per_page)), number, per_page, grand_total)


def get_problem_counts(run: ImportRun) -> list[tuple[str, int]]:
    """Return each kind of problem with its count, the most frequent first."""
    kinds = run.problems.values("kind").annotate(count=Count("pk")).order_by("-count", "kind")
    return [(row["kind"], row["count"]) for row in kinds]


def list_problems(run: ImportRun, *, kind: str = "", sku: str = "") -> QuerySet[ImportProblem]:
    """Return the problems of a run in the order of the files."""
    problems = run.problems.order_by("pk")
    if kind:
        problems = problems.filter(kind=kind)
    return problems.filter(sku__icontains=sku) if sku else problems


def in_english(problem: ImportProblem) -> tuple[str, str]:
    """Return what is wrong and what happened with it, as commands say it."""
    return problem.message, problem.action


def stream_plan_csv(
    run: ImportRun, *, say: Callable[[ImportProblem], tuple[str, str]] = in_english
) -> Iterator[str]:
    """Yield a plan as lines of CSV, a line per field, problems last as `say` words them; memory is that of one batch.

    Names of columns, actions and fields are the same in every language. A cell that a spreadsheet would take for a
    formula gets an apostrophe in front.
    """
    line = csv.writer(_Echo())
    yield line.writerow(["action", "sku", "parent_sku", "title", "field", "before", "after"])
    keys = list(run.batches.order_by("number").values_list("pk", flat=True))
    for key in keys:
        plan = unpack(ImportBatch.objects.get(pk=key).payload)
        for action in ACTIONS:
            for row in _rows(plan, action):
                start = [row.action, row.sku, row.parent_sku, row.title]
                for change in row.changes or (FieldChange("", "", None, None),):
                    cells = [*start, change.name, _to_cell(change.before), _to_cell(change.after)]
                    yield line.writerow([_neutralise(cell) for cell in cells])
    for problem in run.problems.order_by("pk").iterator():
        place = f"{problem.file}:{problem.row or ''}"
        message, action = say(problem)
        cells = ["problem", problem.sku, "", message, problem.column or problem.kind, place, action]
        yield line.writerow([_neutralise(cell) for cell in cells])


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _neutralise(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def _to_cell(value: Json) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return " | ".join(
            ": ".join(map(str, each)) if isinstance(each, list) else str(each) for each in value
        )
    if isinstance(value, dict):
        return ", ".join(f"{name}: {each}" for name, each in value.items() if each is not None)
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _rows(plan: Batch, action: str) -> Iterator[PlanRow]:
    if action in ("create", "update"):
        for entry in plan.create if action == "create" else plan.update:
            changes = _changes(entry.before, entry.changes)
            if entry.notes and not changes and action == "update":
                changes = (FieldChange("listing", str(_("remembered values")), None, None),)
            title = str(entry.changes.get("title") or entry.before.get("title") or "")
            yield PlanRow(
                action, entry.sku, entry.product_id, title, entry.parent_sku, entry.is_parent, changes
            )
    elif action == "withdraw":
        for each in plan.withdraw:
            title = str(each.note.imported.get("title", ""))
            yield PlanRow(
                action, each.note.sku, each.product_id, title, changes=_changes(each.before, each.changes)
            )
    elif action == "keep":
        for kept in plan.keep:
            label = str(FIELD_NAMES.get(kept.field, kept.field))
            yield PlanRow(action, kept.sku, changes=(FieldChange(kept.field, label, kept.shop, kept.amazon),))
    else:
        yield from (PlanRow(action, sku) for sku in plan.unchanged)


def _changes(before: Values, after: Values) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(name, str(FIELD_NAMES.get(name, name)), before.get(name), value)
        for name, value in after.items()
        if name not in _HIDDEN or (before and name.startswith("text_"))
    )


def describe_run(run: ImportRun) -> dict[str, Any]:
    """Return the state of a run as plain values, the shape of `import_amazon status --json`."""
    progress = get_progress(run.pk)
    return {
        "state": progress.state,
        "step": progress.step,
        "done": progress.done,
        "total": progress.total,
        "is_moving": progress.is_moving,
        "error": progress.error,
        "changed_since": run.changed_since,
    }


def list_missing_pictures() -> QuerySet[PictureJob]:
    """Return the pictures that listings name and the shop does not have, with their products."""
    State = PictureJob.State
    jobs = PictureJob.objects.filter(state__in=[State.PENDING, State.FAILED]).select_related("product")
    return jobs.order_by("product__title", "product_id", "position", "id")
