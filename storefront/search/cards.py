"""Product cards: what a list shows of each product, kept by the page cache; the others are read in bulk.

Five queries at most for any number of products.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from django.template.loader import get_template
from django.utils.text import Truncator

from storefront.core.money import round_amount
from storefront.markets.models import Market
from storefront.markets.selectors.offers import MarketKey
from storefront.markets.selectors.prices import prices_for
from storefront.page_cache.fragments import read_each
from storefront.page_cache.shown import note_cards
from storefront.search import card_rows
from storefront.search.card_rows import CardRow, SellableRow
from storefront.search.prices import Reduction, find_reduction
from storefront.search.product_urls import product_url
from storefront.search.shopper import Shopper, current_shopper
from storefront.search.swatches import swatch_colour

SWATCHES_PER_CARD = 5
POINT_LENGTH = 80
NEW_FOR = timedelta(days=30)
TEMPLATE = "partials/product_card.html"
LONGEST_ABBREVIATION = 4  # letters
_HEADING = re.compile(
    r"\s*[【\[]?(?P<heading>[^】\]:–—]+?)\s*(?:[】\]]\s*[:–—-]?|:|[–—]| - )\s*(?P<rest>\S.*)", re.S
)


@dataclass(frozen=True)
class ProductCard:
    """One product of a list; the price is the lowest that can be bought, None where there is none.

    `rating` is the mean of its reviews, from 1 to 5, None before the first. `point` is the first thing that is said
    of it. `is_new` are products of the last days, but not those the shop began with. `html` is how the theme draws it.
    """

    id: int
    title: str
    url: str
    point: str = ""
    picture: str = ""
    is_new: bool = False
    rating: float | None = None
    price: Decimal | None = None
    currency: str = ""
    reduction: Reduction | None = None
    is_range: bool = False
    is_available: bool = False
    variant_count: int = 0
    colour_count: int = 0
    swatches: tuple[str, ...] = ()
    html: str = ""


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
    cards = read_each(product_ids, kind="card", make=_draw_cards)
    return [cards[product_id] for product_id in product_ids if product_id in cards]


def _draw_cards(product_ids: Sequence[int]) -> dict[int, ProductCard]:
    """Return the cards as the theme draws them: from the card alone, so that everybody sees the same."""
    template = get_template(TEMPLATE)
    return {card.id: replace(card, html=template.render({"card": card})) for card in _read_cards(product_ids)}


def _read_cards(product_ids: Sequence[int]) -> list[ProductCard]:
    shopper = current_shopper()
    products = {row[0]: CardRow(*row) for row in card_rows.PRODUCTS(products=product_ids)}
    families = read_families(products, shopper)
    shown = [
        product_id
        for product_id in product_ids
        if product_id in products and (shopper.market is None or families[product_id].offers)
    ]
    texts = _read_texts(shown)
    reductions = _read_reductions([families[product_id] for product_id in shown], shopper)
    return [
        _build_card(
            products[product_id],
            text=texts.get(product_id) or _Text(products[product_id].title),
            family=families[product_id],
            reductions=reductions,
            now=shopper.now,
        )
        for product_id in shown
    ]


def translated_titles(ids: Iterable[int]) -> dict[int, str]:
    """Return the titles in the shopper's language, else in its fallback; one query."""
    return {product_id: text.title for product_id, text in _read_texts(ids).items()}


class _Text(NamedTuple):
    title: str
    point: str | None = None


def _read_texts(ids: Iterable[int]) -> dict[int, _Text]:
    shopper = current_shopper()
    rows = card_rows.TITLES(products=list(ids), languages={shopper.language, shopper.fallback})
    texts: dict[int, _Text] = {}
    for product_id, language, title, point in rows:
        if language == shopper.language or product_id not in texts:
            texts[product_id] = _Text(title, point)
    return texts


def _build_card(
    product: CardRow, *, text: _Text, family: _Family, reductions: dict[int, Reduction], now: datetime
) -> ProductCard:
    cheapest = family.cheapest
    swatches = dict.fromkeys(filter(None, map(swatch_colour, family.colours)))
    return ProductCard(
        id=product.pk,
        title=text.title,
        point=Truncator(plain_point(text.point or "")).chars(POINT_LENGTH),
        is_new=product.date_created > max(now - NEW_FOR, product.first_created + NEW_FOR),
        url=product_url(slug=product.slug, pk=product.pk),
        picture=product.picture or "",
        rating=product.rating,
        price=cheapest.price if cheapest else None,
        currency=cheapest.currency if cheapest else "",
        reduction=reductions.get(cheapest.product_id) if cheapest else None,
        is_range=len({offer.price for offer in family.buyable or family.offers}) > 1,
        is_available=bool(family.buyable),
        variant_count=len(family.variants) if product.structure == "parent" else 0,
        colour_count=len(family.colours),
        swatches=tuple(swatches)[:SWATCHES_PER_CARD] if len(family.colours) > 1 else (),
    )


def plain_point(point: str) -> str:
    """Return what a product says of itself without shouting: the sentence after a heading in capitals, or nothing.

    Amazon's sellers write "BUILT TO BEND: Tested for 12,000 bends" or "【BUILT TO BEND】Tested for …". Capitals are not
    made small: what is a name, a unit or, in German, a noun is not known.
    """
    found = _HEADING.match(point)
    if found and _is_shouted(found["heading"]):
        point = found["rest"]
        point = point[:1].upper() + point[1:]
    return "" if _is_shouted(point) else point


def _is_shouted(text: str) -> bool:
    """Say whether capitals are all there is, and are more than a measure or a short name such as USB-C."""
    return LONGEST_ABBREVIATION < sum(map(str.isupper, text)) == sum(map(str.isalpha, text))


def read_families(ids: Iterable[int], shopper: Shopper) -> defaultdict[int, _Family]:
    """Return what can be bought of each product: itself, or its public variants that are sold here; one query."""
    families: defaultdict[int, _Family] = defaultdict(_Family)
    sells_all = shopper.market is not None and shopper.market.sells_all_stock
    market = MarketKey.of(shopper.market) if shopper.market else None
    rows = (SellableRow(*row) for row in card_rows.SELLABLE(market, products=list(ids), now=shopper.now))
    for _pk, group in groupby(rows, key=attrgetter("pk")):
        row, *others = group  # a product's stock records; what `markets.selectors.stock` says of them
        left = max(each.left for each in ([row, *others] if sells_all else [row]))
        offer = _read_offer(row, left, shopper.market)
        if offer is None and (shopper.market is not None or row.record is None):
            continue
        family = families[row.family]
        family.variants.add(row.pk)
        if offer is not None:
            family.offers.append(offer)
        if row.colour and row.colour not in family.colours:
            family.colours.append(row.colour)
    return families


def _read_offer(row: SellableRow, left: int, market: Market | None) -> _Offer | None:
    price = row.price if market is None else row.price_here
    if price is None:
        return None
    return _Offer(
        product_id=row.pk,
        price=price if market is None else round_amount(amount=price, currency=market.currency),
        currency=row.currency or "" if market is None else market.currency,
        is_available=row.record is not None and (not row.tracks_stock or left > 0),
        is_reduced=market is not None and row.is_reduced,
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
