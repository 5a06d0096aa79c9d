"""Confirm brands, and keep products of other brands from being shown."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from oscar.core.loading import get_model

from catalog_import.among import BY_ID, among
from catalog_import.rights.models import BrandConfirmation, HeldProduct

_BATCH = 1000


def fold_brand(name: str) -> str:
    """Return what tells one brand from another: neither case nor the number of spaces."""
    return " ".join(name.split()).casefold()[:255]


@transaction.atomic
def confirm_brand(*, name: str, basis: str, now: datetime, by: Any = None) -> int:
    """Take the merchant's word for a brand and show its products; return how many. A second time changes nothing."""
    BrandConfirmation.objects.get_or_create(
        key=fold_brand(name),
        defaults={
            "name": " ".join(name.split())[:255],
            "basis": BrandConfirmation.Basis(basis),
            "confirmed_at": now,
            "confirmed_by": by,
        },
    )
    return settle_rights()


@transaction.atomic
def take_back_confirmation(*, name: str) -> None:
    """Forget the word for a brand and hide its products again."""
    BrandConfirmation.objects.filter(key=fold_brand(name)).delete()
    settle_rights()


@transaction.atomic
def settle_rights(*, product_ids: Collection[int] | None = None, hidden: Collection[int] = ()) -> int:
    """Hide imported products of brands nobody confirmed, show those that waited for it; return how many are shown.

    With `product_ids` of these products only. `hidden` are those that are not to be public for another reason: they
    do not wait any more. A product that names no brand is not held back. Runs inside the caller's transaction.
    """
    if hidden:
        among(HeldProduct.objects, "product_id", hidden).delete()
    shown = show_confirmed(product_ids=product_ids)
    _hold_back(_confirmed_keys(), product_ids)
    return shown


def show_confirmed(*, product_ids: Collection[int] | None = None) -> int:
    """Show products, these or all, that waited for a brand which is confirmed by now; return how many."""
    confirmed = _confirmed_keys()
    if not confirmed:
        return 0
    held = _narrow(HeldProduct.objects.all(), product_ids, "product_id")
    free = [
        pk
        for pk, brand in _brands_of(list(held.values_list("product_id", flat=True)))
        if fold_brand(brand) in confirmed
    ]
    for batch in _batches(free):
        among(get_model("catalogue", "Product").objects, "pk", batch).update(is_public=True)
        among(HeldProduct.objects, "product_id", batch).delete()
    return len(free)


def find_unconfirmed(brands: Collection[str]) -> set[str]:
    """Return those of the brands that nobody vouches for."""
    confirmed = _confirmed_keys()
    return {brand for brand in brands if fold_brand(brand) not in confirmed}


def _confirmed_keys() -> set[str]:
    return set(BrandConfirmation.objects.order_by().values_list("key", flat=True))


def _hold_back(confirmed: set[str], product_ids: Collection[int] | None) -> None:
    Product = get_model("catalogue", "Product")
    public = Product.objects.filter(is_public=True, amazon_listings__isnull=False).exclude(structure="child")
    shown = _narrow(public, product_ids, "pk").order_by("pk").values_list("pk", flat=True).distinct()
    foreign = [pk for pk, brand in _brands_of(list(shown)) if fold_brand(brand) not in confirmed]
    for batch in _batches(foreign):
        HeldProduct.objects.bulk_create((HeldProduct(product_id=pk) for pk in batch), ignore_conflicts=True)
        among(Product.objects, "pk", batch).update(is_public=False)


def _brands_of(product_ids: list[int]) -> list[tuple[int, str]]:
    """Return (product, brand) of the products that name one."""
    values = among(get_model("catalogue", "ProductAttributeValue").objects, "product_id", product_ids)
    fields = ("product_id", "value_text", "attribute__code")
    rows = values.order_by(BY_ID).values_list(*fields)
    return [(product_id, text) for product_id, text, code in rows if code == "brand" and text]


def _narrow(rows: QuerySet, product_ids: Collection[int] | None, name: str) -> QuerySet:
    return rows if product_ids is None else among(rows, name, product_ids)


def _batches(keys: list[int]) -> Iterable[list[int]]:
    return (keys[start : start + _BATCH] for start in range(0, len(keys), _BATCH))
