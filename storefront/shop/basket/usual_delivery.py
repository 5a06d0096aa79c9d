"""What a basket comes to with its usual delivery, before an address is known, and what it lacks for free delivery."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from oscar.core.loading import get_class

Repository = get_class("shipping.repository", "Repository")


@dataclass(frozen=True)
class UsualDelivery:
    """The market's first method: its charge for the basket, and both together.

    `missing` is what the basket needs for free delivery, None where that is never or always free; `percent` how far it
    has come.
    """

    name: str
    charge: Decimal
    total: Decimal
    missing: Decimal | None = None
    percent: int = 0


def usual_delivery(basket: Any, request: HttpRequest) -> UsualDelivery | None:
    """Return the usual delivery of a basket, None where it is empty or cannot be sent."""
    if basket.is_empty:
        return None
    methods = Repository().get_available_shipping_methods(basket=basket, user=request.user, request=request)
    usual = methods[0] if methods else None
    if usual is None:
        return None
    # Both as the market shows its prices.
    goods, charge = basket.shown_total, usual.calculate(basket).excl_tax
    delivery = UsualDelivery(name=str(usual.name), charge=charge, total=goods + charge)
    if not usual.price or not usual.free_from:
        return delivery
    return replace(
        delivery,
        missing=max(Decimal(0), usual.free_from - goods),
        percent=min(100, int(goods * 100 / usual.free_from)),
    )
