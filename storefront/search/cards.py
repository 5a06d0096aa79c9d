"""Product cards: what a list shows of each product, read in bulk, five queries at most for any number of products."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, TextField, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from oscar.core.loading import get_model

from storefront.core.money import round_amount
from storefront.markets.models import Market
from storefront.markets.selectors.offers import ProductKey, market_price
from storefront.markets.selectors.prices import prices_for
from storefront.markets.selectors.texts import texts_for
from storefront.page_cache.shown import note_cards
from storefront.search.prices import Reduction, find_reduction, reduction_in_force
from storefront.search.shopper import Shopper, current_shopper
from storefront.search.swatches import swatch_colour

COLOUR_CODES = ("color", "colour")
SWATCHES_PER_CARD = 5


@dataclass(frozen=True)
class ProductCard:
    """One product of a list; the price is the lowest that can be bought, None where there is none."""

    id: int
    title: str
    url: str
    picture: str = ""
    price: Decimal | None = None
    currency: str = ""
    reduction: Reduction | None = None
    is_range: bool = False
    is_available: bool = False
    variant_count: int = 0
    colour_count: int = 0
    swatches: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Offer:
    product_id: int
    price: Decimal
    currency: str
    is_available: bool
    is_reduced: bool = False


@dataclass
class _Family:
    """What a product and its variants say together."""

    variants: set[int] = field(default_factory=set)
    offers: list[_Offer] = field(default_factory=list)
    colours: list[str] = field(default_factory=list)

    @property
    def buyable(self) -> list[_Offer]:
        return [offer for offer in self.offers if offer.is_available]

    @property
    def cheapest(self) -> _Offer | None:
        return min(self.buyable or self.offers, key=lambda offer: offer.price, default=None)


def build_cards(product_ids: Sequence[int]) -> list[ProductCard]:
    """Return the cards of what the shopper's market sells of these products, in the order of the ids.

    They are public parents and single products; other ids are left out.
    """
    note_cards(product_ids)
    shopper = current_shopper()
    products = {product.pk: product for product in _read_products(product_ids)}
    families = read_families(products, shopper)
    shown = [
        product_id
        for product_id in product_ids
        if product_id in products and (shopper.market is None or families[product_id].offers)
    ]
    titles = translated_titles(shown)
    reductions = _read_reductions([families[product_id] for product_id in shown], shopper)
    return [
        _build_card(
            products[product_id],
            title=titles.get(product_id) or products[product_id].title,
            family=families[product_id],
            reductions=reductions,
        )
        for product_id in shown
    ]


def translated_titles(ids: Iterable[int]) -> dict[int, str]:
    """Return the titles in the shopper's language, else in its fallback; one query."""
    shopper = current_shopper()
    texts = texts_for(
        products=[ProductKey(product_id) for product_id in ids],
        language=shopper.language,
        fallback=shopper.fallback,
    )
    return {product_id: text.title for product_id, text in texts.items()}


def _build_card(product, *, title: str, family: _Family, reductions: dict[int, Reduction]) -> ProductCard:
    cheapest = family.cheapest
    swatches = dict.fromkeys(filter(None, map(swatch_colour, family.colours)))
    return ProductCard(
        id=product.pk,
        title=title,
        url=reverse("catalogue:detail", kwargs={"product_slug": product.slug, "pk": product.pk}),
        picture=product.picture or "",
        price=cheapest.price if cheapest else None,
        currency=cheapest.currency if cheapest else "",
        reduction=reductions.get(cheapest.product_id) if cheapest else None,
        is_range=len({offer.price for offer in family.buyable or family.offers}) > 1,
        is_available=bool(family.buyable),
        variant_count=len(family.variants) if product.is_parent else 0,
        colour_count=len(family.colours),
        swatches=tuple(swatches)[:SWATCHES_PER_CARD] if len(family.colours) > 1 else (),
    )


def _read_products(product_ids: Sequence[int]) -> QuerySet:
    """Return the products with their first picture, else the one of the first variant that has any."""
    pictures = get_model("catalogue", "ProductImage").objects.values("original")
    own = pictures.filter(product=OuterRef("pk")).order_by("display_order", "id")
    variants = pictures.filter(product__parent=OuterRef("pk"), product__is_public=True)
    return (
        get_model("catalogue", "Product")
        .objects.browsable()
        .filter(pk__in=product_ids)
        .annotate(
            picture=Coalesce(
                Subquery(own[:1]), Subquery(variants.order_by("product_id", "display_order", "id")[:1])
            )
        )
        .only("id", "title", "slug", "structure")
        .order_by("id")
    )


