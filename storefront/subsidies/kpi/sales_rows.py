"""The orders behind a figure as rows of text: what counts, what does not and why, each amount in four ways."""

from collections.abc import Iterator
from typing import Protocol

from storefront.subsidies.eligibility import Rates
from storefront.subsidies.facts.exclusions import Marks
from storefront.subsidies.facts.sales import read_late_returns, read_sales
from storefront.subsidies.facts.windows import BEIJING, month_of
from storefront.subsidies.kpi.amounts import (
    BASES,
    BY_REFUND_DATE,
    CountedSale,
    Exchange,
    SalesTerms,
    count_sale,
)
from storefront.subsidies.kpi.tally import Tally

Row = tuple[str, ...]
HEADER: Row = (
    *("order", "paid_at_asia_shanghai", "month", "currency", "captured", "money_back", "excluded_as"),
    *(f"{basis}_in_unit" for basis in BASES),
    *("unit", "unit_per_currency", "country", "buyer_mark", "address_mark", "tracked", "delivered"),
)


class Facts(Protocol):
    """What rows are read with."""

    as_of: object
    marks: Marks
    rates: dict[str, Rates]


def counted_sales(facts: "Facts", terms: SalesTerms) -> Iterator[CountedSale]:
    """Yield the window's orders as the call counts them, the excluded ones too."""
    exchange = Exchange(terms, facts.rates)
    read = {"window": terms.window, "marks": facts.marks, "as_of": facts.as_of}
    for sale in read_sales(**read):
        yield count_sale(sale=sale, terms=terms, exchange=exchange)
    for sale in read_late_returns(**read) if terms.refunds == BY_REFUND_DATE else ():
        yield count_sale(sale=sale, terms=terms, exchange=exchange)


def rows_into(tally: Tally, facts: "Facts", terms: SalesTerms) -> Iterator[Row]:
    """Yield the rows while the same orders go into `tally`: the sum and its rows come of one reading."""
    for counted in counted_sales(facts, terms):
        tally.add(counted)
        yield row_of(counted, unit=terms.unit)


def rows(facts: "Facts", terms: SalesTerms) -> Iterator[Row]:
    """Yield the rows behind the figures over sales, in the order of `HEADER`."""
    return (row_of(counted, unit=terms.unit) for counted in counted_sales(facts, terms))


def row_of(counted: CountedSale, *, unit: str) -> Row:
    """Return an order as a row."""
    sale = counted.sale
    return (
        sale.number,
        sale.paid_at.astimezone(BEIJING).isoformat(timespec="seconds"),
        month_of(sale.paid_at),
        sale.currency,
        f"{sale.captured:.2f}",
        f"{sum(one.amount for one in sale.back):.2f}",
        counted.excluded_as,
        *(f"{counted.amount(basis):.2f}" for basis in BASES),
        unit,
        f"{float(counted.rate):.8f}",
        sale.country,
        sale.buyer,
        sale.address,
        "1" if sale.is_tracked else "0",
        "1" if sale.is_delivered else "0",
    )
