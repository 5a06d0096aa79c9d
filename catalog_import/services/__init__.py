"""The use cases: look at what an import would do, do it, undo it. Command, back office and tests call these."""

from catalog_import.services.applying import apply_import, apply_run, was_imported
from catalog_import.services.planning import folder_of, plan_import, plan_run
from catalog_import.services.reports import ImportReport, report_run
from catalog_import.services.requests import (
    discard_run,
    is_stuck,
    request_apply,
    request_plan,
    request_undo,
    stage_import,
    take_back_request,
)
from catalog_import.services.undoing import may_be_undone, undo_run

__all__ = [
    "ImportReport",
    "apply_import",
    "apply_run",
    "discard_run",
    "folder_of",
    "is_stuck",
    "may_be_undone",
    "plan_import",
    "plan_run",
    "report_run",
    "request_apply",
    "request_plan",
    "request_undo",
    "stage_import",
    "take_back_request",
    "undo_run",
    "was_imported",
]
