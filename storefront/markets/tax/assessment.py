"""What every tax provider takes and gives, and the arithmetic they share: one rounding per line, sums of lines."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from storefront.core.money import round_amount, split_amount

STANDARD = "standard"
ZERO = Decimal(0)


class Treatment(StrEnum):
    """Under which rule a line is taxed or not."""

    DOMESTIC = "domestic"
    OSS = "oss"
    IOSS = "ioss"
    BELOW_THRESHOLD = "below_threshold"
    LOCAL_REGISTRATION = "local_registration"
    REVERSE_CHARGE = "reverse_charge"
    EXPORT = "export"
    IMPORT = "import"
    NO_NEXUS = "no_nexus"
    CALCULATED = "calculated"


class Reason(StrEnum):
    """Why, where the treatment alone does not say it."""

    NONE = ""
    VAT_ID_INVALID = "vat_id_invalid"
    VAT_ID_UNAVAILABLE = "vat_id_unavailable"
    REGISTRATION_MISSING = "registration_missing"
    SETUP_MISSING = "setup_missing"


class VatIdAnswer(StrEnum):
    """What is known about the customer's VAT id."""

    NOT_GIVEN = "not_given"
    VALID = "valid"
    INVALID = "invalid"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True)
class Line:
    """A line or the delivery: `amount` is its whole price after discounts, gross or net as `Pricing` says."""

    key: str
    amount: Decimal
    tax_class: str = STANDARD
    quantity: int = 1
    stripe_code: str = ""


@dataclass(frozen=True)
class Pricing:
    """How the market names its prices."""

    currency: str
    includes_tax: bool


@dataclass(frozen=True)
class Registration:
    """A number under which the seller collects tax in a country, in the US in a state; [valid_from, valid_until)."""

    country: str
    region: str = ""
    valid_from: date = date.min
    valid_until: date = date.max


@dataclass(frozen=True)
class Seller:
    """Where the seller is established, where goods leave from, and what the seller is registered for.

    Countries are ISO 3166-1 codes. No `ships_from`: not set up yet; tax of the destination is charged.
    """

    established_in: str = ""
    ships_from: str = ""
    uses_oss: bool = False
    uses_ioss: bool = False
    is_below_threshold: bool = False
    is_importer: bool = False
    registrations: tuple[Registration, ...] = ()

    def is_registered(self, *, country: str, region: str = "", on: date) -> bool:
        """Say whether a registration covers the country (and state) on the day."""
        return any(
            own.country == country and own.region in ("", region) and own.valid_from <= on < own.valid_until
            for own in self.registrations
        )


@dataclass(frozen=True)
class Destination:
    """Where the goods go; the US needs the state and postal code."""

    country: str
    region: str = ""
    postal_code: str = ""
    city: str = ""
    line1: str = ""


@dataclass(frozen=True)
class Customer:
    """A consumer, or a business with a VAT id and what VIES said of it. Greek ids begin with EL, as in VIES."""

    vat_id: str = ""
    vat_id_answer: VatIdAnswer = VatIdAnswer.NOT_GIVEN

    @property
    def vat_country(self) -> str:
        """The ISO code of the member state that gave the id; empty without one."""
        return "GR" if self.vat_id[:2] == "EL" else self.vat_id[:2]


@dataclass(frozen=True)
class TaxedLine:
    """A line with its tax; `rate` in per cent of the net amount, `country` the one whose tax it is."""

    key: str
    net: Decimal
    tax: Decimal
    gross: Decimal
    rate: Decimal
    treatment: Treatment
    reason: Reason = Reason.NONE
    country: str = ""
    tax_class: str = STANDARD

    def __post_init__(self) -> None:
        if self.net + self.tax != self.gross:
            raise ValueError(f"Line {self.key}: {self.net} + {self.tax} is not {self.gross}.")


@dataclass(frozen=True)
class TaxAssessment:
    """The tax on a basket. Delivery is one part per rate: with goods of several rates it shares theirs."""

    currency: str
    lines: tuple[TaxedLine, ...]
    delivery: tuple[TaxedLine, ...] = ()

    @property
    def net(self) -> Decimal:
        """The sum of every line's and delivery part's net amount."""
        return sum((line.net for line in self.all_lines), ZERO)

    @property
    def tax(self) -> Decimal:
        """The sum of every line's and delivery part's tax."""
        return sum((line.tax for line in self.all_lines), ZERO)

    @property
    def gross(self) -> Decimal:
        """What the order costs."""
        return sum((line.gross for line in self.all_lines), ZERO)

    @property
    def delivery_net(self) -> Decimal:
        """The delivery's price without tax."""
        return sum((line.net for line in self.delivery), ZERO)

    @property
    def delivery_gross(self) -> Decimal:
        """The delivery's price with tax."""
        return sum((line.gross for line in self.delivery), ZERO)

    @property
    def all_lines(self) -> tuple[TaxedLine, ...]:
        """Lines, then delivery."""
        return self.lines + self.delivery


class TaxProvider(Protocol):
    """Anything that can say the tax on a basket."""

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
        """Return the tax on the lines and their delivery, for goods sold on the day."""
        ...


def split_tax(*, amount: Decimal, rate: Decimal, pricing: Pricing) -> tuple[Decimal, Decimal, Decimal]:
    """Return (net, tax, gross) of an amount at a rate in per cent; the tax is rounded once, half up."""
    amount = round_amount(amount=amount, currency=pricing.currency)
    if pricing.includes_tax:
        tax = round_amount(amount=amount * rate / (100 + rate), currency=pricing.currency)
        return amount - tax, tax, amount
    tax = round_amount(amount=amount * rate / 100, currency=pricing.currency)
    return amount, tax, amount + tax


def discount_lines(*, lines: Sequence[Line], discount: Decimal, currency: str) -> list[Line]:
    """Return the lines with a voucher or discount on all of them taken off, each in proportion to its amount.

    A discount larger than the lines together makes them free, never negative.
    """
    weights = [line.amount for line in lines]
    discount = min(discount, sum(weights, ZERO))
    parts = split_amount(amount=discount, weights=weights, currency=currency)
    return [replace(line, amount=line.amount - part) for line, part in zip(lines, parts, strict=True)]
