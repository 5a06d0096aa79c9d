"""Checks of figures: changed after the freeze, of another window, with orders in them that do not count."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from storefront.subsidies import workflow
from storefront.subsidies.objections.case import BEIJING, ERROR, WARNING, Case, Objection
from storefront.subsidies.objections.sales import FrozenFigure
from storefront.subsidies.services.freezing import changes_since

_MANY_ORDERS = 10
_SAME_SHARE = Decimal("0.05")
_ROUND_SHARE = Decimal("0.5")
_SPIKE = 3
_UNTRACKED_SHARE = Decimal("0.1")
_UNMATCHED_SHARE = Decimal("0.01")
_BRAND_KPI = "K05"
TRADEMARK = "trademark"


def figure_changed(case: Case) -> Iterator[Objection]:
    """V15: a figure, or the file of its rows, is not what was taken."""
    for code, sentence in case.broken_figures:
        yield Objection("V15", "snapshot", ERROR, code, {"sentence": sentence})


def changed_after_freeze(case: Case) -> Iterator[Objection]:
    """V15: what was frozen is not what is there now."""
    frozen = case.project.frozen_versions.order_by("-number").first()
    if frozen is None:
        return
    about = f"v{frozen.number}"
    if hashlib.sha256(frozen.body.encode()).hexdigest() != frozen.sha256:
        yield Objection("V15", "hash", ERROR, about)
    elif case.project.state not in (*workflow.EDITABLE_STATES, workflow.INTERNAL_REVIEW):
        for what in changes_since(frozen):
            yield Objection("V15", "changed", ERROR, about, {"what": what})


def other_window(case: Case) -> Iterator[Objection]:
    """V17: a figure of another window than the call's, with months missing, or reckoned in another time zone."""
    call = case.project.call
    for figure in case.figures:
        values = {"start": call.measure_from, "end": call.measure_to}
        if (figure.measure_from, figure.measure_to) != (call.measure_from, call.measure_to):
            found = {"found": f"{figure.measure_from} – {figure.measure_to}"}
            yield Objection("V17", "window", ERROR, figure.kpi_code, values | found)
        if figure.zone != BEIJING.key:
            yield Objection("V17", "zone", ERROR, figure.kpi_code, values | {"zone": figure.zone})
        start, end = _edges(call.measure_from, call.measure_to)
        strays = [sale.number for sale in figure.sales if sale.paid_at and not start <= sale.paid_at < end]
        if strays:
            yield Objection("V17", "stray", ERROR, figure.kpi_code, values | {"orders": _some(strays)})
        missing = [
            month for month in _months(call.measure_from, call.measure_to) if month not in figure.months
        ]
        if figure.months and missing:
            yield Objection("V17", "months", ERROR, figure.kpi_code, values | {"months": ", ".join(missing)})


def orders_that_do_not_count(case: Case) -> Iterator[Objection]:
    """V18: test, staff, own, cancelled, free or fully refunded orders inside a figure."""
    for figure in case.figures:
        found: dict[str, list[str]] = {}
        for sale in figure.sales:
            if sale.excluded_as and sale.excluded_as != "marketplace":
                found.setdefault(sale.excluded_as, []).append(sale.number)
        for why, numbers in sorted(found.items()):
            values = {"count": len(numbers), "why": why, "orders": _some(numbers)}
            yield Objection("V18", "orders", ERROR, figure.kpi_code, values)


def looks_like_brushing(case: Case) -> Iterator[Objection]:
    """V19: many orders of one card or address, round sums, a spike in the last month, no tracking (刷单)."""
    for figure in case.figures:
        found = figure.pattern
        if found.count < _MANY_ORDERS:
            continue
        for form, most in (("card", found.most_of_a_card), ("address", found.most_of_an_address)):
            if most >= _MANY_ORDERS and most > found.count * _SAME_SHARE:
                yield Objection("V19", form, WARNING, figure.kpi_code, {"count": most})
        if found.round_sums > found.count * _ROUND_SHARE:
            yield Objection("V19", "round", WARNING, figure.kpi_code, {"count": found.round_sums})
        if found.untracked > found.count * _UNTRACKED_SHARE:
            yield Objection("V19", "untracked", WARNING, figure.kpi_code, {"count": found.untracked})
        yield from _spike(case, figure)


def marketplace_sales(case: Case) -> Iterator[Objection]:
    """V20: orders of Amazon or another marketplace inside the site's figure."""
    for figure in case.figures:
        numbers = [sale.number for sale in figure.sales if sale.excluded_as == "marketplace"]
        if numbers:
            values = {"count": len(numbers), "orders": _some(numbers)}
            yield Objection("V20", "orders", ERROR, figure.kpi_code, values)


def unproven_brand(case: Case) -> Iterator[Objection]:
    """V21: an own-brand share without the trademark's paper, or the flag was changed inside the window."""
    for figure in case.figures:
        if figure.kpi_code != _BRAND_KPI:
            continue
        is_proven = case.trademarks or any(evidence.kind == TRADEMARK for _, evidence in case.papers)
        if figure.value and not is_proven:  # a share of zero claims nothing
            yield Objection("V21", "trademark", ERROR, figure.kpi_code)
        for brand, changed_on in figure.brand_changes:
            if case.project.call.measure_from <= changed_on <= case.project.call.measure_to:
                yield Objection("V21", "changed", ERROR, brand, {"day": changed_on})


def payouts_unproven(case: Case) -> Iterator[Objection]:
    """V30: manual payouts, which nobody can match; or more unmatched than is tolerated."""
    matching = case.matching
    if matching is None:
        return
    if matching.manual_payouts:
        yield Objection("V30", "manual", WARNING, case.project.title, {"count": matching.manual_payouts})
    if matching.unmatched_share > _UNMATCHED_SHARE:
        share = f"{matching.unmatched_share * 100:.2f}"
        yield Objection("V30", "unmatched", WARNING, case.project.title, {"share": share})


def _spike(case: Case, figure: FrozenFigure) -> Iterator[Objection]:
    months = figure.pattern.months
    names = _months(case.project.call.measure_from, case.project.call.measure_to)
    *before, last = [months.get(name, 0) for name in names] or [0]
    usual = sum(before) / len(before) if before else 0
    if usual and last > usual * _SPIKE:
        yield Objection(
            "V19",
            "spike",
            WARNING,
            figure.kpi_code,
            {"month": names[-1], "count": last, "usual": round(usual)},
        )


def _edges(first: date, last: date) -> tuple[datetime, datetime]:
    """Return the moments at which a window of days in China begins and has ended."""
    start = datetime.combine(first, datetime.min.time(), BEIJING)
    end = datetime.combine(last + timedelta(days=1), datetime.min.time(), BEIJING)
    return start.astimezone(UTC), end.astimezone(UTC)


def _months(first: date, last: date) -> list[str]:
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    numbers = (first.year * 12 + first.month - 1 + step for step in range(count))
    return [f"{number // 12}-{number % 12 + 1:02d}" for number in numbers]


def _some(numbers: list[str]) -> str:
    return ", ".join(numbers[:5]) + (" …" if len(numbers) > 5 else "")


CHECKS = (
    *(
        figure_changed,
        changed_after_freeze,
        other_window,
        orders_that_do_not_count,
        looks_like_brushing,
        marketplace_sales,
    ),
    *(unproven_brand, payouts_unproven),
)
