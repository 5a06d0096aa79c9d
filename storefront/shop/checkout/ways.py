"""How an order can be paid at checkout, and which way was chosen."""

from dataclasses import dataclass
from typing import Any

from storefront.payments import selectors
from storefront.payments.selectors import PaymentWay


@dataclass(frozen=True)
class WayChoice:
    """A way to pay as checkout offers it."""

    code: str
    is_chosen: bool

    @property
    def is_transfer(self) -> bool:
        return self.code == PaymentWay.BANK_TRANSFER


def offered_ways(currency: str) -> list[PaymentWay]:
    """Return the ways an order in this currency can be paid, the default first; none when nothing is set up."""
    ways = [PaymentWay.STRIPE] if selectors.can_take_payments() else []
    return [*ways, PaymentWay.BANK_TRANSFER] if selectors.offers_transfer(currency) else ways


def way_choices(*, ways: list[PaymentWay], sent: Any) -> list[WayChoice]:
    """Return the offered ways, with what the form said marked, or else the first."""
    chosen = (sent or {}).get("way", "")
    if chosen not in ways:
        chosen = ways[0] if ways else ""
    return [WayChoice(code=way.value, is_chosen=way == chosen) for way in ways]


def sent_way(sent: Any, *, ways: list[PaymentWay]) -> PaymentWay:
    """Return the way the form names, offered or not: an order never changes the way it is paid by itself."""
    try:
        return PaymentWay(sent.get("way", ""))
    except ValueError:
        return ways[0]
