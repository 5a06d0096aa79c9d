"""Tax from our own table of rates: who taxes a sale of goods, at which rate, and why.

The rules are those of Directive 2006/112/EC for goods sold at a distance:
Article 33 (place of a distance sale: where transport ends), Article 59c (below EUR 10,000 a year a seller
established in one member state alone may tax at home), Articles 369a-369k (one-stop shop), 369l-369x (import
one-stop shop), Article 138 (goods to a business in another member state that gave its VAT id are exempt, the buyer
accounts for the tax) and Article 146 (exports are exempt).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from storefront.core.money import split_amount
from storefront.markets.errors import SalesTaxUnavailable
from storefront.markets.tax.assessment import (
    STANDARD,
    ZERO,
    Customer,
    Destination,
    Line,
    Pricing,
    Reason,
    Seller,
    TaxAssessment,
    TaxedLine,
    TaxProvider,
    Treatment,
    VatIdAnswer,
    split_tax,
)
from storefront.markets.tax.rates import EU_VAT, US_SALES_TAX, RateTable

SAME_AS_GOODS = ""
_WHY_NOT_EXEMPT = {
    VatIdAnswer.INVALID: Reason.VAT_ID_INVALID,
    VatIdAnswer.UNAVAILABLE: Reason.VAT_ID_UNAVAILABLE,
}


@dataclass(frozen=True)
class Rule:
    """How every line of a sale is treated; `country` is the one whose rates a consumer pays, if anyone's."""

    treatment: Treatment
    country: str = ""
    reason: Reason = Reason.NONE


@dataclass(frozen=True)
class _Sale:
    lines: Sequence[Line]
    pricing: Pricing
    seller: Seller
    destination: Destination
    customer: Customer
    on: date


