"""What is promised beside the buy button: when the parcel comes, and what that costs."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Subquery
from django.db.models.functions import JSONObject
from oscar.core.loading import get_class, get_model

from storefront.markets.models import Market
from storefront.markets.selectors.offers import MarketKey

Delivery = get_class("shipping.methods", "Delivery")


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


def usual_delivery(market: Market | MarketKey) -> Subquery:
    """Return the expression of a market's first delivery method as JSON, so that it comes with another query."""
    methods: QuerySet = get_model("markets", "MarketDelivery").objects.filter(market=market.pk)
    described = JSONObject(
        code="code", name="name", price="price", free="free_from", first="min_days", last="max_days"
    )
    return Subquery(methods.order_by("position", "pk").values(described=described)[:1])


def make_promise(*, described: dict[str, Any] | None, currency: str, today: date) -> Promise | None:
    """Return the promise that a `usual_delivery` makes today; None where the market has none."""
    if not described:
        return None
    price = Decimal(str(described["price"]))
    free_from = None if described["free"] is None else Decimal(str(described["free"]))
    delivery = Delivery(
        code=described["code"],
        name=described["name"],
        price=price,
        working_days=(described["first"], described["last"]),
        free_from=free_from,
    )
    first_day, last_day = delivery.arrival_days(today=today)
    days = (described["first"], described["last"])
    return Promise(first_day, last_day, described["name"], price, free_from, currency, days)
