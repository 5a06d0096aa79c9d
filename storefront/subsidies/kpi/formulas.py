"""The figures K01 to K22 over what was gathered: pure, each with a version that changes whenever its result would.

Money is in the call's unit, shares are per cent with two decimal places, cut; a figure without a base is None.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from storefront.subsidies.kpi.amounts import cut
from storefront.subsidies.kpi.tally import Tally

MONEY, YUAN, PERCENT, COUNT, DATE = "money", "CNY", "%", "count", "date"
SALES, GOODS, LEDGER, GROUP, LAUNCH = "sales", "goods", "ledger", "group", "launch"
BOOKS, CUSTOMS, PLAN = "books", "customs", "plan"
Figure = Decimal | date | None


@dataclass(frozen=True)
class Formula:
    """A figure: what it is reckoned from, in which unit, and by which version of its rule."""

    code: str
    unit: str
    source: str
    version: int = 1
    over_sales: Callable[[Tally], Figure] | None = None


def average_monthly_sales(tally: Tally) -> Figure:
    """K01: the window's sales over all its calendar months; months without sales count as zero."""
    return cut(Fraction(tally.total) / len(tally.by_month))


def smallest_month(tally: Tally) -> Figure:
    """K02: the sales of the weakest month."""
    return min(tally.months.values())


def window_sales(tally: Tally) -> Figure:
    """K03: the window's sales."""
    return tally.total


def orders(tally: Tally) -> Figure:
    """K06: how many orders count."""
    return Decimal(tally.orders)


def buyers(tally: Tally) -> Figure:
    """K07: how many different buyers they have."""
    return Decimal(len(tally.buyers))


def repeat_rate(tally: Tally) -> Figure:
    """K08: the share of buyers who bought more than once in the window."""
    return share(sum(1 for count in tally.buyers.values() if count > 1), len(tally.buyers))


def average_order(tally: Tally) -> Figure:
    """K09: the sales of an order on average."""
    return cut(Fraction(tally.total) / tally.orders) if tally.orders else None


def countries(tally: Tally) -> Figure:
    """K10: to how many countries goods went."""
    return Decimal(len(tally.by_country.keys() - {""}))


def top_country_share(tally: Tally) -> Figure:
    """K11: the largest country's share of sales."""
    return share(max(tally.by_country.values(), default=Decimal(0)), tally.total)


def refund_rate(tally: Tally) -> Figure:
    """K13: what was refunded of what was captured, by amount; orders refunded in full are excluded beforehand."""
    return share(tally.refunded, tally.totals["gross"])


def chargeback_rate(tally: Tally) -> Figure:
    """K14: what is disputed or lost of what was captured, by amount."""
    return share(tally.disputed, tally.totals["gross"])


def cancelled_rate(tally: Tally) -> Figure:
    """K15: paid orders that were cancelled, of all paid orders that are not excluded for another reason."""
    return share(tally.cancelled_orders, tally.orders + tally.cancelled_orders)


def shipped_rate(tally: Tally) -> Figure:
    """K18: orders with a carrier's number and delivered, of the orders that count."""
    return share(tally.delivered_orders, tally.orders)


def growth(*, now: Decimal, before: Decimal) -> Figure:
    """K22: the growth of sales over the year before; None where nothing was sold then."""
    return cut(Fraction(now - before) * 100 / Fraction(before)) if before else None


def share(part: Decimal | int, whole: Decimal | int) -> Figure:
    """Return a share in per cent, cut to two decimal places; None of nothing."""
    return cut(Fraction(part) * 100 / Fraction(whole)) if whole else None


FORMULAS = {
    formula.code: formula
    for formula in (
        Formula("K01", MONEY, SALES, over_sales=average_monthly_sales),
        Formula("K02", MONEY, SALES, over_sales=smallest_month),
        Formula("K03", MONEY, SALES, over_sales=window_sales),
        Formula("K04", DATE, LAUNCH),
        Formula("K05", PERCENT, GOODS),
        Formula("K06", COUNT, SALES, over_sales=orders),
        Formula("K07", COUNT, SALES, over_sales=buyers),
        Formula("K08", PERCENT, SALES, over_sales=repeat_rate),
        Formula("K09", MONEY, SALES, over_sales=average_order),
        Formula("K10", COUNT, SALES, over_sales=countries),
        Formula("K11", PERCENT, SALES, over_sales=top_country_share),
        Formula("K12", COUNT, SALES),
        Formula("K13", PERCENT, SALES, over_sales=refund_rate),
        Formula("K14", PERCENT, SALES, over_sales=chargeback_rate),
        Formula("K15", PERCENT, SALES, over_sales=cancelled_rate),
        Formula("K16", PERCENT, BOOKS),
        Formula("K17", PERCENT, BOOKS),
        Formula("K18", PERCENT, SALES, over_sales=shipped_rate),
        Formula("K19", PERCENT, CUSTOMS),
        Formula("K20", YUAN, LEDGER),
        Formula("K21", PERCENT, GROUP),
        Formula("K22", PERCENT, SALES),
        Formula("K23", DATE, PLAN),
    )
}
