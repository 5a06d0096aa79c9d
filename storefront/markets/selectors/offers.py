"""What is sold in a market, and at which price: the one rule behind lists, product pages, baskets and orders.

A product costs its market price in force. Without one its first stock record's price holds in every market of the
same currency. A product blocked in a market, or whose parent is, is not sold there; nor is one without a price.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from django.db.models import (
    BigIntegerField,
    Case,
    DecimalField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from oscar.core.loading import get_model

from storefront.core.money import round_amount
from storefront.kept_sql import Given, GivenAmong, KeptSql
from storefront.markets.models import Market, MarketBlock, MarketPrice
from storefront.markets.selectors.prices import prices_for

_AMOUNT = DecimalField(max_digits=14, decimal_places=3)


class Sellable(Protocol):
    """A product, or its keys alone."""

    @property
    def pk(self) -> int: ...

    @property
    def parent_id(self) -> int | None: ...


@dataclass(frozen=True)
class ProductKey:
    """A product of which only the keys are known."""

    pk: int
    parent_id: int | None = None


@dataclass(frozen=True)
class MarketKey:
    """What the query of prices in a market depends on."""

    pk: int
    currency: str

    @classmethod
    def of(cls, market: Market) -> "MarketKey":
        return cls(market.pk, market.currency)


@dataclass(frozen=True)
class Offer:
    """What a product costs in a market now, with or without tax as the market's prices are.

    `list_price` is set while a reduction is announced, `reference` is then the lowest price of the 30 days before.
    """

    amount: Decimal
    currency: str
    list_price: Decimal | None
    reference: Decimal | None
    includes_tax: bool


def offers_for(*, products: Iterable[Sellable], market: Market, now: datetime) -> dict[int, Offer]:
    """Return the offer of each product that is sold in the market, by product key; four queries at most.

    Parents have no offers of their own: ask for their variants.
    """
    parents = {product.pk: product.parent_id for product in products}
    known = {*parents, *filter(None, parents.values())}
    blocked = {product_id for (product_id,) in _BLOCKED(products=known, market=market.pk)}
    ids = [key for key, parent in parents.items() if key not in blocked and parent not in blocked]
    prices = prices_for(product_ids=ids, market=market, now=now)
    offers = {
        key: Offer(price.amount, price.currency, price.list_price, price.reference, market.prices_include_tax)
        for key, price in prices.items()
    }
    without = [key for key in ids if key not in offers]
    for key, amount in _stock_prices(without, market).items() if without else ():
        offers[key] = Offer(amount, market.currency, None, None, market.prices_include_tax)
    return offers


def _build_blocked() -> QuerySet:
    blocks = MarketBlock.objects.filter(
        market=Given("market", BigIntegerField()), product__in=GivenAmong("products")
    )
    return blocks.order_by("product_id").values_list("product_id")


_BLOCKED = KeptSql(_build_blocked)


def annotate_market_price(queryset: QuerySet, market: Market, *, now: datetime) -> QuerySet:
    """Return the products with their price in a market as `market_price`, NULL where they are not sold there.

    A parent has the lowest price of its public variants. Amounts are not rounded: sort and filter by them, and show
    what `offers_for` says.
    """
    Product = get_model("catalogue", "Product")
    variants = (
        Product.objects.filter(parent=OuterRef("pk"), is_public=True)
        .annotate(own_price=market_price(market, now=now))
        .filter(own_price__isnull=False)
        .order_by("own_price", "pk")
    )
    return queryset.annotate(
        market_price=Case(
            When(structure="parent", then=Subquery(variants.values("own_price")[:1], output_field=_AMOUNT)),
            default=market_price(market, now=now),
            output_field=_AMOUNT,
        )
    )


def market_price(
    market: Market | MarketKey, *, now: datetime | Given, product: str = "pk", parent: str = "parent"
) -> Case:
    """Return the expression of a product's price in a market; `product` and `parent` lead to its keys."""
    in_force = (
        MarketPrice.objects.filter(product=OuterRef(product), market=market.pk, valid_from__lte=now)
        .filter(Q(valid_until=None) | Q(valid_until__gt=now))
        .order_by("-is_temporary", "-valid_from", "-pk")
    )
    in_stock = (
        get_model("partner", "StockRecord")
        .objects.filter(product=OuterRef(product))
        .annotate(price_here=Case(When(price_currency=market.currency, then=F("price")), default=None))
        .order_by("pk")
    )
    blocks = MarketBlock.objects.filter(market=market.pk).filter(
        Q(product=OuterRef(product)) | Q(product=OuterRef(parent))
    )
    return Case(
        When(Exists(blocks), then=Value(None)),
        default=Coalesce(
            Subquery(in_force.values("amount")[:1], output_field=_AMOUNT),
            Subquery(in_stock.values("price_here")[:1], output_field=_AMOUNT),
        ),
        output_field=_AMOUNT,
    )


def _stock_prices(product_ids: list[int], market: Market) -> dict[int, Decimal]:
    """Return the price of each product's first stock record where it is in the market's currency."""
    first: dict[int, tuple[Decimal | None, str]] = {}
    for product_id, price, currency in _STOCK_PRICES(products=product_ids):
        first.setdefault(product_id, (price, currency))
    return {
        product_id: round_amount(amount=price, currency=currency)
        for product_id, (price, currency) in first.items()
        if price is not None and currency == market.currency
    }


def _build_stock_prices() -> QuerySet:
    records = get_model("partner", "StockRecord").objects.filter(product__in=GivenAmong("products"))
    return records.order_by("pk").values_list("product_id", "price", "price_currency")


_STOCK_PRICES = KeptSql(_build_stock_prices)