@dataclass(frozen=True)
class TableTax:
    """A TaxProvider over a RateTable; US sales tax is left to another provider, when there is one."""

    rates: RateTable
    sales_tax: TaxProvider | None = None

    def assess(
        self,
        *,
        lines: Sequence[Line],
        delivery: Line | None,
        pricing: Pricing,
        seller: Seller,
        destination: Destination,
        customer: Customer,
        on: date,
    ) -> TaxAssessment:
        """Return the tax on the lines and their delivery.

        A price that includes tax includes the consumer's at the destination. Where nothing is charged because of
        the place, the price stays what it is; for a reverse charge the consumer's tax is taken off.
        Raises SalesTaxUnavailable, TaxRateMissing.
        """
        sale = _Sale(lines, pricing, seller, destination, customer, on)
        if destination.country == "US" and seller.is_registered(
            country="US", region=destination.region, on=on
        ):
            return self._ask_sales_tax(sale, delivery)
        rule = self._find_rule(sale)
        parts = self._split_delivery(delivery, rule, sale) if delivery else []
        return TaxAssessment(
            currency=pricing.currency,
            lines=tuple(self._tax_line(line, rule, sale) for line in lines),
            delivery=tuple(self._tax_line(part, rule, sale) for part in parts),
        )

    def _ask_sales_tax(self, sale: _Sale, delivery: Line | None) -> TaxAssessment:
        if self.sales_tax is None:
            raise SalesTaxUnavailable(
                f"Sales tax for {sale.destination.region or 'the US'} cannot be reckoned from the table of rates. "
                "Set TAX_PROVIDER=stripe and switch on Stripe Tax."
            )
        return self.sales_tax.assess(
            lines=sale.lines,
            delivery=delivery,
            pricing=sale.pricing,
            seller=sale.seller,
            destination=sale.destination,
            customer=sale.customer,
            on=sale.on,
        )

    def _find_rule(self, sale: _Sale) -> Rule:
        country, ships_from = sale.destination.country, sale.seller.ships_from
        regime = self.rates.regime_of(country=country, postal_code=sale.destination.postal_code)
        if regime == US_SALES_TAX:
            return Rule(Treatment.NO_NEXUS)
        if not regime:
            return Rule(Treatment.EXPORT)
        if not ships_from:
            return Rule(Treatment.DOMESTIC, country, Reason.SETUP_MISSING)
        if ships_from == country:
            return Rule(Treatment.DOMESTIC, country)
        if regime == EU_VAT and self.rates.regime_of(country=ships_from) == EU_VAT:
            return self._find_rule_inside_eu(sale)
        return self._find_rule_for_import(sale, regime)

    def _find_rule_inside_eu(self, sale: _Sale) -> Rule:
        consumer = self._find_consumer_rule(sale)
        customer = sale.customer
        is_other_state = (
            self.rates.regime_of(country=customer.vat_country) == EU_VAT
            and customer.vat_country != sale.seller.ships_from
        )
        if not is_other_state:
            return consumer
        if customer.vat_id_answer == VatIdAnswer.VALID:
            return Rule(Treatment.REVERSE_CHARGE, consumer.country)
        return replace(consumer, reason=_WHY_NOT_EXEMPT.get(customer.vat_id_answer, consumer.reason))

    def _find_consumer_rule(self, sale: _Sale) -> Rule:
        seller, country = sale.seller, sale.destination.country
        if seller.uses_oss:
            return Rule(Treatment.OSS, country)
        if seller.is_registered(country=country, on=sale.on):
            return Rule(Treatment.LOCAL_REGISTRATION, country)
        if seller.is_below_threshold and seller.established_in == seller.ships_from:
            return Rule(Treatment.BELOW_THRESHOLD, seller.ships_from)
        return Rule(Treatment.LOCAL_REGISTRATION, country, Reason.REGISTRATION_MISSING)

    def _find_rule_for_import(self, sale: _Sale, regime: str) -> Rule:
        seller, country = sale.seller, sale.destination.country
        is_registered = seller.is_registered(country=country, on=sale.on)
        is_small = self._is_within_limit(sale, regime)
        if is_registered and (seller.is_importer or (regime != EU_VAT and is_small)):
            return Rule(Treatment.LOCAL_REGISTRATION, country)
        is_consumer = sale.customer.vat_id_answer != VatIdAnswer.VALID
        if regime == EU_VAT and seller.uses_ioss and is_small and is_consumer:
            return Rule(Treatment.IOSS, country)
        return Rule(Treatment.EXPORT)

    def _is_within_limit(self, sale: _Sale, regime: str) -> bool:
        """Say whether the goods are worth no more than the regime's limit; true where it has none.

        The limit is judged in its own currency only: a basket in another is taken to exceed it.
        """
        limit = self.rates.limits.get(regime)
        if limit is None:
            return True
        if limit.currency != sale.pricing.currency:
            return False
        net = ZERO
        for line in sale.lines:
            rate = self._rate(sale.destination.country, line, sale)
            net += split_tax(amount=line.amount, rate=rate, pricing=sale.pricing)[0]
        return net <= limit.amount

    def _rate(self, country: str, line: Line, sale: _Sale) -> Decimal:
        return self.rates.rate(country=country, tax_class=line.tax_class, on=sale.on) if country else ZERO

    def _tax_line(self, line: Line, rule: Rule, sale: _Sale) -> TaxedLine:
        rate = self._rate(rule.country, line, sale)
        net, tax, gross = split_tax(amount=line.amount, rate=rate, pricing=sale.pricing)
        is_taxed = rule.country != "" and rule.treatment != Treatment.REVERSE_CHARGE
        return TaxedLine(
            key=line.key,
            net=net,
            tax=tax if is_taxed else tax - tax,
            gross=gross if is_taxed else net,
            rate=rate if is_taxed else ZERO,
            treatment=rule.treatment,
            reason=rule.reason,
            country=rule.country if is_taxed else "",
            tax_class=line.tax_class,
        )

    def _split_delivery(self, delivery: Line, rule: Rule, sale: _Sale) -> list[Line]:
        """Return the delivery as one part per rate of the goods, by their value: it shares their fate.

        Delivery is ancillary to the goods (CJEU C-349/96 Card Protection Plan, paragraph 30). With a tax class of
        its own, or beside goods that cost nothing, it is one part.
        """
        if delivery.tax_class != SAME_AS_GOODS:
            return [delivery]
        worth: dict[Decimal, tuple[str, Decimal]] = {}
        for line in sale.lines:
            rate = self._rate(rule.country, line, sale)
            tax_class, amount = worth.get(rate, (line.tax_class, ZERO))
            worth[rate] = (tax_class, amount + line.amount)
        shares = [(tax_class, amount) for tax_class, amount in worth.values() if amount > 0]
        if not shares or not delivery.amount:
            return [replace(delivery, tax_class=STANDARD)]
        amounts = split_amount(
            amount=delivery.amount, weights=[amount for _, amount in shares], currency=sale.pricing.currency
        )
        return [
            replace(delivery, amount=amount, tax_class=tax_class)
            for (tax_class, _), amount in zip(shares, amounts, strict=True)
        ]
