"""What an order is worth to a call: in the call's currency by its rule, in four ways, cut and never rounded up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import trunc

from storefront.subsidies.eligibility import (
    FIXED_DATE,
    INVOICE_DATE,
    MONTH_FIRST,
    PAYMENT_DATE,
    PERIOD_AVERAGE,
    Rates,
)
from storefront.subsidies.facts.exclusions import NO_RATE, REFUNDED
from storefront.subsidies.facts.shapes import DISPUTE, GoodsFact, SaleFact
from storefront.subsidies.facts.windows import Window, day_of

GROSS, NET, EX_TAX, EX_DELIVERY = "gross", "net", "ex_tax", "ex_delivery"
# Each is at most the one before it: what was captured, less what went back, less tax, less delivery.
BASES = (GROSS, NET, EX_TAX, EX_DELIVERY)
BY_ORDER, BY_REFUND_DATE = "order", "refund_date"
CNY = "CNY"
_ZERO = Decimal(0)


@dataclass(frozen=True)
class SalesTerms:
    """How a call counts sales. `refunds` says which window a refund lowers: its order's, or that of its own day."""

    window: Window
    unit: str
    fx_rule: str
    fx_date: date | None = None
    basis: str = NET
    refunds: str = BY_ORDER


@dataclass
class Exchange:
    """Stored rates by currency and day, as CNY for one unit, and the call's rule that picks one."""

    terms: SalesTerms
    rates: Mapping[str, Rates]
    _known: dict[tuple[str, date], Fraction | None] = field(default_factory=dict)

    def factor(self, currency: str, day: date) -> Fraction | None:
        """Return what one unit of `currency` is in the terms' unit on a day, or None where a rate is missing."""
        key = (currency, day)
        if key not in self._known:
            self._known[key] = self._factor(currency, day)
        return self._known[key]

    def _factor(self, currency: str, day: date) -> Fraction | None:
        if currency == self.terms.unit:
            return Fraction(1)
        in_yuan, of_unit = self._in_yuan(currency, day), self._in_yuan(self.terms.unit, day)
        return in_yuan / of_unit if in_yuan is not None and of_unit is not None else None

    def _in_yuan(self, currency: str, day: date) -> Fraction | None:
        if currency == CNY:
            return Fraction(1)
        rates, rule = self.rates.get(currency, {}), self.terms.fx_rule
        if rule == PERIOD_AVERAGE:
            window = self.terms.window
            inside = [Fraction(rate) for on, rate in rates.items() if window.first <= on <= window.last]
            return Fraction(sum(inside)) / len(inside) if inside else None
        if rule == MONTH_FIRST:
            month = [on for on in rates if (on.year, on.month) == (day.year, day.month)]
            return Fraction(rates[min(month)]) if month else None
        on = {FIXED_DATE: self.terms.fx_date, PAYMENT_DATE: day, INVOICE_DATE: day}.get(rule)
        return Fraction(rates[on]) if on is not None and on in rates else None


@dataclass(frozen=True, slots=True)
class CountedSale:
    """An order as a call counts it; the amounts are in the terms' unit and zero where it is excluded."""

    sale: SaleFact
    excluded_as: str
    gross: Decimal = _ZERO
    net: Decimal = _ZERO
    ex_tax: Decimal = _ZERO
    ex_delivery: Decimal = _ZERO
    refunded: Decimal = _ZERO
    disputed: Decimal = _ZERO
    rate: Fraction = Fraction(0)

    def amount(self, basis: str) -> Decimal:
        """Return one of the four ways."""
        return Decimal(getattr(self, basis))


def count_sale(*, sale: SaleFact, terms: SalesTerms, exchange: Exchange) -> CountedSale:
    """Return what an order counts. One that went back in full, or has no rate, is excluded."""
    if sale.excluded_as:
        return CountedSale(sale, sale.excluded_as)
    back = [one for one in sale.back if terms.refunds == BY_ORDER or terms.window.holds(one.at)]
    given = sum((one.amount for one in back), _ZERO)
    left = sale.captured - given
    if left <= 0 and terms.refunds == BY_ORDER:
        return CountedSale(sale, REFUNDED)
    factor = exchange.factor(sale.currency, day_of(sale.paid_at))
    if factor is None:
        return CountedSale(sale, NO_RATE)
    without_tax = Fraction(sale.total_net) / Fraction(sale.total)
    goods = Fraction(sale.total_net - sale.delivery_net) / Fraction(sale.total)
    disputed = sum((one.amount for one in back if one.kind == DISPUTE), _ZERO)
    worth = Fraction(left) * factor
    return CountedSale(
        sale=sale,
        excluded_as="",
        gross=cut(Fraction(sale.captured) * factor),
        net=cut(worth),
        ex_tax=cut(worth * without_tax),
        ex_delivery=cut(worth * goods),
        refunded=cut(Fraction(given - disputed) * factor),
        disputed=cut(Fraction(disputed) * factor),
        rate=factor,
    )


def count_goods(*, goods: GoodsFact, exchange: Exchange) -> Decimal | None:
    """Return what a line is worth in the terms' unit, before tax; None where a rate is missing."""
    factor = exchange.factor(goods.currency, day_of(goods.paid_at))
    return None if factor is None else cut(Fraction(goods.amount_net) * factor)


def cut(value: Fraction) -> Decimal:
    """Return an amount cut towards zero to two decimal places."""
    return Decimal(trunc(value * 100)).scaleb(-2)
