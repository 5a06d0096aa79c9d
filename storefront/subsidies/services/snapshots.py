"""Take a project's figures: reckoned once, with their rows as evidence, and never changed afterwards."""

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from storefront.evidence.chain import canonical
from storefront.evidence.models import EvidenceVersion, PersonalData
from storefront.evidence.services import record_event, store_evidence
from storefront.subsidies.facts.windows import BEIJING
from storefront.subsidies.kpi.amounts import SalesTerms
from storefront.subsidies.kpi.call_terms import money_unit, sales_terms
from storefront.subsidies.kpi.formulas import FORMULAS, SALES, Figure
from storefront.subsidies.kpi.measures import Measure, Reading
from storefront.subsidies.kpi.sales_rows import HEADER, Row
from storefront.subsidies.models import Criterion, KpiSnapshot, Project
from storefront.subsidies.services.projects import editable_project

ROWS_KIND = "kpi_rows"
_CHUNK_ROWS = 500
# Sums of one pass over the sales, and what takes no pass at all: they cost nothing more than the conditions do.
_ALWAYS = (*(code for code, one in FORMULAS.items() if one.over_sales), "K20", "K21")


Progress = Callable[[int], None]


def no_progress(rows: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class _Wanted:
    code: str
    criterion: Criterion | None
    unit: str


def take_snapshots(
    *,
    project: Project,
    by: Any,
    now: datetime,
    codes: Iterable[str] | None = None,
    progress: Progress = no_progress,
) -> list[KpiSnapshot]:
    """Take the figures of a call's conditions and award, and those that come with them; or the given `codes`.

    The reading holds no lock: what arrives meanwhile is after `now`, and is not in it. `progress` is told how many rows
    were read; all figures are kept at once at the end, or none. Raises EntryRefused for a
    project that cannot be changed, or somebody who may not.
    """
    with transaction.atomic():
        project = editable_project(project, by=by)
    reading = Reading(project, as_of=now)
    stored: dict[Any, tuple[EvidenceVersion, int]] = {}
    taken = []
    for wanted in _wanted(project, codes):
        terms = sales_terms(project.call, unit=wanted.unit)
        source = terms if FORMULAS[wanted.code].source == SALES and wanted.code != "K22" else wanted.code
        if source == terms and source not in stored:
            stored[source] = _store_rows(
                project, "sales", HEADER, told(reading.stream(terms), progress), by=by, now=now
            )
        found = reading.measure(wanted.code, criterion=wanted.criterion, unit=wanted.unit)
        if source not in stored:
            stored[source] = _store_rows(
                project, wanted.code, found.header, told(found.rows(), progress), by=by, now=now
            )
        taken.append((found, terms, *stored[source]))
    with transaction.atomic():
        project = editable_project(project, by=by)
        snapshots = [
            _keep(project, found, terms=terms, rows=rows, count=count, reading=reading, by=by, now=now)
            for found, terms, rows, count in taken
        ]
        record_event(
            verb="project.snapshot",
            subject=project.subject,
            by=by,
            now=now,
            figures={one.kpi_code: [one.value, one.unit, one.sha256] for one in snapshots},
        )
    return snapshots


def csv_chunks(header: Row, rows: Iterable[Row]) -> Iterator[bytes]:
    """Yield rows as CSV in UTF-8; a text that a spreadsheet would run as a formula gets an apostrophe."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    for number, row in enumerate(rows, start=1):
        writer.writerow([_harmless(cell) for cell in row])
        if number % _CHUNK_ROWS == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def told(rows: Iterable[Row], progress: Progress) -> Iterator[Row]:
    """Yield rows and tell now and then how many there were."""
    for number, row in enumerate(rows, start=1):
        if number % _CHUNK_ROWS == 1:
            progress(number)
        yield row


def _wanted(project: Project, codes: Iterable[str] | None) -> list[_Wanted]:
    found: dict[str, _Wanted] = {}
    for one in project.call.criteria.all():
        if one.kind == Criterion.KPI:
            found.setdefault(one.kpi_code, _Wanted(one.kpi_code, one, money_unit(one.unit)))
    award = project.call.award
    asked = [award.get("kpi"), *(line.get("step_up", {}).get("kpi") for line in award.get("lines", ()))]
    for code in (*(code for code in asked if code), *_ALWAYS):
        found.setdefault(code, _Wanted(code, None, ""))
    if codes is None:
        return list(found.values())
    return [found.get(code, _Wanted(code, None, "")) for code in codes]


def _store_rows(
    project: Project, what: str, header: Row, rows: Iterable[Row], *, by: Any, now: datetime
) -> tuple[EvidenceVersion, int]:
    count = 0

    def counted() -> Iterator[Row]:
        nonlocal count
        for row in rows:
            count += 1
            yield row

    version = store_evidence(
        chunks=csv_chunks(header or ("nothing",), counted()),
        file_name=f"{what}-{now.astimezone(BEIJING):%Y%m%d-%H%M%S}.csv",
        title=f"{project.call.code} {project.site.domain}: {what}",
        kind=ROWS_KIND,
        subject=project.subject,
        period_from=project.call.measure_from,
        period_to=project.call.measure_to,
        personal_data=PersonalData.BUSINESS,
        by=by,
        now=now,
    )
    return version, count


def _keep(
    project: Project,
    found: Measure,
    *,
    terms: SalesTerms,
    rows: EvidenceVersion,
    count: int,
    reading: Reading,
    by: Any,
    now: datetime,
) -> KpiSnapshot:
    body = canonical(
        {
            "project": project.pk,
            "code": found.code,
            "formula_version": found.version,
            "value": as_text(found.value),
            "unit": found.unit,
            "operator": found.operator,
            "threshold": as_text(found.threshold),
            "verdict": found.verdict,
            "is_proven": not found.needs,
            "window": [terms.window.first.isoformat(), terms.window.last.isoformat()],
            "zone": BEIJING.key,
            "basis": terms.basis,
            "refunds": terms.refunds,
            "fx": [terms.fx_rule, as_text(terms.fx_date), terms.unit],
            "months": {month: as_text(value) for month, value in found.months.items()},
            "variants": {basis: as_text(value) for basis, value in found.variants.items()},
            "excluded": dict(found.excluded),
            "counted": found.counted,
            "pattern": _pattern(reading, terms) if FORMULAS[found.code].over_sales else None,
            "rows": {"evidence": str(rows), "sha256": rows.sha256, "count": count},
            "taken_by": by.get_username(),
            "taken_at": now.isoformat(),
        }
    )
    return KpiSnapshot.objects.create(
        project=project,
        kpi_code=found.code,
        formula_version=found.version,
        unit=found.unit,
        value=as_text(found.value),
        body=body,
        sha256=hashlib.sha256(body.encode()).hexdigest(),
        rows=rows,
        taken_by=by,
        taken_at=now,
    )


def _pattern(reading: Reading, terms: SalesTerms) -> dict[str, Any]:
    pattern = reading.tally(terms).pattern
    most = pattern.addresses.most_common(1)
    return {
        "count": pattern.count,
        "round_sums": pattern.round_sums,
        "untracked": pattern.untracked,
        "most_of_an_address": most[0][1] if most else 0,
        "months": dict(pattern.months),
    }


def as_text(value: Figure) -> str:
    """Return a figure as it is stored: a number, a day, or nothing."""
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)


def _harmless(cell: str) -> str:
    is_formula = cell[:1] in ("=", "+", "@", "\t", "\r") or (cell[:1] == "-" and not cell[1:2].isdigit())
    return f"'{cell}" if is_formula else cell
