"""K23: from which month on the shop would meet each condition over sales, were the call opened anew."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from storefront.subsidies.facts.windows import Window, day_of
from storefront.subsidies.kpi.call_terms import money_unit, sales_terms
from storefront.subsidies.kpi.projection import Projection, later_month, project_months
from storefront.subsidies.kpi.verdicts import MET, judge
from storefront.subsidies.models import Criterion
from storefront.subsidies.speech import say

if TYPE_CHECKING:
    from storefront.subsidies.kpi.amounts import SalesTerms
    from storefront.subsidies.kpi.measures import Reading


@dataclass(frozen=True)
class Outlook:
    """A condition over sales, and when its figure would pass."""

    criterion: Criterion
    projection: Projection

    @property
    def is_reached(self) -> bool:
        """Say whether it would pass within five years."""
        return bool(self.projection.month)


_HEADER = ("condition", "first_month", "monthly_run_rate", "unit")
_FIGURES: dict[str, Callable[[Sequence[Decimal]], Decimal]] = {
    "K01": lambda months: sum(months, Decimal(0)) / len(months),
    "K02": min,
    "K03": lambda months: sum(months, Decimal(0)),
}


def outlooks(reading: "Reading") -> list[Outlook]:
    """Return the outlook of each condition over sales, reckoned from the last whole months before the reading.

    One pass over as many months as the call measures. Conditions that time does not change (brand, ownership, launch)
    have no outlook: their verdict stands.
    """
    call, found = reading.project.call, []
    for criterion in call.criteria.all():
        figure = _FIGURES.get(criterion.kpi_code)
        if figure is None or criterion.threshold is None:
            continue
        terms = sales_terms(call, unit=money_unit(criterion.unit))
        count = len(terms.window.months)
        tally = reading.tally(replace(terms, window=last_months(as_of=reading.as_of, count=count)))
        projection = project_months(
            months=sorted(tally.months.items()), window=count, passes=_passes(criterion, figure)
        )
        found.append(Outlook(criterion, projection))
    return found


def eligible_from(reading: "Reading", terms: "SalesTerms") -> dict[str, Any]:
    """K23: the last day of the first month with which all would be met; unknown while another condition is not."""
    found = outlooks(reading)
    months = [one.projection.month for one in found]
    others = [
        one
        for one in reading.project.call.criteria.all()
        if one.kind == Criterion.KPI and one.kpi_code not in _FIGURES
    ]
    open_ones = [
        str(one)
        for one in others
        if reading.measure(one.kpi_code, criterion=one, unit=money_unit(one.unit)).verdict != MET
    ]
    needs = [say("needs.other_conditions", names=", ".join(open_ones))] if open_ones else []
    if not all(months) or not months:
        needs.append(say("needs.plan"))
    rows = [
        (one.criterion.code, one.projection.month, f"{one.projection.run_rate:.2f}", terms.unit)
        for one in found
    ]
    return {
        "value": None if needs else _month_end(max(months)),
        "needs": tuple(needs),
        "counted": len(rows),
        "header": _HEADER,
        "rows": lambda: iter(rows),
    }


def last_months(*, as_of: datetime, count: int) -> Window:
    """Return the last `count` whole months in China before a moment."""
    last = day_of(as_of).replace(day=1) - timedelta(days=1)
    number = last.year * 12 + last.month - count
    return Window(date(number // 12, number % 12 + 1, 1), last)


def _month_end(month: str) -> date:
    following = later_month(month, 1)
    return date(int(following[:4]), int(following[5:]), 1) - timedelta(days=1)


def _passes(
    criterion: Criterion, figure: Callable[[Sequence[Decimal]], Decimal]
) -> Callable[[Sequence[Decimal]], Decimal | None]:
    def passes(months: Sequence[Decimal]) -> Decimal | None:
        value = figure(months)
        is_met = judge(value=value, sign=criterion.operator, threshold=criterion.threshold) == MET
        return value if is_met else None

    return passes
