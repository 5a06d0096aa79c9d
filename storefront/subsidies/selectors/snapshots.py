"""Read the figures that were taken, and see whether they are still what was taken."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from storefront.evidence.selectors import is_whole
from storefront.subsidies.errors import DossierRefused
from storefront.subsidies.kpi.formulas import DATE, Figure
from storefront.subsidies.models import KpiSnapshot, Project
from storefront.subsidies.speech import say


@dataclass(frozen=True)
class TakenFigure:
    """A figure as it was taken, from the text that was hashed."""

    snapshot: KpiSnapshot

    @cached_property
    def body(self) -> dict[str, Any]:
        """Everything that was hashed, as JSON gives it."""
        return json.loads(self.snapshot.body)

    @property
    def code(self) -> str:
        """K01 to K23."""
        return self.snapshot.kpi_code

    @property
    def name(self) -> str:
        """What it is called, in the reader's language."""
        return say(f"kpi.{self.code}")

    @property
    def unit(self) -> str:
        """A currency, "%", "date" or "count"."""
        return self.snapshot.unit

    @property
    def value(self) -> Figure:
        """The figure: a number, a day, or None."""
        return _figure(self.body["value"], self.unit)

    @property
    def threshold(self) -> Figure:
        """What the call asks for, where it does."""
        return _figure(self.body["threshold"], self.unit)

    @property
    def verdict(self) -> str:
        """met, near, missed or unproven; empty for a figure the call does not judge."""
        return str(self.body["verdict"])

    @property
    def months(self) -> dict[str, Decimal]:
        """Sales by month, in the figure's unit."""
        return {month: Decimal(value) for month, value in self.body["months"].items()}

    @property
    def variants(self) -> dict[str, Decimal]:
        """The figure before and after refunds, tax and delivery."""
        return {basis: Decimal(value) for basis, value in self.body["variants"].items() if value}

    @property
    def excluded(self) -> dict[str, int]:
        """How many orders were left out, by reason."""
        return dict(self.body["excluded"])

    @property
    def taken_at(self) -> datetime:
        """When it was taken."""
        return self.snapshot.taken_at


@dataclass(frozen=True)
class MonthPoint:
    """A month of a chart: its sales, and the average of the window so far."""

    month: str
    value: Decimal
    average_so_far: Decimal


def latest_figures(project: Project) -> dict[str, TakenFigure]:
    """Return the latest figure of each code; one query, whatever the number of orders."""
    rows = project.snapshots.select_related("rows__evidence", "taken_by").order_by("pk")
    return {row.kpi_code: TakenFigure(row) for row in rows}


def monthly_series(figure: TakenFigure) -> list[MonthPoint]:
    """Return the months of a figure for a chart, the empty ones too."""
    points, total = [], Decimal(0)
    for number, (month, value) in enumerate(sorted(figure.months.items()), start=1):
        total += value
        points.append(MonthPoint(month, value, round(total / number, 2)))
    return points


def check_snapshot(snapshot: KpiSnapshot, *, is_file_whole: bool | None = None) -> None:
    """Raise DossierRefused, naming the figure, where it or its rows are not what was taken.

    Whoever has just read the file of rows says whether it `is_file_whole`.
    """
    body = json.loads(snapshot.body)
    repeated = {
        "project": snapshot.project_id,
        "code": snapshot.kpi_code,
        "formula_version": snapshot.formula_version,
        "unit": snapshot.unit,
        "value": snapshot.value,
    }
    is_as_taken = hashlib.sha256(snapshot.body.encode()).hexdigest() == snapshot.sha256 and all(
        body[name] == value for name, value in repeated.items()
    )
    if not is_as_taken or body["rows"]["sha256"] != snapshot.rows.sha256:
        raise DossierRefused(say("refused.snapshot", code=snapshot.kpi_code, number=snapshot.pk))
    if not (is_whole(snapshot.rows) if is_file_whole is None else is_file_whole):
        raise DossierRefused(
            say("refused.snapshot_rows", code=snapshot.kpi_code, number=snapshot.pk, evidence=snapshot.rows)
        )


def broken_figures(project: Project) -> Iterator[tuple[KpiSnapshot, str]]:
    """Yield every figure of a project that is not what was taken, with the sentence that says so."""
    for snapshot in project.snapshots.select_related("rows__evidence").order_by("pk"):
        try:
            check_snapshot(snapshot)
        except DossierRefused as error:
            yield snapshot, str(error)


def broken_among(figures: Iterable[TakenFigure]) -> list[tuple[str, str]]:
    """Return the code of each figure that is not what was taken, and what is wrong; each file of rows is read once."""
    files: dict[str, bool] = {}
    found = []
    for one in figures:
        sha256 = one.snapshot.rows.sha256
        if sha256 not in files:
            files[sha256] = is_whole(one.snapshot.rows)
        try:
            check_snapshot(one.snapshot, is_file_whole=files[sha256])
        except DossierRefused as error:
            found.append((one.code, str(error)))
    return found


def figure_records(project: Project) -> list[dict[str, Any]]:
    """Return the latest figures as plain data for a frozen version, in the order of their codes."""
    return [
        {
            "snapshot": one.snapshot.pk,
            "sha256": one.snapshot.sha256,
            "code": code,
            "value": one.body["value"],
            "unit": one.unit,
            "verdict": one.verdict,
            "rows": one.body["rows"],
        }
        for code, one in sorted(latest_figures(project).items())
    ]


def _figure(text: str, unit: str) -> Figure:
    if not text:
        return None
    return date.fromisoformat(text) if unit == DATE else Decimal(text)
