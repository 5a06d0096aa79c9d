"""Reckon a project's figures from the shop's facts: one pass over the sales, whatever the number of figures."""

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from storefront.subsidies.facts.exclusions import NO_RATE
from storefront.subsidies.facts.sales import countries_before, load_marks
from storefront.subsidies.kpi import sales_rows, sources
from storefront.subsidies.kpi.amounts import (
    BASES,
    SalesTerms,
)
from storefront.subsidies.kpi.call_terms import money_unit, sales_terms
from storefront.subsidies.kpi.eligibility_date import Outlook, eligible_from, outlooks
from storefront.subsidies.kpi.formulas import (
    BOOKS,
    CUSTOMS,
    FORMULAS,
    GOODS,
    GROUP,
    LAUNCH,
    LEDGER,
    MONEY,
    PLAN,
    SALES,
    Figure,
    Formula,
    growth,
)
from storefront.subsidies.kpi.sales_rows import Row
from storefront.subsidies.kpi.tally import Tally
from storefront.subsidies.kpi.verdicts import gap_of, judge
from storefront.subsidies.models import Criterion, ExchangeRate, Project
from storefront.subsidies.speech import say


@dataclass(frozen=True)
class Measure:
    """A figure of a project, as it stands at a moment, with what it needs to be believed."""

    code: str
    version: int
    unit: str
    value: Figure
    operator: str = ""
    threshold: Figure = None
    verdict: str = ""
    gap: Decimal | None = None
    needs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    months: Mapping[str, Decimal] = field(default_factory=dict)
    variants: Mapping[str, Figure] = field(default_factory=dict)
    excluded: Mapping[str, int] = field(default_factory=dict)
    counted: int = 0
    header: Row = ()
    rows: Callable[[], Iterator[Row]] = lambda: iter(())

    @property
    def name(self) -> str:
        """What the figure is called, in the reader's language."""
        return say(f"kpi.{self.code}")


_CARRIED = ("code", "version", "unit", "value", "needs", "notes", "months", "variants", "excluded", "counted")
_CARRIED += ("header", "rows")


def measure(*, project: Project, criterion: Criterion, as_of: datetime) -> Measure:
    """Return the figure of one condition. Raises ValueError for a condition that is no figure."""
    if criterion.kind != Criterion.KPI:
        raise ValueError(f"{criterion.code} is attested or shown by a document; it has no figure.")
    return Reading(project, as_of=as_of).measure(
        criterion.kpi_code, criterion=criterion, unit=money_unit(criterion.unit)
    )


def measure_all(*, project: Project, as_of: datetime) -> dict[str, Measure]:
    """Return the figures of a call's conditions by the condition's code, in the call's order."""
    criteria = [one for one in project.call.criteria.all() if one.kind == Criterion.KPI]
    reading = Reading(project, as_of=as_of)
    return {
        one.code: reading.measure(one.kpi_code, criterion=one, unit=money_unit(one.unit)) for one in criteria
    }


def time_to_eligible(*, project: Project, as_of: datetime) -> list[Outlook]:
    """Return when each condition over sales would pass, were the call opened anew, at the pace of three months."""
    return outlooks(Reading(project, as_of=as_of))


def measure_code(*, project: Project, code: str, as_of: datetime, unit: str = "") -> Measure:
    """Return one of K01 to K23, whether the call asks for it or not; money in `unit`, else in the call's unit."""
    return Reading(project, as_of=as_of).measure(code, unit=unit)


