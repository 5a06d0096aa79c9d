"""One pass over a window's sales gathers what every formula over them needs; memory grows with buyers alone."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from storefront.subsidies.facts.exclusions import CANCELLED
from storefront.subsidies.facts.windows import month_of
from storefront.subsidies.kpi.amounts import BASES, CountedSale, SalesTerms

_ZERO = Decimal(0)


@dataclass
class Pattern:
    """What gives brushing (刷单) and wrong windows away, without the orders themselves."""

    count: int = 0
    round_sums: int = 0
    untracked: int = 0
    addresses: Counter[str] = field(default_factory=Counter)
    months: Counter[str] = field(default_factory=Counter)


@dataclass
class Tally:
    """The sums of a window: by month and basis, by country, of what went back; and what was left out, by reason."""

    terms: SalesTerms
    by_month: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    totals: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(BASES, _ZERO))
    by_country: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    buyers: Counter[str] = field(default_factory=Counter)
    excluded: Counter[str] = field(default_factory=Counter)
    orders: int = 0
    refunded: Decimal = _ZERO
    disputed: Decimal = _ZERO
    refunded_orders: int = 0
    disputed_orders: int = 0
    cancelled_orders: int = 0
    shipped_orders: int = 0
    delivered_orders: int = 0
    pattern: Pattern = field(default_factory=Pattern)

    def __post_init__(self) -> None:
        self.by_month = {month: dict.fromkeys(BASES, _ZERO) for month in self.terms.window.months}

    def add(self, counted: CountedSale) -> None:
        """Take an order in."""
        if counted.excluded_as:
            self.excluded[counted.excluded_as] += 1
            self.cancelled_orders += counted.excluded_as == CANCELLED
            return
        sale, month = counted.sale, self.by_month[month_of(counted.sale.paid_at)]
        for basis in BASES:
            amount = counted.amount(basis)
            month[basis] += amount
            self.totals[basis] += amount
        self.by_country[sale.country] += counted.amount(self.terms.basis)
        self.refunded += counted.refunded
        self.disputed += counted.disputed
        self.refunded_orders += counted.refunded > 0
        self.disputed_orders += counted.disputed > 0
        if not sale.captured:  # a return of an order that was counted in an earlier window
            return
        self.buyers[sale.buyer] += 1
        self.orders += 1
        self.shipped_orders += sale.is_tracked
        self.delivered_orders += sale.is_tracked and sale.is_delivered
        self._look(counted)

    def _look(self, counted: CountedSale) -> None:
        pattern, sale = self.pattern, counted.sale
        pattern.count += 1
        pattern.round_sums += sale.captured % 100 == 0
        pattern.untracked += not sale.is_tracked
        pattern.addresses[sale.address] += bool(sale.address)
        pattern.months[month_of(sale.paid_at)] += 1

    @property
    def total(self) -> Decimal:
        """The window's sales in the call's own way of counting."""
        return self.totals[self.terms.basis]

    @property
    def months(self) -> dict[str, Decimal]:
        """The sales of each month in the call's own way of counting."""
        return {month: sums[self.terms.basis] for month, sums in self.by_month.items()}
