"""The catalogue as the open format's objects, sorted by SKU; as many queries for a batch of 500 products as for 2."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from oscar.core.loading import get_model

from catalog_import.open_format import Record, sort_record
from catalog_import.oscar_catalogue import export_parts as parts
from catalog_import.oscar_catalogue.product_keys import find_product_keys

BATCH_PRODUCTS = 500
_FIELDS = (
    "id", "structure", "parent_id", "is_public", "upc", "title", "slug", "description", "meta_title",
    "meta_description", "priority", "is_discountable", "product_class_id",
)  # fmt: skip


def stream_catalogue(*, now: datetime, with_amazon: bool = False) -> Iterator[Record]:
    """Yield every product; `with_amazon` adds what was last imported of each listing.

    Only the SKUs of all products and one batch are in memory. Prices are those that hold at `now` or will.
    """
    keys = find_product_keys()
    ordered = sorted(keys, key=lambda product_id: keys[product_id])
    for start in range(0, len(ordered), BATCH_PRODUCTS):
        batch = ordered[start : start + BATCH_PRODUCTS]
        yield from describe_products(batch, keys=keys, now=now, with_amazon=with_amazon)


def describe_products(
    product_ids: Sequence[int], *, keys: Mapping[int, str], now: datetime, with_amazon: bool = False
) -> list[Record]:
    """Return the objects of some products in the given order; `keys` are the SKUs of these and their parents."""
    products = get_model("catalogue", "Product").objects.filter(id__in=product_ids).order_by("id")
    classes = parts.read_classes()
    records: dict[int, Record] = {}
    for row in products.values_list(*_FIELDS):
        values = dict(zip(_FIELDS, row, strict=True))
        records[values["id"]] = _describe(values, keys, classes)
    for add in (
        parts.add_held, parts.add_options, parts.add_attributes, parts.add_texts, parts.add_stock, parts.add_categories,
        parts.add_tax, parts.add_pictures,
    ):  # fmt: skip
        add(records)
    parts.add_offers(records, now)
    parts.add_listings(records, with_amazon=with_amazon)
    return [sort_record(records[product_id]) for product_id in product_ids if product_id in records]


def _describe(values: Mapping[str, Any], keys: Mapping[int, str], classes: Mapping[int, Record]) -> Record:
    return {
        "sku": keys[values["id"]],
        "parent_sku": keys.get(values["parent_id"], ""),
        "structure": values["structure"],
        "published": values["is_public"],
        "product_type": classes.get(values["product_class_id"], {}),
        "gtin": values["upc"],
        "title": values["title"],
        "slug": values["slug"],
        "description": values["description"],
        "meta_title": values["meta_title"],
        "meta_description": values["meta_description"],
        "priority": values["priority"] or None,
        "not_discountable": not values["is_discountable"],
    }