class Reading:
    """A project's facts at a moment. Each pass over the sales happens once, and only when a figure needs it."""

    def __init__(self, project: Project, *, as_of: datetime) -> None:
        self.project, self.as_of = project, as_of
        self.marks = load_marks(project.entity.group)
        self.rates = all_rates()
        self._tallies: dict[SalesTerms, Tally] = {}

    def measure(self, code: str, *, criterion: Criterion | None = None, unit: str = "") -> Measure:
        """Return a figure, judged where a condition is given."""
        formula = FORMULAS[code]
        found = self._reckon(formula, terms=sales_terms(self.project.call, unit=unit))
        if criterion is None:
            return found
        threshold = criterion.threshold_date or criterion.threshold
        judged = {"value": found.value, "sign": criterion.operator, "threshold": threshold}
        return Measure(
            **{name: getattr(found, name) for name in _CARRIED},
            operator=criterion.operator,
            threshold=threshold,
            verdict=judge(**judged, is_proven=not found.needs),
            gap=gap_of(**judged),
        )

    def stream(self, terms: SalesTerms) -> Iterator[Row]:
        """Yield the rows of a window's sales; once they are through, every figure over them is known from them."""
        tally = Tally(terms)
        yield from sales_rows.rows_into(tally, self, terms)
        self._tallies[terms] = tally

    def _rows(self, formula: Formula, terms: SalesTerms) -> Iterator[Row]:
        if formula.code == "K22":
            yield from sales_rows.rows(self, replace(terms, window=terms.window.year_before()))
        yield from sales_rows.rows(self, terms)

    def tally(self, terms: SalesTerms) -> Tally:
        """Return what a window's sales add up to."""
        if terms not in self._tallies:
            tally = Tally(terms)
            for counted in sales_rows.counted_sales(self, terms):
                tally.add(counted)
            self._tallies[terms] = tally
        return self._tallies[terms]

    def _reckon(self, formula: Formula, *, terms: SalesTerms) -> Measure:
        unit = {MONEY: terms.unit}.get(formula.unit, formula.unit)
        shape = {"code": formula.code, "version": formula.version, "unit": unit}
        if formula.source == SALES:
            return self._over_sales(formula, terms, shape)
        if formula.source in (BOOKS, CUSTOMS):
            return Measure(
                **shape, **sources.reconciled(self, terms, code=formula.code, source=formula.source)
            )
        return Measure(**shape, **_SOURCES[formula.source](self, terms))

    def _over_sales(self, formula: Formula, terms: SalesTerms, shape: Mapping[str, object]) -> Measure:
        tally = self.tally(terms)
        variants: dict[str, Figure] = {}
        if formula.unit == MONEY and formula.over_sales:
            variants = {basis: formula.over_sales(_in_basis(tally, basis)) for basis in BASES}
        if formula.over_sales:
            value = formula.over_sales(tally)
        elif formula.code == "K12":
            value = Decimal(len(tally.by_country.keys() - {""} - countries_before(terms.window.start)))
        else:
            before = self.tally(replace(terms, window=terms.window.year_before()))
            value = growth(now=tally.total, before=before.total)
        return Measure(
            **shape,
            value=value,
            notes=_missing_rates(tally),
            months=tally.months,
            variants=variants,
            excluded=dict(sorted(tally.excluded.items())),
            counted=tally.orders,
            header=sales_rows.HEADER,
            rows=lambda: self._rows(formula, terms),
        )


_SOURCES = {
    GOODS: sources.own_brand,
    LEDGER: sources.spend,
    GROUP: sources.control,
    LAUNCH: sources.live_since,
    PLAN: eligible_from,
}


def _in_basis(tally: Tally, basis: str) -> Tally:
    """Return the same sums, read in another way."""
    other = copy(tally)
    other.terms = replace(tally.terms, basis=basis)
    return other


def _missing_rates(tally: Tally) -> tuple[str, ...]:
    count = tally.excluded[NO_RATE]
    return (say("note.no_rate", count=count),) if count else ()


def all_rates() -> dict[str, dict]:
    """Return every stored rate by currency and day."""
    found: dict[str, dict] = {}
    for currency, day, rate in ExchangeRate.objects.values_list("currency", "day", "cny_per_unit"):
        found.setdefault(currency, {})[day] = rate
    return found
