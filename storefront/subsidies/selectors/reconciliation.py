"""Read what the latest reconciliation found, and see whether it is still what was found."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from storefront.evidence.selectors import is_whole
from storefront.subsidies.errors import DossierRefused
from storefront.subsidies.models import Project, Reconciliation
from storefront.subsidies.reconciliation.levels import OPEN_CLASSES
from storefront.subsidies.selectors.expense_records import version_record
from storefront.subsidies.speech import say


@dataclass(frozen=True)
class ClassLine:
    """A class of differences at a level, for a table on a page."""

    level: str
    kind: str
    count: int
    amounts: dict[str, Decimal]
    differences: dict[str, Decimal]

    @property
    def level_name(self) -> str:
        """Which two sides are compared, in the reader's language."""
        return say(f"level.{self.level}")

    @property
    def kind_name(self) -> str:
        """Why the two sides may differ, in the reader's language."""
        return say(f"difference.{self.kind}")

    @property
    def is_open(self) -> bool:
        """Say whether somebody still has to explain it."""
        return self.kind in OPEN_CLASSES


@dataclass(frozen=True)
class Reconciled:
    """A reconciliation, from the text that was hashed."""

    record: Reconciliation

    @cached_property
    def body(self) -> dict[str, Any]:
        """Everything that was hashed, as JSON gives it."""
        return json.loads(self.record.body)

    @property
    def lines(self) -> list[ClassLine]:
        """The classes of every level, in the levels' order."""
        return [
            ClassLine(
                level,
                kind,
                sums["count"],
                {currency: Decimal(value) for currency, value in sums["amounts"].items()},
                {currency: Decimal(value) for currency, value in sums["differences"].items()},
            )
            for level, kinds in sorted(self.body["levels"].items())
            for kind, sums in kinds.items()
        ]

    @property
    def open_items(self) -> int:
        """How many items nobody has an explanation for."""
        return int(self.body["open_items"])

    @property
    def manual_payouts(self) -> int:
        """How many payouts nobody can match, because they were made by hand."""
        return int(self.body["manual_payouts"])

    def share(self, code: str) -> Decimal | None:
        """Return K16, K17 or K19 in per cent; None where there was nothing to match."""
        text = self.body["shares"][code]
        return Decimal(text) if text else None

    def is_of(self, *, first: date, last: date) -> bool:
        """Say whether it compares this very window."""
        return self.body["window"] == [first.isoformat(), last.isoformat()]


def latest_reconciliation(project: Project) -> Reconciled | None:
    """Return the latest reconciliation of a project, if there is one; one query."""
    record = project.reconciliations.select_related("items__evidence", "made_by").order_by("-pk").first()
    return Reconciled(record) if record else None


def reconciliation_record(project: Project) -> dict[str, Any] | None:
    """Return the latest reconciliation as plain data for a frozen version; None where there is none."""
    found = latest_reconciliation(project)
    if found is None:
        return None
    return {
        "reconciliation": found.record.pk,
        "sha256": found.record.sha256,
        "items": version_record(found.record.items),
    }


def check_reconciliation(found: Reconciled) -> None:
    """Raise DossierRefused where a reconciliation or its items are not what was found."""
    record = found.record
    is_as_made = (
        hashlib.sha256(record.body.encode()).hexdigest() == record.sha256
        and found.body["project"] == record.project_id
        and found.body["items"]["sha256"] == record.items.sha256
    )
    if not is_as_made or not is_whole(record.items):
        raise DossierRefused(say("refused.reconciliation", evidence=record.items))
