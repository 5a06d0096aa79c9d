"""Load programmes from YAML; a call that people already apply under is never changed by loading."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from storefront.subsidies.errors import ProgrammeFileWrong
from storefront.subsidies.models import Call, Clause, Criterion, DocumentRequirement

SHIPPED = Path(__file__).parent.parent / "data" / "programmes"


def load_shipped_programmes() -> int:
    """Load every programme that comes with the shop; return how many calls are new."""
    return sum(load_programmes(path) for path in sorted(SHIPPED.glob("*.yaml")))


def load_programmes(path: Path) -> int:
    """Load the calls of a YAML file and return how many are new; those known by their code stay as they are."""
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
        with transaction.atomic():
            return sum(_load(entry) for entry in entries)
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise ProgrammeFileWrong(f"{path.name}: {error!r}. Correct the file and load it again.") from error


def _load(entry: dict[str, Any]) -> int:
    if Call.objects.filter(code=entry["code"]).exists():
        return 0
    _refuse_unknown(entry)
    (measure_from, measure_to), cost = entry["measure"], entry.get("cost", (None, None))
    online_open, online_close = entry.get("online", (None, None))
    note = entry.get("note", {})
    call = Call.objects.create(
        code=entry["code"],
        name_zh=entry["name"]["zh"],
        name_en=entry["name"]["en"],
        **{
            name: entry[name]
            for name in ("authority_zh", "level", "status", "source_grade", "fx_rule", "rounding")
        },
        source_url=entry.get("source_url", ""),
        verified_on=entry.get("verified_on"),
        measure_from=_day(measure_from),
        measure_to=_day(measure_to),
        cost_from=cost[0],
        cost_to=cost[1],
        online_open=_moment(online_open),
        online_close=_moment(online_close),
        paper_close=_moment(entry.get("paper_close")),
        award=entry["award"],
        overlap_policy=entry.get("overlap_policy", ""),
        fx_date=entry.get("fx_date"),
        max_sites=entry.get("max_sites"),
        is_affiliate_exclusive=entry.get("is_affiliate_exclusive", False),
        stages=entry["stages"],
        note_zh=note.get("zh", ""),
        note_en=note.get("en", ""),
    )
    _load_conditions(call, entry)
    return 1


@transaction.atomic
def copy_conditions(*, source_id: int, target: Call) -> None:
    """Give a call that has none the clauses, conditions and papers of another."""
    clauses = {}
    for clause in Clause.objects.filter(call=source_id):
        old = clause.pk
        clause.pk, clause._state.adding, clause.call = None, True, target
        clause.save()
        clauses[old] = clause
    for criterion in Criterion.objects.filter(call=source_id):
        criterion.pk, criterion._state.adding, criterion.call = None, True, target
        criterion.clause = clauses[criterion.clause_id]
        criterion.save()
    for document in DocumentRequirement.objects.filter(call=source_id):
        document.pk, document._state.adding, document.call = None, True, target
        document.save()


_CLAUSE = {"code", "zh", "en", "verbatim", "source", "grade"}
_CRITERION = {"code", "clause", "kind", "zh", "en", "kpi", "operator", "threshold", "threshold_date"}
_CRITERION |= {"unit", "mandatory"}
_DOCUMENT = {"code", "zh", "en", "folder", "min_count", "original", "sealed", "max_age_days", "mandatory"}


def _refuse_unknown(entry: dict[str, Any]) -> None:
    """Refuse a misspelt key, and a sentence that an unquoted comma has cut in two."""
    for name, known in (("clauses", _CLAUSE), ("criteria", _CRITERION), ("documents", _DOCUMENT)):
        for row in entry[name]:
            if unknown := row.keys() - known:
                raise ValueError(f"{entry['code']}, {name}: {sorted(unknown)} is not known")


def _load_conditions(call: Call, entry: dict[str, Any]) -> None:
    Clause.objects.bulk_create(
        Clause(
            call=call,
            position=position,
            code=row["code"],
            text_zh=row["zh"],
            text_en=row["en"],
            is_verbatim=row.get("verbatim", False),
            source=row["source"],
            grade=row["grade"],
        )
        for position, row in enumerate(entry["clauses"])
    )
    clauses = {clause.code: clause for clause in call.clauses.all()}
    Criterion.objects.bulk_create(
        Criterion(
            call=call,
            position=position,
            clause=clauses[row["clause"]],
            code=row["code"],
            kind=row.get("kind", Criterion.KPI),
            label_zh=row["zh"],
            label_en=row["en"],
            kpi_code=row.get("kpi", ""),
            operator=row.get("operator", ""),
            threshold=row.get("threshold"),
            threshold_date=row.get("threshold_date"),
            unit=row.get("unit", ""),
            is_mandatory=row.get("mandatory", True),
        )
        for position, row in enumerate(entry["criteria"])
    )
    DocumentRequirement.objects.bulk_create(
        DocumentRequirement(
            call=call,
            position=position,
            code=row["code"],
            label_zh=row["zh"],
            label_en=row["en"],
            folder=row["folder"],
            min_count=row.get("min_count", 1),
            is_original_required=row.get("original", False),
            is_sealed=row.get("sealed", False),
            max_age_days=row.get("max_age_days"),
            is_mandatory=row.get("mandatory", True),
        )
        for position, row in enumerate(entry["documents"])
    )


def _day(value: object) -> date:
    if not isinstance(value, date):
        raise ValueError(f"{value!r} is no day")
    return value


def _moment(value: object) -> datetime | None:
    if value is not None and (not isinstance(value, datetime) or value.tzinfo is None):
        raise ValueError(f"{value!r} is no moment with a time zone")
    return value
