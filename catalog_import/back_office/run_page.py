"""What the page of a run shows: where it stands, its files, counts with samples, problems, and the next step."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from catalog_import.back_office import problem_words
from catalog_import.back_office.forms import name_marketplace
from catalog_import.back_office.plan_words import TABS, describe_rows, name_of_what_was_left
from catalog_import.back_office.saying import say_again
from catalog_import.marketplaces import MARKETPLACES
from catalog_import.models import ImportRun
from catalog_import.readers import PICTURE
from catalog_import.rights.selectors import count_held
from catalog_import.selectors import get_plan_page, get_problem_counts, get_progress
from catalog_import.services import is_stuck, may_be_undone
from catalog_import.services.locking import stopped_state
from catalog_import.stories.selectors import list_run_stories
from storefront.markets.selectors.markets import enabled_markets

State = ImportRun.State
FORMAT_NAMES = {
    "All Listings Report": gettext_lazy("All Listings Report"),
    "Open Listings Report": gettext_lazy("Open Listings Report"),
    "Category Listings Report": gettext_lazy("Category Listings Report"),
    "Inventory file template": gettext_lazy("Inventory file template"),
    "FBA inventory": gettext_lazy("FBA inventory"),
    "Catalog or listings items (JSON)": gettext_lazy("Catalog or listings items (JSON)"),
    "A+ content (JSON)": gettext_lazy("A+ content (JSON)"),
}
SAMPLES = 3
LEFT_SHOWN = 200
WAITING = (
    State.STAGED, State.PLANNING, State.QUEUED, State.APPLYING, State.UNDO_QUEUED, State.UNDOING,
)  # fmt: skip
SHOWING_A_PLAN = (State.PLANNED, State.STALE)


def is_waiting(run: ImportRun) -> bool:
    """Return whether the worker is at it, or about to be."""
    return run.state in WAITING


def default_marketplace() -> str:
    """Return the marketplace of the shop's first market that has one, else Amazon's first."""
    codes = [code.lower() for market in enabled_markets() for code in market.amazon_marketplaces]
    return next((code for code in codes if code in MARKETPLACES), next(iter(MARKETPLACES)))


def describe_run_page(run: ImportRun) -> dict[str, Any]:
    """Return everything the page shows of a run, in a number of queries that does not depend on its size."""
    progress = get_progress(run.pk)
    counts = {name: run.counts.get(name, 0) for name in (*TABS, "problem")}
    problems = get_problem_counts(run)
    counts["problem"] = sum(count for _kind, count in problems)
    has_died = run.state in (State.PLANNING, State.APPLYING, State.UNDOING) and not progress.is_moving
    state = stopped_state(run.state) if has_died else run.state  # what the next action will find
    stuck = is_stuck(run, now=timezone.now())
    return {
        "progress": progress,
        "is_waiting": is_waiting(run),
        "has_died": has_died,
        "is_stuck": stuck,
        "is_half_undone": state == State.UNDO_STOPPED,
        "can_ask_again": stuck and run.state != State.STAGED,
        "ask_again": "undo" if run.state == State.UNDO_QUEUED else "apply",
        "marketplace": name_marketplace(run.marketplace),
        "counts": counts,
        "changes": counts["create"] + counts["update"] + counts["withdraw"],
        "read": [
            file | {"format": FORMAT_NAMES.get(file["format"], file["format"])}
            for file in run.files
            if not file["refusal"] and file["format"] != PICTURE
        ],
        "picture_count": sum(file["format"] == PICTURE for file in run.files),
        "error": gettext(run.error) if run.error else "",
        "left": [
            (line["sku"], name_of_what_was_left(line["what"])) for line in run.changed_since[:LEFT_SHOWN]
        ],
        "refused": [(file["name"], _say_refusal(file)) for file in run.files if file["refusal"]],
        "notes": [say_again(note["said"], otherwise=note["text"]) for note in run.notes],
        "problems": [(code, problem_words.describe(code), count) for code, count in problems],
        "parts": [_sample(run, name, tab, counts[name]) for name, tab in TABS.items() if counts[name]],
        "held": count_held() if run.state == State.DONE else 0,
        "can_undo": may_be_undone(run) and state in (State.DONE, State.FAILED),
        "stories": list_run_stories(run),
        "is_planned": run.state == State.PLANNED,
        "is_done": run.state == State.DONE,
        "can_continue": state == State.FAILED and run.planned_at is not None,
        "can_plan_again": state in (State.STALE, State.FAILED, State.STAGED) and run.applied_at is None,
        "can_discard": run.applied_at is None and state not in (State.PLANNING, State.APPLYING),
    }


def _say_refusal(file: dict[str, Any]) -> str:
    """Return why a file was not read, in the reader's language; an older run keeps its English."""
    if not file.get("values"):
        return file["refusal"]
    sentence, values = file["sentence"], file["values"]
    return gettext(sentence) % {
        name: gettext(text) if name == "what" else text for name, text in values.items()
    }


def _sample(run: ImportRun, name: str, tab: Any, count: int) -> dict[str, Any]:
    rows = get_plan_page(run, action=name, per_page=SAMPLES).rows
    return {"action": name, "tab": tab, "count": count, "rows": describe_rows(rows, run)}
