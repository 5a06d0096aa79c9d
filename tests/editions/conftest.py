"""A shop with editions: the United States in English, Germany in German and English, others as a test opens them."""

from collections.abc import Callable, Collection
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from storefront.markets.models import Market
from storefront.markets.services.markets import ensure_markets
from storefront.markets.services.prices import set_price


@pytest.fixture(autouse=True)
def _empty_cache():
    """Forget menus and editions that an earlier test left."""
    cache.clear()


@pytest.fixture
def open_markets(db) -> Callable[[Collection[str]], dict[str, Market]]:
    """Open these markets and close the others; return them by code."""

    def open_only(codes: Collection[str]) -> dict[str, Market]:
        ensure_markets()
        for market in Market.objects.all():
            market.is_enabled = market.code in codes
            market.save()
        return {market.code: market for market in Market.objects.filter(is_enabled=True)}

    return open_only


@pytest.fixture
def markets(open_markets) -> dict[str, Market]:
    return open_markets(["us", "de"])


@pytest.fixture
def price() -> Callable[..., None]:
    """Set what a product costs in a market, since a day ago."""

    def set_one(product: Any, market: Market, amount: str, **fields: Any) -> None:
        now = timezone.now() - timedelta(days=fields.pop("days_ago", 1))
        set_price(product=product, market=market, amount=Decimal(amount), now=now, **fields)

    return set_one
