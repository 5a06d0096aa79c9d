"""Tax by Stripe Tax: the parameters of a calculation, and its answer read (docs.stripe.com/api/tax/calculations).

Stripe itself is reached through a gateway that the caller brings; nothing here knows its client.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Protocol

from storefront.core.money import round_amount
from storefront.markets.tax.assessment import (
    ZERO,
    Customer,
    Destination,
    Line,
    Pricing,
    Reason,
    Seller,
    TaxAssessment,
    TaxedLine,
    Treatment,
    VatIdAnswer,
    split_tax,
)
from storefront.markets.tax.rates import NOT_TAXED

# docs.stripe.com/tax/tax-codes: "General - Tangible Goods", "Shipping", "Nontaxable".
_CODES = {"books": "txcd_35010000", NOT_TAXED: "txcd_00000000"}
GOODS_CODE = "txcd_99999999"
SHIPPING_CODE = "txcd_92010001"
DELIVERY_KEY = "delivery"


class TaxGateway(Protocol):
    """What this needs of the module that talks to Stripe."""

    def calculate_tax(self, params: dict[str, Any]) -> Mapping[str, Any]:
        """Call `client.v1.tax.calculations.create` and return its answer as plain data."""
        ...

    def to_minor_units(self, *, amount: Decimal, currency: str) -> int:
        """Return the whole number Stripe wants."""
        ...

    def from_minor_units(self, *, minor: int, currency: str) -> Decimal:
        """Return the amount of a whole number of Stripe's."""
        ...


@dataclass(frozen=True)
class StripeTax:
    """A TaxProvider that asks Stripe, whose own registrations then decide; ours are not looked at."""

    gateway: TaxGateway

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
        """Return the tax as Stripe reckons it; what costs nothing is not sent and has no tax."""
        sent = [line for line in lines if line.amount > 0]
        sent_delivery = delivery if delivery and delivery.amount > 0 else None
        found: dict[str, TaxedLine] = {}
        if sent or sent_delivery:
            params = self.build_params(
                lines=sent,
                delivery=sent_delivery,
                pricing=pricing,
                seller=seller,
                destination=destination,
                customer=customer,
                on=on,
            )
            found = self._read(self.gateway.calculate_tax(params), pricing, destination, customer)
        return TaxAssessment(
            currency=pricing.currency,
            lines=tuple(found.get(line.key) or _free(line, pricing) for line in lines),
            delivery=(found.get(DELIVERY_KEY) or _free(delivery, pricing),) if delivery else (),
        )

    def build_params(
        self,
        *,
        lines: Sequence[Line],
        delivery: Line | None,
        pricing: Pricing,
        seller: Seller,
        destination: Destination,
        customer: Customer,
        on: date,
    ) -> dict[str, Any]:
        """Return the parameters of `tax.calculations.create` (tax.CalculationCreateParams).

        Stripe does not check tax ids, so one is sent only after VIES found it valid.
        """
        behavior = "inclusive" if pricing.includes_tax else "exclusive"
        details: dict[str, Any] = {"address": _address(destination), "address_source": "shipping"}
        if customer.vat_id and customer.vat_id_answer == VatIdAnswer.VALID:
            details["tax_ids"] = [{"type": "eu_vat", "value": customer.vat_id}]
        params: dict[str, Any] = {
            "currency": pricing.currency.lower(),
            "line_items": [
                {
                    "amount": self.gateway.to_minor_units(amount=line.amount, currency=pricing.currency),
                    "quantity": line.quantity,
                    "reference": line.key,
                    "tax_behavior": behavior,
                    "tax_code": line.stripe_code or _CODES.get(line.tax_class, GOODS_CODE),
                }
                for line in lines
            ],
            "customer_details": details,
            "tax_date": int(datetime.combine(on, time(), tzinfo=UTC).timestamp()),
            "expand": ["line_items.data.tax_breakdown"],
        }
        if delivery:
            params["shipping_cost"] = {
                "amount": self.gateway.to_minor_units(amount=delivery.amount, currency=pricing.currency),
                "tax_behavior": behavior,
                "tax_code": delivery.stripe_code or SHIPPING_CODE,
            }
        if seller.ships_from:
            params["ship_from_details"] = {"address": {"country": seller.ships_from}}
        return params

    def _read(
        self, answer: Mapping[str, Any], pricing: Pricing, destination: Destination, customer: Customer
    ) -> dict[str, TaxedLine]:
        parts = {item["reference"]: item for item in answer["line_items"]["data"]}
        if answer.get("shipping_cost"):
            parts[DELIVERY_KEY] = answer["shipping_cost"]
        return {
            key: self._read_part(key, part, pricing, destination, customer) for key, part in parts.items()
        }

    def _read_part(
        self,
        key: str,
        part: Mapping[str, Any],
        pricing: Pricing,
        destination: Destination,
        customer: Customer,
    ) -> TaxedLine:
        amount = self.gateway.from_minor_units(minor=part["amount"], currency=pricing.currency)
        tax = round_amount(
            amount=self.gateway.from_minor_units(minor=part["amount_tax"], currency=pricing.currency),
            currency=pricing.currency,
        )
        net = amount - tax if part["tax_behavior"] == "inclusive" else amount
        treatment = _treatment(part, destination)
        return TaxedLine(
            key=key,
            net=net,
            tax=tax,
            gross=net + tax,
            rate=_rate(part, net, tax),
            treatment=treatment,
            reason=_reason(customer) if tax else Reason.NONE,
            country=destination.country if tax else "",
        )


def _address(destination: Destination) -> dict[str, str]:
    parts = {
        "country": destination.country,
        "state": destination.region,
        "postal_code": destination.postal_code,
        "city": destination.city,
        "line1": destination.line1,
    }
    return {name: value for name, value in parts.items() if value}


def _free(line: Line, pricing: Pricing) -> TaxedLine:
    net, tax, gross = split_tax(amount=ZERO, rate=ZERO, pricing=pricing)
    return TaxedLine(
        key=line.key,
        net=net,
        tax=tax,
        gross=gross,
        rate=ZERO,
        treatment=Treatment.CALCULATED,
        tax_class=line.tax_class,
    )


def _treatment(part: Mapping[str, Any], destination: Destination) -> Treatment:
    reasons = {entry["taxability_reason"] for entry in part.get("tax_breakdown") or ()}
    if "reverse_charge" in reasons:
        return Treatment.REVERSE_CHARGE
    if reasons == {"not_collecting"}:
        return Treatment.NO_NEXUS if destination.country == "US" else Treatment.EXPORT
    return Treatment.CALCULATED


def _rate(part: Mapping[str, Any], net: Decimal, tax: Decimal) -> Decimal:
    """Return the sum of the rates that were imposed; without a breakdown, the rate the amounts show."""
    if not tax:
        return ZERO
    details = [
        entry.get("tax_rate_details") for entry in part.get("tax_breakdown") or () if entry.get("amount")
    ]
    stated = sum((Decimal(detail["percentage_decimal"]) for detail in details if detail), ZERO)
    return stated or (tax * 100 / net).quantize(Decimal("0.01"))


def _reason(customer: Customer) -> Reason:
    if customer.vat_id_answer == VatIdAnswer.UNAVAILABLE:
        return Reason.VAT_ID_UNAVAILABLE
    return Reason.VAT_ID_INVALID if customer.vat_id_answer == VatIdAnswer.INVALID else Reason.NONE
