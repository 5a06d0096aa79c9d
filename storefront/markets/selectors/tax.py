"""The seller's tax setup and the products' tax classes, as the plain tax modules take them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from storefront.markets.models import ProductTaxClass, TaxSetup
from storefront.markets.models.tax import Threshold
from storefront.markets.tax.assessment import STANDARD, Registration, Seller


@dataclass(frozen=True)
class TaxClass:
    """How a product is taxed: by our table's class, and by Stripe's code where one is set."""

    code: str = STANDARD
    stripe_code: str = ""


def seller() -> Seller:
    """Return what the shop is registered for; before the setup is filled, a seller who charges everywhere."""
    setup = TaxSetup.objects.order_by("pk").first()
    if setup is None:
        return Seller()
    return Seller(
        established_in=setup.established_in,
        ships_from=setup.ships_from,
        uses_oss=setup.uses_oss,
        uses_ioss=setup.uses_ioss,
        is_below_threshold=setup.threshold == Threshold.BELOW,
        is_importer=setup.is_importer,
        registrations=tuple(
            Registration(
                country=row.country,
                region=row.region,
                valid_from=row.valid_from,
                valid_until=row.valid_until or date.max,
            )
            for row in setup.registrations.order_by("country", "region", "valid_from", "pk")
        ),
    )


def tax_classes_for(products: Iterable) -> dict[int, TaxClass]:
    """Return the tax class of each product by its key, the standard one where none is set; one query."""
    products = list(products)
    ids = {product.pk for product in products} | {
        product.parent_id for product in products if product.parent_id
    }
    known = {
        row.product_id: TaxClass(code=row.tax_class, stripe_code=row.stripe_code)
        for row in ProductTaxClass.objects.filter(product_id__in=ids).order_by("pk")
    }
    return {
        product.pk: known.get(product.pk) or known.get(product.parent_id) or TaxClass()
        for product in products
    }
