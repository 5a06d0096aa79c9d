"""What is promised beside the buy button: when the parcel comes, and what that costs."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from oscar.core.loading import get_class, get_model

from storefront.markets.models import Market
from storefront.page_cache.parts import part

Delivery = get_class("shipping.methods", "Delivery")

_DELIVERY_SECONDS = 60


@dataclass(frozen=True)
class Promise:
    """The days the market's usual delivery arrives between, its price, and from which basket on it is free."""

    first_day: date
    last_day: date
    name: str
    price: Decimal
    free_from: Decimal | None
    currency: str
    working_days: tuple[int, int]


def make_promise(*, market: Market | None, today: date) -> Promise | None:
    """Return what the market's first delivery method promises today; None where it has none."""
    rows = _usual_delivery(market) if market else []
    if market is None or not rows:
        return None
    code, name, price, free_from, first, last = rows[0]
    delivery = Delivery(code=code, name=name, price=price, working_days=(first, last), free_from=free_from)
    first_day, last_day = delivery.arrival_days(today=today)
    return Promise(first_day, last_day, name, price, free_from, market.currency, (first, last))


def _usual_delivery(market: Market) -> list[tuple[Any, ...]]:
    """Return the market's first delivery method, if any, as a row; all its product pages show it."""
    return part(
        f"catalogue.delivery.{market.pk}",
        lambda: list(
            get_model("markets", "MarketDelivery")
            .objects.filter(market=market.pk)
            .order_by("position", "pk")
            .values_list("code", "name", "price", "free_from", "min_days", "max_days")[:1]
        ),
        seconds=_DELIVERY_SECONDS,
    )
