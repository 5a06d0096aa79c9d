"""Prices as lists read them: in the shopper's market, and what an announced reduction is measured by."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Exists, OuterRef, Q

from storefront.kept_sql import Given
from storefront.markets.models import Market, MarketPrice
from storefront.markets.models.market import TaxRegime
from storefront.markets.selectors.offers import MarketKey, Offer
from storefront.markets.selectors.prices import PriceInForce

# Directive 98/6/EC, Article 6a: an announced reduction names the lowest price of the 30 days before it. Norway
# follows it too.
_REFERENCE_REGIMES = (TaxRegime.EU_VAT, TaxRegime.NO_VAT)


@dataclass(frozen=True)
class Reduction:
    """What a price is reduced from: the lowest of the 30 days before, or outside the EU a list price."""

    was: Decimal
    percent: int
    is_lowest: bool


def find_reduction(price: PriceInForce | Offer, market: Market) -> Reduction | None:
    """Return the reduction that may be announced beside a price in the market, if any."""
    is_lowest = market.tax_regime in _REFERENCE_REGIMES
    was = price.reference if is_lowest else price.list_price
    if price.list_price is None or was is None or was <= price.amount:
        return None
    share = (1 - price.amount / was) * 100
    percent = int(share.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return Reduction(was=was, percent=percent, is_lowest=is_lowest) if percent else None


def reduction_in_force(market: Market | MarketKey, *, now: datetime | Given) -> Exists:
    """Return the condition that a product may have a reduction in a market; `prices_for` tells what it is."""
    announced = MarketPrice.objects.filter(
        product=OuterRef("pk"), market=market.pk, list_price__isnull=False, valid_from__lte=now
    )
    return Exists(announced.filter(Q(valid_until=None) | Q(valid_until__gt=now)))
