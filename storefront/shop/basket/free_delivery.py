"""How much more a basket needs until its usual delivery costs nothing."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from oscar.core.loading import get_class

Repository = get_class("shipping.repository", "Repository")


@dataclass(frozen=True)
class FreeDelivery:
    """What is missing, and how far the basket has come, in per cent; nothing is missing once it is free."""

    name: str
    missing: Decimal
    percent: int


def free_delivery(basket: Any, request: HttpRequest) -> FreeDelivery | None:
    """Return the way to free delivery by the market's first method; None where it is never or always free."""
    if basket.is_empty:
        return None
    methods = Repository().get_available_shipping_methods(basket=basket, user=request.user, request=request)
    usual = methods[0] if methods else None
    if usual is None or not usual.price or not usual.free_from:
        return None
    goods = basket.shown_total
    return FreeDelivery(
        name=str(usual.name),
        missing=max(Decimal(0), usual.free_from - goods),
        percent=min(100, int(goods * 100 / usual.free_from)),
    )
