"""Which brands there are, who vouches for them, and what is held back."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count
from oscar.core.loading import get_model

from catalog_import.among import among
from catalog_import.rights.models import BrandConfirmation, HeldProduct
from catalog_import.rights.services import fold_brand
from catalog_import.said import say as _


@dataclass
class Brand:
    """One brand of the imported catalogue; `held` products wait for its confirmation."""

    name: str
    products: int = 0
    held: int = 0
    confirmation: BrandConfirmation | None = None


def list_brands() -> list[Brand]:
    """Return every brand of imported products and every confirmed one: those that wait first, then by name."""
    values = get_model("catalogue", "ProductAttributeValue").objects.filter(
        attribute__code="brand", product__amazon_listings__isnull=False
    )
    rows = (
        values.order_by("value_text")
        .values("value_text")
        .annotate(
            products=Count("product", distinct=True), held=Count("product__held_for_rights", distinct=True)
        )
    )
    brands: dict[str, Brand] = {}
    for row in rows:
        if name := (row["value_text"] or "").strip():
            brand = brands.setdefault(fold_brand(name), Brand(name))
            brand.products += row["products"]
            brand.held += row["held"]
    for confirmation in BrandConfirmation.objects.select_related("confirmed_by").order_by("name", "id"):
        brand = brands.setdefault(confirmation.key, Brand(confirmation.name))
        brand.confirmation = confirmation
    return sorted(brands.values(), key=lambda brand: (brand.confirmation is not None, brand.name.casefold()))


def count_held() -> int:
    """Return how many products wait for a confirmation."""
    return HeldProduct.objects.count()


def held_ids(product_ids: Collection[int] | None = None) -> set[int]:
    """Return the products, of these or of all, that would be public, were their brand confirmed."""
    held = HeldProduct.objects.values_list("product_id", flat=True)
    return set(held if product_ids is None else among(held, "product_id", product_ids))


def describe_held() -> list[str]:
    """Return one sentence for each brand whose products are held back."""
    return [
        _(
            "1 product of the brand %(brand)s is not shown: confirm under Brands and rights that you may sell"
            " under this brand with these texts and pictures.",
            brand=brand.name,
        )
        if brand.held == 1
        else _(
            "%(count)d products of the brand %(brand)s are not shown: confirm under Brands and rights that you may"
            " sell under this brand with these texts and pictures.",
            count=brand.held,
            brand=brand.name,
        )
        for brand in list_brands()
        if brand.held
    ]