def read_families(ids: Iterable[int], shopper: Shopper) -> defaultdict[int, _Family]:
    """Return what can be bought of each product: itself, or its public variants that are sold here; one query."""
    families: defaultdict[int, _Family] = defaultdict(_Family)
    sells_all = shopper.market is not None and shopper.market.sells_all_stock
    for _pk, group in groupby(_read_sellable(list(ids), shopper), key=itemgetter("pk")):
        first, *others = group  # a product's stock records; what `markets.selectors.stock` says of them
        row = first | {"left": max(map(_left, [first, *others] if sells_all else [first]))}
        offer = _read_offer(row, shopper.market)
        if offer is None and (shopper.market is not None or row["record"] is None):
            continue
        family = families[row["family"]]
        family.variants.add(row["pk"])
        if offer is not None:
            family.offers.append(offer)
        if row["colour"] and row["colour"] not in family.colours:
            family.colours.append(row["colour"])
    return families


def _read_sellable(ids: list[int], shopper: Shopper) -> QuerySet:
    """Return a row for each stock record of these single products and of the others' public variants."""
    Product = get_model("catalogue", "Product")
    colours = (
        get_model("catalogue", "ProductAttributeValue")
        .objects.filter(product=OuterRef("pk"), attribute__code__in=COLOUR_CODES)
        .annotate(colour=Coalesce("value_text", "value_option__option", output_field=TextField()))
        .order_by("id")
    )
    # Both ways in have an index of their own; asked for with OR, PostgreSQL looks at every product.
    single = Product.objects.filter(pk__in=ids).exclude(structure="parent").order_by().values("pk")
    variants = Product.objects.filter(parent__in=ids, is_public=True).order_by().values("pk")
    rows = Product.objects.filter(pk__in=single.union(variants, all=True)).annotate(
        family=Coalesce("parent", "pk"),
        tracks_stock=Coalesce("parent__product_class__track_stock", "product_class__track_stock"),
        record=F("stockrecords__pk"),
        price=F("stockrecords__price"),
        currency=F("stockrecords__price_currency"),
        in_stock=F("stockrecords__num_in_stock"),
        allocated=F("stockrecords__num_allocated"),
        colour=Case(When(structure="child", then=Subquery(colours.values("colour")[:1]))),
    )
    names = ["pk", "family", "tracks_stock", "record", "price", "currency", "in_stock", "allocated", "colour"]
    if shopper.market is not None:
        rows = rows.annotate(
            price_here=market_price(shopper.market, now=shopper.now),
            is_reduced=reduction_in_force(shopper.market, now=shopper.now),
        )
        names += ["price_here", "is_reduced"]
    return rows.order_by("pk", "record").values(*names)


def _left(row: dict[str, Any]) -> int:
    return (row["in_stock"] or 0) - (row["allocated"] or 0)


def _read_offer(row: dict[str, Any], market: Market | None) -> _Offer | None:
    price = row["price"] if market is None else row["price_here"]
    if price is None:
        return None
    return _Offer(
        product_id=row["pk"],
        price=price if market is None else round_amount(amount=price, currency=market.currency),
        currency=row["currency"] if market is None else market.currency,
        is_available=row["record"] is not None and (not row["tracks_stock"] or row["left"] > 0),
        is_reduced=market is not None and row["is_reduced"],
    )


def _read_reductions(families: Iterable[_Family], shopper: Shopper) -> dict[int, Reduction]:
    """Return the reductions that are announced of the prices shown; no query where there are none, else two."""
    cheapest = [family.cheapest for family in families]
    ids = [offer.product_id for offer in cheapest if offer is not None and offer.is_reduced]
    if not ids or shopper.market is None:
        return {}
    prices = prices_for(product_ids=ids, market=shopper.market, now=shopper.now)
    found = {product_id: find_reduction(price, shopper.market) for product_id, price in prices.items()}
    return {product_id: reduction for product_id, reduction in found.items() if reduction}
