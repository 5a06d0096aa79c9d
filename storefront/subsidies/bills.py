"""A bill as somebody enters it, in a form or a row of a sheet, and the key by which it is the same bill again."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class BillEntry:
    """What is printed on a bill."""

    kind: str
    number: str
    vendor: str
    buyer: str
    subject: str
    invoice_date: date
    gross: Decimal
    tax: Decimal = Decimal(0)
    currency: str = "CNY"
    code: str = ""
    vendor_country: str = "CN"
    is_related_vendor: bool = False
    sites_named: str = ""
    service_from: date | None = None
    service_to: date | None = None


def plain(text: str) -> str:
    """Return text without width, case, spaces and dashes, for comparing what people copied from paper."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(letter for letter in folded if letter.isalnum())


def bill_key(*, kind: str, code: str, number: str, vendor: str) -> str:
    """Return the key of a bill: code and number of a fapiao; vendor and number of a foreign invoice.

    A fully digital fapiao (数电票) has twenty digits and no code; whoever splits them in two gets the same key.
    """
    if kind == "foreign":
        return f"X:{plain(vendor)}:{plain(number)}"[:160]
    return f"F:{plain(code)}{plain(number)}"[:160]
