"""What the checks need of frozen figures: their window and the orders behind them, as plain data."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from storefront.subsidies.facts.windows import month_of


@dataclass(frozen=True)
class Sale:
    """An order behind a figure. `excluded_as` says why it does not count; card and address are marks, not data."""

    number: str
    paid_at: datetime | None
    amount: Decimal
    excluded_as: str = ""
    card: str = ""
    address: str = ""
    is_tracked: bool = True


@dataclass(frozen=True)
class SalesPattern:
    """What gives brushing (刷单) away: how many orders, and how many of them look alike."""

    count: int = 0
    round_sums: int = 0
    untracked: int = 0
    most_of_a_card: int = 0
    most_of_an_address: int = 0
    months: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class FrozenFigure:
    """A snapshot of a figure, as it will be filed."""

    kpi_code: str
    value: Decimal | None
    measure_from: date
    measure_to: date
    zone: str
    months: tuple[str, ...] = ()
    sales: tuple[Sale, ...] = ()
    brand_changes: tuple[tuple[str, date], ...] = ()
    taken_pattern: SalesPattern | None = None

    @cached_property
    def pattern(self) -> SalesPattern:
        """How the orders look together: as it was taken, else from the orders at hand."""
        return self.taken_pattern or pattern_of(self.sales)


def pattern_of(sales: tuple[Sale, ...]) -> SalesPattern:
    """Return what a number of orders look like together."""
    return SalesPattern(
        count=len(sales),
        round_sums=sum(1 for sale in sales if sale.amount % 100 == 0),
        untracked=sum(1 for sale in sales if not sale.is_tracked),
        most_of_a_card=_most(sale.card for sale in sales),
        most_of_an_address=_most(sale.address for sale in sales),
        months=Counter(month_of(sale.paid_at) for sale in sales if sale.paid_at),
    )


def _most(marks: Iterable[str]) -> int:
    return max(Counter(mark for mark in marks if mark).values(), default=0)


@dataclass(frozen=True)
class Matching:
    """What the latest reconciliation could not match, as a share of the captured sum."""

    manual_payouts: int
    unmatched_share: Decimal
