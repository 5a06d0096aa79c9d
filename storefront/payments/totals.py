"""The sums under an order or a basket at checkout, as they are printed everywhere: page, mail, back office."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from storefront.markets.tax.assessment import ZERO, TaxAssessment
from storefront.markets.tax_texts import describe_tax, describe_treatment
from storefront.payments.quotes import Quote
from storefront.tender.selectors import credit_used


@dataclass(frozen=True)
class TaxRow:
    """The tax at one rate, with its name."""

    label: str
    amount: Decimal


@dataclass(frozen=True)
class Totals:
    """Subtotal - discount + delivery is the total; where `is_tax_added`, the taxes are added to it too."""

    currency: str
    subtotal: Decimal
    discount: Decimal
    delivery: Decimal
    taxes: tuple[TaxRow, ...]
    is_tax_added: bool
    total: Decimal
    note: str = ""
    credit: Decimal = ZERO  # what gift cards and store credit pay of the total

    @property
    def charge(self) -> Decimal:
        """What is left to pay after gift cards and store credit."""
        return self.total - self.credit


def totals_of_quote(quote: Quote) -> Totals:
    """Return the sums of a basket at checkout."""
    rates = rates_of(quote.assessment)
    return _totals(
        currency=quote.currency,
        subtotal=sum(
            (
                line.gross_before_discounts if quote.includes_tax else line.net_before_discounts
                for line in quote.lines
            ),
            ZERO,
        ),
        delivery=(quote.assessment.delivery_gross if quote.includes_tax else quote.assessment.delivery_net),
        rates=rates,
        includes_tax=quote.includes_tax,
        total=quote.total,
        note=note_of(quote.assessment),
    )


def totals_of_order(order: Any) -> Totals:
    """Return the sums of an order as they were agreed; from its own rows alone."""
    terms = _terms_of(order)
    includes_tax = terms is None or terms.prices_include_tax
    field = "line_price_before_discounts_incl_tax" if includes_tax else "line_price_before_discounts_excl_tax"
    return _totals(
        currency=order.currency,
        subtotal=sum((getattr(line, field) for line in order.lines.all()), ZERO),
        delivery=order.shipping_incl_tax if includes_tax else order.shipping_excl_tax,
        rates=terms.rates if terms else [],
        includes_tax=includes_tax,
        total=order.total_incl_tax,
        note=terms.note if terms else "",
        credit=credit_used(order),
    )


def shown_line_price(line: Any, *, order: Any) -> Decimal:
    """Return what an order's line cost, with or without tax as the order's prices are shown."""
    terms = _terms_of(order)
    return line.line_price_incl_tax if terms is None or terms.prices_include_tax else line.line_price_excl_tax


def rates_of(assessment: TaxAssessment) -> list[dict[str, str]]:
    """Return net, tax and gross of each country and rate, delivery included, the highest rate first."""
    sums: dict[tuple[str, Decimal], list[Decimal]] = {}
    for line in assessment.all_lines:
        found = sums.setdefault((line.country, line.rate), [ZERO, ZERO, ZERO])
        for place, amount in enumerate((line.net, line.tax, line.gross)):
            found[place] += amount
    return [
        {
            "country": country,
            "rate": f"{rate.normalize():f}",
            "net": str(net),
            "tax": str(tax),
            "gross": str(gross),
        }
        for (country, rate), (net, tax, gross) in sorted(
            sums.items(), key=lambda item: (-item[0][1], item[0][0])
        )
    ]


def note_of(assessment: TaxAssessment) -> str:
    """Return the sentences an invoice needs about the tax; empty when all is usual."""
    notes = dict.fromkeys(describe_treatment(line) for line in assessment.all_lines)
    return " ".join(note for note in notes if note)


def _totals(
    *,
    currency: str,
    subtotal: Decimal,
    delivery: Decimal,
    rates: list[dict[str, str]],
    includes_tax: bool,
    total: Decimal,
    note: str,
    credit: Decimal = ZERO,
) -> Totals:
    taxes = tuple(
        TaxRow(
            label=describe_tax(country=row["country"], rate=Decimal(row["rate"]), is_included=includes_tax),
            amount=Decimal(row["tax"]),
        )
        for row in rates
        if Decimal(row["tax"])
    )
    added = ZERO if includes_tax else sum((row.amount for row in taxes), ZERO)
    return Totals(
        currency=currency,
        subtotal=subtotal,
        discount=max(ZERO, subtotal + delivery + added - total),
        delivery=delivery,
        taxes=taxes,
        is_tax_added=not includes_tax,
        total=total,
        note=note,
        credit=credit,
    )


def _terms_of(order: Any) -> Any:
    return getattr(order, "tax_terms", None)
