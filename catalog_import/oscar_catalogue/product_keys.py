"""The one SKU each product is known by, whatever made it: its stock's, its listing's, or one made from its name."""

from collections.abc import Iterator

from oscar.core.loading import get_model

from catalog_import.models import AmazonListing
from catalog_import.oscar_catalogue.taxonomy import OWN_PARTNER_CODE


def find_product_keys() -> dict[int, str]:
    """Return product id -> SKU, for a page of variants that has none one made from its address; each is there once.

    Two shops with the same products give them the same SKUs, whatever their ids.
    """
    chosen: dict[int, tuple[int, str]] = {}
    for rank, product_id, sku in _candidates():
        chosen.setdefault(product_id, (rank, sku))
    taken: dict[str, int] = {}
    twice: dict[str, list[int]] = {}
    for product_id, (_rank, sku) in chosen.items():
        if taken.setdefault(sku, product_id) != product_id:
            twice.setdefault(sku, [taken[sku]]).append(product_id)
    keys = {product_id: sku for product_id, (_rank, sku) in chosen.items()}
    _tell_apart(twice, chosen, keys)
    return keys


def _candidates() -> Iterator[tuple[int, int, str]]:
    """Yield (rank, product, SKU), the best first."""
    records = get_model("partner", "StockRecord").objects.order_by("partner__code", "partner_sku")
    own = records.filter(partner__code=OWN_PARTNER_CODE).values_list("product_id", "partner_sku")
    others = records.exclude(partner__code=OWN_PARTNER_CODE).values_list("product_id", "partner_sku")
    listings = AmazonListing.objects.filter(product_id__isnull=False)
    listed = listings.order_by("-is_primary", "marketplace", "sku").values_list("product_id", "sku")
    products = get_model("catalogue", "Product").objects.order_by("id").values_list("id", "slug")
    for rank, rows in enumerate((own, others, listed)):
        for product_id, sku in rows.iterator():
            yield rank, product_id, sku
    for product_id, slug in products.iterator():
        yield 3, product_id, f"~{slug}"


def _tell_apart(
    twice: dict[str, list[int]], chosen: dict[int, tuple[int, str]], keys: dict[int, str]
) -> None:
    """Number the products that share a SKU, in an order that their content gives."""
    if not twice:
        return
    ids = [product_id for group in twice.values() for product_id in group]
    fields = ("id", "structure", "title", "slug", "upc")
    rows = get_model("catalogue", "Product").objects.filter(id__in=ids).values_list(*fields)
    content = {row[0]: tuple(str(value or "") for value in row[1:]) for row in rows}
    used = set(keys.values())
    for sku, group in sorted(twice.items()):
        group.sort(key=lambda product_id: (chosen[product_id][0], *content[product_id], product_id))
        number = 2
        for product_id in group[1:]:
            while f"{sku}~{number}" in used:
                number += 1
            keys[product_id] = f"{sku}~{number}"
            used.add(keys[product_id])
