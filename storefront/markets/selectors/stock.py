"""What of a product's stock a market sells: the one place that decides it, for rows and for queries.

A product has a stock record for each place its goods lie in: the merchant's own warehouse, Amazon's. The first one
made is sold from; the others where the market says that all stock is sold. One order line comes from one place.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from oscar.core.loading import get_model

from storefront.markets.models import Market


def first_record(records: Iterable[Any]) -> Any:
    """Return the stock record a product is known by (SKU, its own price): the first one made, or None."""
    return min(records, key=lambda record: record.pk, default=None)


def fullest_record(records: Iterable[Any], market: Market | None) -> Any:
    """Return the record with the most units left of those the market sells from, or None."""
    found = sold_records(records, market)
    return max(found, key=lambda record: record.net_stock_level, default=None)


def choose_record(records: Iterable[Any], market: Market | None, *, quantity: int) -> Any:
    """Return the record that so many units of one order come from: the first with enough, else the fullest."""
    found = sold_records(records, market)
    enough = (record for record in found if record.net_stock_level >= quantity)
    return next(enough, None) or fullest_record(found, market)


def sold_records(records: Iterable[Any], market: Market | None) -> list[Any]:
    """Return the records the market sells from, the first made first; without a market the first alone."""
    ordered = sorted(records, key=lambda record: record.pk)
    return ordered if market is not None and market.sells_all_stock else ordered[:1]


def units_left(market: Market | None, *, product: str = "pk") -> Subquery:
    """Return the expression of how many units one place can send; `product` leads to the product's key."""
    records = (
        get_model("partner", "StockRecord")
        .objects.filter(product=OuterRef(product))
        .annotate(left=Coalesce(F("num_in_stock"), 0) - Coalesce(F("num_allocated"), 0))
    )
    sells_all = market is not None and market.sells_all_stock
    return Subquery(records.order_by("-left" if sells_all else "pk").values("left")[:1])
