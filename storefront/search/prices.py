"""Prices as lists read them: in the shopper's market, and what an announced reduction is measured by."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Case, DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from oscar.core.loading import get_model

from storefront.kept_sql import Given
from storefront.markets.models import Market, MarketPrice
from storefront.markets.models.market import TaxRegime
from storefront.markets.selectors.offers import MarketKey, Offer, annotate_market_price, market_price
from storefront.markets.selectors.prices import PriceInForce
from storefront.markets.selectors.stock import units_left
from storefront.search.shopper import Shopper

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


def sold_here(products: QuerySet, shopper: Shopper) -> QuerySet:
    """Return those of `products` that the shopper's market sells; all of them where there is no market."""
    if shopper.market is None:
        return products
    priced = annotate_market_price(products, shopper.market, now=shopper.now)
    return priced.filter(market_price__isnull=False)


def with_lowest_price(products: QuerySet, shopper: Shopper) -> QuerySet:
    """Return `products` with the price their card shows as `lowest_price`: of what is in stock, else of all."""
    if shopper.market is not None:
        return _with_lowest_market_price(products, shopper.market, now=shopper.now)
    is_sold_out = Case(
        When(num_in_stock__gt=Coalesce(F("num_allocated"), 0), then=Value(0)), default=Value(1)
    )
    offers = get_model("partner", "StockRecord").objects.filter(price__isnull=False)
    offers = offers.order_by(is_sold_out, "price").values("price")
    return products.annotate(
        lowest_price=Coalesce(
            Subquery(offers.filter(product=OuterRef("pk"))[:1]),
            Subquery(offers.filter(product__parent=OuterRef("pk"), product__is_public=True)[:1]),
        )
    )


def _with_lowest_market_price(products: QuerySet, market: Market, *, now: datetime) -> QuerySet:
    amount = DecimalField(max_digits=14, decimal_places=3)
    variants = (
        get_model("catalogue", "Product")
        .objects.filter(parent=OuterRef("pk"), is_public=True)
        .annotate(own_price=market_price(market, now=now), left=units_left(market))
        .filter(own_price__isnull=False)
        .order_by(Case(When(left__gt=0, then=Value(0)), default=Value(1)), "own_price", "pk")
    )
    return products.annotate(
        lowest_price=Case(
            When(structure="parent", then=Subquery(variants.values("own_price")[:1], output_field=amount)),
            default=F("market_price"),
            output_field=amount,
        )
    )
