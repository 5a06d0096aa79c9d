"""A call as plain data for a frozen version: its windows, rules, clauses and conditions as they were."""

from datetime import date, datetime
from typing import Any

from storefront.subsidies.models import Call


def call_record(call: Call) -> dict[str, Any]:
    """Return what a call says about windows, exchange, rounding and award."""
    return {
        "code": call.code,
        "name_zh": call.name_zh,
        "name_en": call.name_en,
        "authority_zh": call.authority_zh,
        "level": call.level,
        "status": call.status,
        "measure": [call.measure_from.isoformat(), call.measure_to.isoformat()],
        "cost": [_text(call.cost_from), _text(call.cost_to)],
        "online_close": _text(call.online_close),
        "paper_close": _text(call.paper_close),
        "fx": [call.fx_rule, _text(call.fx_date)],
        "rounding": call.rounding,
        "overlap_policy": call.overlap_policy,
        "award": call.award,
        "stages": call.stages,
        "source": call.source_url,
        "grade": call.source_grade,
    }


def clause_records(call: Call) -> list[dict[str, Any]]:
    """Return the clauses of a call in its order."""
    return [
        {
            "code": clause.code,
            "zh": clause.text_zh,
            "en": clause.text_en,
            "source": clause.source,
            "grade": clause.grade,
        }
        for clause in call.clauses.all()
    ]


def criterion_records(call: Call) -> list[dict[str, Any]]:
    """Return the conditions of a call in its order, each with the code of its clause."""
    return [
        {
            "code": one.code,
            "zh": one.label_zh,
            "en": one.label_en,
            "kind": one.kind,
            "clause": one.clause.code,
            "figure": one.kpi_code,
            "operator": one.operator,
            "threshold": str(one.threshold) if one.threshold is not None else _text(one.threshold_date),
            "unit": one.unit,
            "mandatory": one.is_mandatory,
        }
        for one in call.criteria.select_related("clause")
    ]


def _text(moment: date | datetime | None) -> str:
    return moment.isoformat() if moment else ""
