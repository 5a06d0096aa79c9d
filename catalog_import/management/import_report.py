"""An import's report as lines for a terminal."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from catalog_import.listing import RowProblem
from catalog_import.models import ImportRun
from catalog_import.readers import FileReport
from catalog_import.services import ImportReport
from catalog_import.stories.selectors import list_run_stories

PROBLEMS_SHOWN = 50


def write_report(report: ImportReport, *, write: Callable[[str], object]) -> None:
    """Write what an import read, did, kept and found wrong."""
    write_files(report.files, write=write)
    refusals = sorted(
        (file.refusal.replace(file.name, "…", 1), file.name) for file in report.files if file.refusal
    )
    for reason, group in groupby(refusals, key=lambda pair: pair[0]):
        names = [name for _, name in group]
        write(f"  Not read: {_name(names)}. {reason}")
    write("")
    write(_headline(report))
    for name, count in report.counts.items():
        write(f"  {name:<10} {count:>7}")
    stories = Counter(story.action for story in list_run_stories(report.run))
    if stories:
        write(f"  A+ content: {', '.join(f'{count} {action}' for action, count in sorted(stories.items()))}")
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


def write_files(files: Sequence[FileReport], *, write: Callable[[str], object]) -> None:
    """Write what was read; many files of a row each, or of none, take one line."""
    several: dict[object, list[FileReport]] = {}
    for number, file in enumerate(file for file in files if not file.refusal):
        several.setdefault((file.format, file.encoding) if file.rows <= 1 else number, []).append(file)
    for group in several.values():
        rows, first = sum(file.rows for file in group), group[0]
        counted = f"{rows} row" if rows == 1 else f"{rows} rows"
        details = [first.format, first.encoding.removesuffix("-sig"), counted if first.encoding else ""]
        write(f"  {_name([file.name for file in group])}: {', '.join(filter(None, details))}")


def _name(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more like it"


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
