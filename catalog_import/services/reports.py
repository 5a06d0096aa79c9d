"""What a use case tells its caller about a run."""

from collections.abc import Callable
from dataclasses import dataclass, field

from catalog_import.listing import ProblemKind, RowProblem
from catalog_import.marketplaces import Marketplace, find_marketplace
from catalog_import.models import ImportRun
from catalog_import.plan import Kept
from catalog_import.readers import FileReport
from catalog_import.stored_plan import unpack

Progress = Callable[[str, int, int], None]
"""Called with a step (`read`, `plan`, `write`, `pictures`, `undo`), how much of it is done, and how much there is."""

NO_COUNTS = dict.fromkeys(("create", "update", "unchanged", "withdraw", "keep", "problem"), 0)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import found and did. `notes` are no problems; `changed_since` is what an undo left as it is."""

    run: ImportRun
    marketplace: Marketplace
    files: list[FileReport]
    counts: dict[str, int]
    problems: list[RowProblem]
    notes: list[str] = field(default_factory=list)

    @property
    def keep(self) -> list[Kept]:
        """Return the fields that stay as the merchant made them."""
        batches = self.run.batches.filter(keep__gt=0).order_by("number")
        return [kept for batch in batches.iterator() for kept in unpack(batch.payload).keep]


def report_run(run: ImportRun) -> ImportReport:
    """Return what is known of a run."""
    fields = ("file", "row", "column", "kind", "sku", "message", "action")
    rows = run.problems.order_by("pk").values(*fields)
    return ImportReport(
        run=run,
        marketplace=find_marketplace(run.marketplace),
        files=[FileReport(**file) for file in run.files],
        counts=NO_COUNTS | run.counts,
        problems=[RowProblem(**row | {"kind": ProblemKind(row["kind"])}) for row in rows.iterator()],
        notes=[note["text"] for note in run.notes],
    )
