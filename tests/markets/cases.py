"""Short ways to write sellers, places and baskets down in a table of tax cases."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from storefront.markets.tax.assessment import (
    Customer,
    Destination,
    Line,
    Pricing,
    Reason,
    Registration,
    Seller,
    Treatment,
    VatIdAnswer,
)

TODAY = date(2026, 11, 22)
CONSUMER = Customer()
FR_VALID = Customer("FR40303265045", VatIdAnswer.VALID)
FR_INVALID = Customer("FR40303265045", VatIdAnswer.INVALID)
FR_UNKNOWN = Customer("FR40303265045", VatIdAnswer.UNAVAILABLE)
DE_VALID = Customer("DE136695976", VatIdAnswer.VALID)

GERMAN_OSS = Seller("DE", "DE", uses_oss=True)
GERMAN_SMALL = Seller("DE", "DE", is_below_threshold=True)
# A Chinese manufacturer: not established in the EU, so the threshold is not theirs, whatever the setup says.
CHINESE_FROM_GERMANY = Seller("CN", "DE", is_below_threshold=True, registrations=(Registration("DE"),))
CHINESE_FROM_CHINA = Seller("CN", "CN")
CHINESE_IOSS = Seller("CN", "CN", uses_ioss=True)
BRITISH = Seller("GB", "GB", registrations=(Registration("GB"),))
CHINESE_GB_REGISTERED = Seller("CN", "CN", registrations=(Registration("GB"),))
JAPANESE_STOCK = Seller("CN", "JP", registrations=(Registration("JP"),))
AMERICAN_STOCK = Seller("CN", "US")
TEXAS_NEXUS = Seller("CN", "US", registrations=(Registration("US", "TX"),))

EUR = Pricing("EUR", includes_tax=True)
GBP = Pricing("GBP", includes_tax=True)
JPY = Pricing("JPY", includes_tax=True)
USD = Pricing("USD", includes_tax=False)


def line(amount: str, tax_class: str = "standard", key: str = "") -> Line:
    return Line(key=key or f"{tax_class}-{amount}", amount=Decimal(amount), tax_class=tax_class)


def delivery(amount: str, tax_class: str = "") -> Line:
    return Line(key="delivery", amount=Decimal(amount), tax_class=tax_class)


@dataclass(frozen=True)
class Case:
    """One sale and what it must come to: (net, tax, gross, rate) per line and per part of the delivery."""

    name: str
    source: str
    seller: Seller
    to: Destination
    lines: list[Line]
    expected: list[tuple[str, str, str, str]]
    treatment: Treatment
    customer: Customer = CONSUMER
    pricing: Pricing = EUR
    reason: Reason = Reason.NONE
    delivery: Line | None = None
    delivery_expected: list[tuple[str, str, str, str]] = field(default_factory=list)
    on: date = TODAY
