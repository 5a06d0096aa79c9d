"""What shopping services are told about everything an edition sells: one row per thing that can be put in a basket."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse
from oscar.core.loading import get_model
from stdnum import ean

from storefront.markets.models import Market, MarketDelivery
from storefront.markets.selectors.markets import delivery_methods, delivery_price
from storefront.search.feed_batches import FeedBatch, read_batch, read_category_names, read_products
from storefront.search.plain_text import plain_text
from storefront.search.prices import find_reduction
from storefront.search.shopper import Shopper
from storefront.theming.pictures import shared_picture_url

BATCH_SIZE = 500
_BRAND_CODES = ("brand",)
_PART_NUMBER_CODES = ("mpn", "part_number", "manufacturer_part_number")


@dataclass(frozen=True)
class FeedItem:
    """A single product or variant as an edition sells it: words in its language, absolute addresses.

    `price` is the usual price and `sale_price` the lower one in force, as the product page announces it; both with
    tax where the market's prices include it. `options` are by attribute code. `delivery` is the cost by country.
    """

    sku: str
    group: str
    title: str
    description: str
    url: str
    pictures: tuple[str, ...]
    is_available: bool
    price: Decimal
    sale_price: Decimal | None
    currency: str
    brand: str
    gtin: str
    part_number: str
    options: Mapping[str, str]
    categories: tuple[str, ...]
    delivery: Mapping[str, Decimal]


def read_feed(
    *, shopper: Shopper, absolute: Callable[[str], str], batch_size: int = BATCH_SIZE
) -> Iterator[FeedItem]:
    """Yield what the shopper's market sells, oldest first; a dozen queries for each batch of products.

    `absolute` completes an address. Read it while the edition's request is answered: addresses take its prefix.
    What has no stock record has no SKU and cannot be bought: it is left out.
    """
    market = shopper.market
    if market is None:
        return
    names = read_category_names(shopper)
    method = delivery_methods(market).first()
    for products in read_products(batch_size):
        batch = read_batch(products=products, market=market, shopper=shopper)
        for product in products:
            if product.pk in batch.offers and product.pk in batch.records:
                yield _build_item(product, batch, market, method, names, absolute)


def _build_item(
    product: Any,
    batch: FeedBatch,
    market: Market,
    method: MarketDelivery | None,
    names: dict[str, str],
    absolute: Callable[[str], str],
) -> FeedItem:
    offer, record, root = batch.offers[product.pk], batch.records[product.pk], product.parent or product
    options = _options(product, batch)
    title, description = _words(product, batch, options)
    reduction = find_reduction(offer, market)
    cost = delivery_price(method=method, goods=offer.amount) if method else None
    parent_record = batch.records.get(root.pk)
    is_counted = bool(root.product_class and root.product_class.track_stock)
    return FeedItem(
        sku=record.partner_sku,
        group=(parent_record.partner_sku if parent_record else str(root.pk)) if product.parent_id else "",
        title=title,
        description=description,
        url=absolute(reverse("catalogue:detail", kwargs={"product_slug": product.slug, "pk": product.pk})),
        pictures=tuple(absolute(shared_picture_url(name)) for name in _pictures(product, batch)),
        is_available=not is_counted or product.pk in batch.in_stock,
        price=reduction.was if reduction else offer.amount,
        sale_price=offer.amount if reduction else None,
        currency=offer.currency,
        brand=_first_value(product, batch, _BRAND_CODES),
        gtin=product.upc if product.upc and is_public_gtin(product.upc) else "",
        part_number=_first_value(product, batch, _PART_NUMBER_CODES),
        options=options,
        categories=_category_names(batch.category_paths.get(root.pk, ""), names),
        delivery={} if cost is None else dict.fromkeys(market.countries, cost),
    )


def is_public_gtin(code: str) -> bool:
    """Say whether a code is a GTIN-8, -12, -13 or -14 that names one product everywhere.

    GS1 General Specifications, section 1.4: prefixes 02, 04 and 2 are for use within a company, 05, 98 and 99 for
    coupons; of a GTIN-8, 0 and 2.
    """
    if not code.isascii() or not code.isdigit() or not ean.is_valid(code) or not int(code):
        return False
    if len(code) == 8:
        return code[0] not in "02"
    return not code.zfill(14)[1:].startswith(("02", "04", "05", "2", "98", "99"))


def _pictures(product: Any, batch: FeedBatch) -> list[str]:
    """Return the product's pictures, else its family's, else those of the first variant with any, as its page does."""
    family = product.parent_id or product.pk
    owners = [product.pk, family, *batch.families.get(family, [])[:1]]
    return next((batch.pictures[owner] for owner in owners if batch.pictures.get(owner)), [])


def _category_names(path: str, names: dict[str, str]) -> tuple[str, ...]:
    step = get_model("catalogue", "Category").steplen
    above = (path[:end] for end in range(step, len(path) + 1, step))
    return tuple(names[start] for start in above if start in names)


def _first_value(product: Any, batch: FeedBatch, codes: Sequence[str]) -> str:
    found = (
        batch.values.get(owner, {}).get(code) for owner in (product.pk, product.parent_id) for code in codes
    )
    return next(filter(None, found), "")


def _options(product: Any, batch: FeedBatch) -> dict[str, str]:
    spoken = batch.option_texts.get(product.pk, {})
    return {
        code: (spoken[code].value if code in spoken else "") or value
        for code, value in batch.values.get(product.pk, {}).items()
        if code not in _BRAND_CODES and code not in _PART_NUMBER_CODES
    }


def _words(product: Any, batch: FeedBatch, options: Mapping[str, str]) -> tuple[str, str]:
    """Return title and description as plain text in one language; a variant is its family's title with its options."""
    root = product.parent or product
    own, family = batch.texts.get(product.pk), batch.texts.get(root.pk)
    texts = [text for text in (own, family) if text and own and text.language == own.language]
    descriptions = [text.description for text in texts]
    bullet_points = [". ".join(text.bullet_points) for text in texts]
    if own is None or own.language == settings.LANGUAGE_CODE:
        descriptions += [product.description, root.description]
    title = (root.title or product.title) if own is None else texts[-1].title
    if product.parent_id and (own is None or texts[-1].product_id == root.pk):
        title = ", ".join([title, *options.values()])
    plain = (plain_text(words) for words in [*descriptions, *bullet_points])
    return title, next(filter(None, plain), title)
