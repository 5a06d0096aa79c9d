"""A product with its family: what of it can be bought where the shopper is, and for how much."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Q
from oscar.core.loading import get_model

from storefront.core.money import round_amount
from storefront.markets.editions import open_editions
from storefront.markets.selectors.markets import enabled_markets
from storefront.markets.selectors.offers import MarketKey, market_price
from storefront.markets.selectors.prices import prices_for
from storefront.markets.selectors.stock import first_record as first_made
from storefront.markets.selectors.stock import fullest_record
from storefront.page_cache.shown import note_products
from storefront.search.prices import Reduction, find_reduction
from storefront.search.shopper import Shopper
from storefront.shop.catalogue.members import Member, StockRecord, read_members

LOW_STOCK_THRESHOLD = 5


@dataclass(frozen=True)
class Family:
    """The product asked for, the one it is a variant of or itself, and what there is to choose from.

    `variants` are the public ones sold here and the one asked for; of a product sold nowhere here, all.
    """

    asked: Member
    root: Member
    variants: tuple[Member, ...]

    @property
    def sellable(self) -> Sequence[Member]:
        return self.variants or (self.root,)


@dataclass(frozen=True)
class Offer:
    """What the chosen variant costs and how many there are; `left` only where few are."""

    price: Decimal | None
    currency: str
    reduction: Reduction | None
    is_sold: bool
    is_available: bool
    left: int | None
    max_quantity: int


def read_family(product_id: int, shopper: Shopper) -> Family | None:
    """Return the family a product belongs to, or None where there is no such product; one query."""
    here = MarketKey.of(shopper.market) if shopper.market else None
    elsewhere = [MarketKey.of(market) for market in _open_markets()] if here else []
    by_id = read_members(
        product_id, here=here, elsewhere=[key for key in elsewhere if key != here], now=shopper.now
    )
    note_products({product_id, *by_id})
    asked = by_id.get(product_id)
    if asked is None:
        return None
    root = by_id[asked.parent_id] if asked.parent_id else asked
    public = [member for member in by_id.values() if member.parent_id and member.is_public]
    sold = [member for member in public if member is asked or is_sold(member, shopper)]
    return Family(asked=asked, root=root, variants=tuple(sold or public) if root.is_parent else ())


def market_codes(family: Family, shopper: Shopper) -> frozenset[str]:
    """Return the codes of the open markets that sell something of the family; no query."""
    members = [*family.variants, *([] if family.root.is_parent else [family.root])]
    return frozenset(
        market.code
        for market in _open_markets()
        if shopper.market is None
        or any(member.prices_elsewhere.get(market.pk, member.price_here) is not None for member in members)
    )


def is_sold(product: Member, shopper: Shopper) -> bool:
    """Say whether a product of `read_family` is sold where the shopper is."""
    return shopper.market is None or (product.price_here is not None and not product.is_parent)


def is_available(product: Member, shopper: Shopper) -> bool:
    """Say whether one of `read_family` can be bought now: sold here, and in stock where stock is counted."""
    if product.is_available_here is None:  # asked by pickers, the offer and structured data
        product.is_available_here = _can_be_bought(product, shopper)
    return product.is_available_here


def _can_be_bought(product: Member, shopper: Shopper) -> bool:
    record = first_record(product)
    if record is None or not is_sold(product, shopper) or _price(product, shopper) is None:
        return False
    return not product.tracks_stock or _left(product, shopper) > 0


def choose(family: Family, shopper: Shopper) -> Member:
    """Return the variant asked for; for a parent its first that can be bought, else the first that is sold."""
    sellable = family.sellable
    asked = next((item for item in sellable if item.pk == family.asked.pk), None)
    buyable = (item for item in sellable if is_available(item, shopper))
    return asked or next(buyable, sellable[0])


def read_offer(product: Member, shopper: Shopper) -> Offer:
    """Return the offer of one of `read_family`: no query, or two where a reduction may be announced."""
    record = first_record(product)
    in_stock = _left(product, shopper) if record and product.tracks_stock else None
    threshold = (record and record.low_stock_threshold) or LOW_STOCK_THRESHOLD
    limit = settings.OSCAR_MAX_BASKET_QUANTITY_THRESHOLD or 10_000
    currency = record.price_currency if record else ""
    reduction = None
    if shopper.market is not None:
        currency = shopper.market.currency
        in_force = (
            prices_for(product_ids=[product.pk], market=shopper.market, now=shopper.now)
            if product.is_reduced and is_sold(product, shopper)
            else {}
        )
        if product.pk in in_force:
            reduction = find_reduction(in_force[product.pk], shopper.market)
    return Offer(
        price=_price(product, shopper),
        currency=currency,
        reduction=reduction,
        is_sold=is_sold(product, shopper),
        is_available=is_available(product, shopper),
        left=in_stock if in_stock is not None and in_stock <= threshold else None,
        max_quantity=min(in_stock, limit) if in_stock is not None else limit,
    )


def markets_selling(family: Family, shopper: Shopper) -> list[Any]:
    """Return the open markets that sell the product or one of its variants, in the merchant's order; two queries."""
    markets = list(enabled_markets())
    prices = {f"price_{market.pk}": market_price(market, now=shopper.now) for market in markets}
    chosen = Q(pk=family.asked.pk, structure__in=["standalone", "child"]) | Q(
        parent=family.asked.pk, is_public=True
    )
    rows = list(get_model("catalogue", "Product").objects.filter(chosen).values(**prices))
    return [market for market in markets if any(row[f"price_{market.pk}"] is not None for row in rows)]


def price_of(product: Member, shopper: Shopper) -> Decimal | None:
    """Return what one of `read_family` costs where the shopper is, None where it is not sold; no query."""
    return _price(product, shopper)


def first_record(product: Member) -> StockRecord | None:
    """Return the stock record a product is known by, or None."""
    return first_made(product.stock_records)


def _left(product: Member, shopper: Shopper) -> int:
    """Return how many of a product with stock records one place can send."""
    return max(fullest_record(product.stock_records, shopper.market).net_stock_level, 0)


def _price(product: Member, shopper: Shopper) -> Decimal | None:
    if shopper.market is None:
        record = first_record(product)
        return record.price if record else None
    if not is_sold(product, shopper):
        return None
    return round_amount(amount=product.price_here, currency=shopper.market.currency)


def _open_markets() -> list[Any]:
    """Return the markets of the open editions, which every request has at hand."""
    return list({edition.market.pk: edition.market for edition in open_editions()}.values())
