"""An import's report as lines for a terminal."""

from collections.abc import Callable
from itertools import groupby
from typing import Any

from catalog_import.listing import RowProblem
from catalog_import.models import ImportRun
from catalog_import.services import ImportReport

PROBLEMS_SHOWN = 50


def write_report(report: ImportReport, *, write: Callable[[str], object]) -> None:
    """Write what an import read, did, kept and found wrong."""
    for file in report.files:
        if not file.refusal:
            write(f"  {file.name}: {file.format}, {file.encoding}, {file.rows} rows")
    refusals = sorted(
        (file.refusal.replace(file.name, "…", 1), file.name) for file in report.files if file.refusal
    )
    for reason, group in groupby(refusals, key=lambda pair: pair[0]):
        names = [name for _, name in group]
        more = f" and {len(names) - 1} more like it" if len(names) > 1 else ""
        write(f"  Not read: {names[0]}{more}. {reason}")
    write("")
    write(_headline(report))
    for name, count in report.counts.items():
        write(f"  {name:<10} {count:>7}")
    for note in report.notes:
        write(f"  {note}")
    for kept in report.keep[:PROBLEMS_SHOWN]:
        write(f"  Kept {kept.field} of {kept.sku}: it was changed in the shop.")
    for line in report.run.changed_since[:PROBLEMS_SHOWN]:
        write(f"  Left as it is: {line['sku']}: {line['what']}")
    for problem in report.problems[:PROBLEMS_SHOWN]:
        write(f"  {_place(problem)}: {problem.message} {problem.action}")
    hidden = len(report.problems) - PROBLEMS_SHOWN
    if hidden > 0:
        write(f"  … and {hidden} more problems; --json lists them all.")


def _headline(report: ImportReport) -> str:
    run, market = report.run, report.marketplace.code.upper()
    State = ImportRun.State
    if run.state == State.PLANNED:
        return (
            f"Would apply to the catalogue, from Amazon {market} "
            f"(to do it: import_amazon apply --run {run.pk}):"
        )
    if run.state == State.DONE:
        return f"Applied to the catalogue, from Amazon {market} (import {run.pk}):"
    progress = f", {run.done} of {run.total}" if run.total else ""
    return f"Import {run.pk} from Amazon {market} is {run.get_state_display()}{progress}:"


def _place(problem: RowProblem) -> str:
    row = f"row {problem.row}" if problem.row else ""
    column = f"column {problem.column}" if problem.column else ""
    return ", ".join(filter(None, [problem.file, row, column, problem.sku]))


def describe_file(file: dict[str, Any]) -> dict[str, Any]:
    """Return what is known of a file: either how it was read, or why it was not."""
    names = ("name", "refusal") if file["refusal"] else ("name", "format", "encoding", "rows")
    return {name: file[name] for name in names}
