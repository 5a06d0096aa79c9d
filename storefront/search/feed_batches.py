"""What a product feed is made of, read batch by batch: the same number of queries whatever a batch holds."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from oscar.core.loading import get_model

from storefront.markets.models import Market, OptionText, ProductText
from storefront.markets.selectors.offers import Offer, offers_for
from storefront.markets.selectors.stock import first_record, fullest_record
from storefront.markets.selectors.texts import option_texts_for, texts_for
from storefront.search.navigation import with_names
from storefront.search.shopper import Shopper


@dataclass(frozen=True)
class FeedBatch:
    """What the products of a batch need, by product key; `in_stock` are those that one place can send."""

    offers: dict[int, Offer]
    records: dict[int, Any]
    in_stock: frozenset[int]
    texts: dict[int, ProductText]
    option_texts: dict[int, dict[str, OptionText]]
    values: dict[int, dict[str, str]]
    pictures: dict[int, list[str]]
    families: dict[int, list[int]]
    category_paths: dict[int, str]


def read_products(batch_size: int) -> Iterator[list[Any]]:
    """Yield the public single products and variants, those of hidden families left out; a query for each batch."""
    public = (
        get_model("catalogue", "Product")
        .objects.filter(is_public=True)
        .filter(Q(structure="standalone") | Q(structure="child", parent__is_public=True))
        .select_related("product_class", "parent__product_class")
        .order_by("pk")
    )
    last = 0
    while products := list(public.filter(pk__gt=last)[:batch_size]):
        yield products
        last = products[-1].pk


def read_batch(*, products: Sequence[Any], market: Market, shopper: Shopper) -> FeedBatch:
    """Return what the products of a batch need; a dozen queries."""
    spoken = {"language": shopper.language, "fallback": shopper.fallback}
    roots = {product.parent_id or product.pk for product in products}
    members = list(
        {product.pk: product for own in products for product in (own, own.parent) if product}.values()
    )
    ids = [product.pk for product in members]
    stock = _read_stock(ids)
    pictures, families = _read_pictures(ids, roots)
    return FeedBatch(
        offers=offers_for(products=products, market=market, now=shopper.now),
        records={key: first_record(found) for key, found in stock.items()},
        in_stock=frozenset(
            key for key, found in stock.items() if fullest_record(found, market).net_stock_level > 0
        ),
        texts=texts_for(products=members, **spoken),
        option_texts=option_texts_for(products=products, **spoken),
        values=_read_values(ids),
        pictures=pictures,
        families=families,
        category_paths=_read_category_paths(roots),
    )


def _read_stock(ids: Collection[int]) -> dict[int, list[Any]]:
    records: dict[int, list[Any]] = {}
    for record in get_model("partner", "StockRecord").objects.filter(product__in=ids).order_by("pk"):
        records.setdefault(record.product_id, []).append(record)
    return records


def _read_values(ids: Collection[int]) -> dict[int, dict[str, str]]:
    rows = (
        get_model("catalogue", "ProductAttributeValue")
        .objects.filter(product__in=ids, attribute__type__in=["text", "option"])
        .order_by("attribute_id", "id")
        .values_list("product", "attribute__code", "value_text", "value_option__option")
    )
    values: dict[int, dict[str, str]] = defaultdict(dict)
    for product_id, code, text, option in rows:
        if value := text or option:
            values[product_id][code] = value
    return values


def _read_pictures(
    ids: Collection[int], roots: Collection[int]
) -> tuple[dict[int, list[str]], dict[int, list[int]]]:
    """Return the names of the pictures by product, and by family those of its variants that have any."""
    rows = (
        get_model("catalogue", "ProductImage")
        .objects.filter(Q(product__in=ids) | Q(product__parent__in=roots))
        .order_by("product_id", "display_order", "id")
        .values_list("product", "product__parent", "original")
    )
    pictures: dict[int, list[str]] = defaultdict(list)
    families: dict[int, list[int]] = defaultdict(list)
    for product_id, parent_id, name in rows:
        pictures[product_id].append(name)
        if parent_id:
            families[parent_id].append(product_id)
    return pictures, families


def _read_category_paths(roots: Collection[int]) -> dict[int, str]:
    """Return where the deepest public category of each product is in the tree."""
    rows = (
        get_model("catalogue", "ProductCategory")
        .objects.filter(product__in=roots, category__is_public=True, category__ancestors_are_public=True)
        .order_by("category__depth", "-category__path", "product")
    )
    return dict(rows.values_list("product", "category__path"))


def read_category_names(shopper: Shopper) -> dict[str, str]:
    """Return what the shopper's menu calls each public category, by its place in the tree."""
    categories = with_names(get_model("catalogue", "Category").objects.browsable(), shopper)
    return dict(categories.order_by("path").values_list("path", "shown_name"))
