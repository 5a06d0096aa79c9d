"""What a basket costs with its delivery: every line with its tax, rounded once, as the order will store it."""

import logging
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from oscar.core import prices

from storefront.core.money import round_amount
from storefront.markets.errors import MarketsError
from storefront.markets.models import Market, VatIdCheck
from storefront.markets.selectors.tax import TaxClass, seller, tax_classes_for
from storefront.markets.services.tax import tax_provider
from storefront.markets.services.vat_ids import customer_of
from storefront.markets.tax.assessment import (
    ZERO,
    Destination,
    Line,
    Pricing,
    TaxAssessment,
    TaxedLine,
    Treatment,
    split_tax,
)
from storefront.payments import gateway
from storefront.payments.errors import GatewayError, NotConfigured, TaxUnavailable

logger = logging.getLogger(__name__)

DELIVERY_KEY = "delivery"


@dataclass(frozen=True)
class Terms:
    """Where, to whom and in which language a market sells."""

    market: Market
    language: str
    destination: Destination
    vat_check: VatIdCheck | None = None


@dataclass(frozen=True)
class QuotedLine:
    """A basket line with its tax; the amounts before discounts bear tax as the line itself does."""

    key: int
    quantity: int
    taxed: TaxedLine
    net_before_discounts: Decimal
    gross_before_discounts: Decimal


@dataclass(frozen=True)
class Quote:
    """An order's prices to be; `includes_tax` says which of them shoppers are shown."""

    lines: tuple[QuotedLine, ...]
    assessment: TaxAssessment
    includes_tax: bool

    @property
    def currency(self) -> str:
        return self.assessment.currency

    @property
    def total(self) -> Decimal:
        """What is paid: the sum of every line and the delivery, with tax."""
        return self.assessment.gross

    @property
    def minor_total(self) -> int:
        """The total in the currency's smallest unit. Raises AmountDoesNotFit."""
        return gateway.to_minor_units(amount=self.total, currency=self.currency)

    @property
    def order_total(self) -> prices.Price:
        return prices.Price(self.currency, excl_tax=self.assessment.net, incl_tax=self.assessment.gross)

    @property
    def delivery_charge(self) -> prices.Price:
        codes = dict.fromkeys(tax_code(part) for part in self.assessment.delivery)
        return prices.Price(
            self.currency,
            excl_tax=self.assessment.delivery_net,
            incl_tax=self.assessment.delivery_gross,
            tax_code=", ".join(codes)[:64],
        )


def tax_code(line: TaxedLine) -> str:
    """Return what an order line keeps of how it was taxed: DE-standard-19, or why it was not, such as export."""
    if not line.country:
        return line.treatment.value
    return f"{line.country}-{line.tax_class}-{line.rate.normalize():f}"


def quote_order(*, basket: Any, method: Any, terms: Terms | None, now: datetime) -> Quote:
    """Return what the basket costs when `method` delivers it under the terms; without terms there is no tax.

    Call it outside any transaction: it may ask Stripe. Raises TaxUnavailable.
    """
    rows = list(basket.all_lines())
    charge = method.calculate(basket).incl_tax
    if terms is None:
        return _quote_without_market(rows, charge, basket.currency)
    pricing = Pricing(currency=terms.market.currency, includes_tax=terms.market.prices_include_tax)
    tax_classes = tax_classes_for(row.product for row in rows)
    assessment = _assess(
        lines=[_line(row, tax_classes[row.product.pk]) for row in rows],
        delivery=Line(key=DELIVERY_KEY, amount=charge, tax_class=getattr(method, "tax_class", "")),
        pricing=pricing,
        terms=terms,
        now=now,
    )
    return Quote(
        lines=tuple(
            _quote_line(row, taxed, pricing) for row, taxed in zip(rows, assessment.lines, strict=True)
        ),
        assessment=assessment,
        includes_tax=pricing.includes_tax,
    )


def quote_without_tax(*, basket: Any, method: Any) -> Quote:
    """Return what the basket costs before any tax that is still to be worked out."""
    return _quote_without_market(list(basket.all_lines()), method.calculate(basket).incl_tax, basket.currency)


def _assess(
    *, lines: list[Line], delivery: Line, pricing: Pricing, terms: Terms, now: datetime
) -> TaxAssessment:
    try:
        provider = tax_provider(gateway=gateway if gateway.is_configured() else None)
        return provider.assess(
            lines=lines,
            delivery=delivery,
            pricing=pricing,
            seller=seller(),
            destination=terms.destination,
            customer=customer_of(terms.vat_check),
            on=now.date(),
        )
    except (MarketsError, GatewayError, NotConfigured) as error:
        logger.exception("The tax of a basket for %s cannot be worked out.", terms.destination.country)
        raise TaxUnavailable(
            _(
                "The tax for this address cannot be worked out just now, so nothing can be ordered to it yet. "
                "You were not charged. Try again in a minute, or write to us."
            )
        ) from error


def _line(row: Any, tax_class: TaxClass) -> Line:
    return Line(
        key=str(row.pk),
        amount=row.shown_price,
        tax_class=tax_class.code,
        quantity=row.quantity,
        stripe_code=tax_class.stripe_code,
    )


def _quote_line(row: Any, taxed: TaxedLine, pricing: Pricing) -> QuotedLine:
    before, amount = row.shown_price_before_discounts, row.shown_price
    if not row.discount_value:
        net, gross = taxed.net, taxed.gross
    elif taxed.tax or not amount:
        net, _tax, gross = split_tax(amount=before, rate=taxed.rate, pricing=pricing)
    else:
        # Untaxed: before the discount, too, the price was less by the tax that a gross price loses here.
        net = gross = round_amount(amount=before * taxed.net / amount, currency=pricing.currency)
    return QuotedLine(
        key=row.pk,
        quantity=row.quantity,
        taxed=taxed,
        net_before_discounts=net,
        gross_before_discounts=gross,
    )


def _quote_without_market(rows: list[Any], charge: Decimal, currency: str) -> Quote:
    lines = [(row, _untaxed(str(row.pk), row.shown_price)) for row in rows]
    return Quote(
        lines=tuple(
            QuotedLine(
                key=row.pk,
                quantity=row.quantity,
                taxed=taxed,
                net_before_discounts=row.shown_price_before_discounts,
                gross_before_discounts=row.shown_price_before_discounts,
            )
            for row, taxed in lines
        ),
        assessment=TaxAssessment(
            currency=currency,
            lines=tuple(taxed for _row, taxed in lines),
            delivery=(_untaxed(DELIVERY_KEY, charge),),
        ),
        includes_tax=True,
    )


def _untaxed(key: str, amount: Decimal) -> TaxedLine:
    return TaxedLine(key=key, net=amount, tax=ZERO, gross=amount, rate=ZERO, treatment=Treatment.CALCULATED)
