"""What was sold, as plain data: an order that was paid, what went back of it, and the goods in it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

REFUND, DISPUTE = "refund", "dispute"


@dataclass(frozen=True, slots=True)
class MoneyBack:
    """A refund, or a dispute while it is open or lost, in the order's currency."""

    kind: str
    at: datetime
    amount: Decimal


@dataclass(frozen=True, slots=True)
class SaleFact:
    """An order whose money arrived. `total` is the order with tax and delivery, `captured` what was paid for it.

    `excluded_as` says why it does not count, empty where it does. `buyer` and `address` are marks by which two
    orders of one buyer are told to be the same; nobody is found by them. `key` is that of the payment.
    """

    key: int
    number: str
    paid_at: datetime
    currency: str
    captured: Decimal
    total: Decimal
    total_net: Decimal
    delivery_net: Decimal
    country: str
    buyer: str
    address: str
    is_shipped: bool
    is_delivered: bool
    tracking: str = ""
    excluded_as: str = ""
    back: tuple[MoneyBack, ...] = ()

    @property
    def is_tracked(self) -> bool:
        """Say whether a carrier's number is known."""
        return bool(self.tracking)


@dataclass(frozen=True, slots=True)
class GoodsFact:
    """A line of an order that counts: goods of one brand, at what was paid for them before delivery."""

    number: str
    paid_at: datetime
    currency: str
    sku: str
    brand: str
    quantity: int
    amount_net: Decimal


@dataclass(frozen=True, slots=True)
class OrderTraits:
    """What is looked at to tell whether an order counts."""

    number: str
    status: str
    is_live: bool
    is_paid: bool
    captured: Decimal
    email: str
    postcode: str
    street: str


@dataclass(frozen=True, slots=True)
class BookEntry:
    """A line of the payment institution's books; amounts are signed, in the balance's currency."""

    name: str
    category: str
    amount: Decimal
    fee: Decimal
    net: Decimal
    currency: str
    charged_amount: Decimal | None
    charged_currency: str
    available_on: datetime
    payout: str = ""


@dataclass(frozen=True, slots=True)
class TransferFact:
    """A payment by bank transfer: what a person saw arrive, and on which day; nothing where nobody wrote it down."""

    amount: Decimal | None = None
    currency: str = ""
    received_on: date | None = None
    statement: str = ""


@dataclass(frozen=True, slots=True)
class PayoutFact:
    """Money the institution sent to a bank, and what the lines it paid out add up to."""

    payout_id: str
    amount: Decimal
    currency: str
    status: str
    is_automatic: bool
    arrives_on: date
    is_itemised: bool
    lines_net: Decimal
    bank_reference: str = ""
