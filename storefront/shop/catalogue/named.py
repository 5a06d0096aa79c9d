"""What single products and variants are called and look like in a list of lines, read for all of them at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from oscar.core.loading import get_model

from storefront.markets.selectors.titles import options_for
from storefront.search.cards import translated_titles


@dataclass(frozen=True)
class NamedProduct:
    """A product in the shopper's language; `options` are a variant's, such as ("Black", "1 m")."""

    title: str
    options: tuple[str, ...]
    url: str
    picture: str


def name_products(products: Iterable[Any]) -> dict[int, NamedProduct]:
    """Return each product's name by its key; three queries for any number, with parents and images fetched before."""
    products = list(products)
    titles = translated_titles({product.parent_id or product.pk for product in products})
    pictures = _first_pictures({product.parent_id for product in products if product.parent_id})
    options = options_for(
        products=[product for product in products if product.parent_id],
        language=get_language() or settings.LANGUAGE_CODE,
    )
    return {
        product.pk: _name(product, titles=titles, pictures=pictures, options=options.get(product.pk, []))
        for product in products
    }


def _name(
    product: Any, *, titles: dict[int, str], pictures: dict[int, str], options: list[str]
) -> NamedProduct:
    family = product.parent or product
    images = list(product.images.all())
    return NamedProduct(
        title=titles.get(family.pk) or family.title if options or not product.title else product.title,
        options=tuple(options),
        url=product.get_absolute_url(),
        picture=str(images[0].original) if images else pictures.get(family.pk, ""),
    )


def _first_pictures(product_ids: set[int]) -> dict[int, str]:
    images = get_model("catalogue", "ProductImage").objects.filter(product__in=product_ids)
    pictures: dict[int, str] = {}
    for product_id, name in images.order_by("product_id", "display_order", "id").values_list(
        "product", "original"
    ):
        pictures.setdefault(product_id, name)
    return pictures
