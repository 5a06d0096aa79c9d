"""Products and category tiles for pages that show a few of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import template
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from oscar.core.loading import get_model

from storefront.page_cache.parts import part
from storefront.page_cache.shown import LISTS, note
from storefront.search import selectors
from storefront.search.cards import ProductCard
from storefront.search.navigation import NAVIGATION_CACHE_SECONDS, link_categories, listed_here, with_names
from storefront.search.shopper import Shopper, current_shopper, part_of_edition

register = template.Library()


@dataclass(frozen=True)
class CategoryTile:
    """A category with the picture of one of its products."""

    id: int
    name: str
    url: str
    picture: str


@register.simple_tag
def product_cards(product_ids: Sequence[int], limit: int = 8) -> list[ProductCard]:
    """Return the cards of these products, in this order; those not public are left out."""
    return selectors.featured_products(ids=product_ids, limit=limit)


@register.simple_tag
def newest_products(limit: int = 8) -> list[ProductCard]:
    """Return the cards of the newest products."""
    return selectors.featured_products(limit=limit)


@register.simple_tag
def category_products(category, limit: int = 8) -> list[ProductCard]:
    """Return the first cards of a category and of those under it."""
    return selectors.featured_products(category=category, limit=limit)


@register.simple_tag
def category_tiles(category_ids: Sequence[int]) -> list[CategoryTile]:
    """Return the tiles of the public ones among these categories, in this order. Kept for half a minute."""
    note(LISTS)
    ids = list(category_ids)
    name = part_of_edition(f"search.category_tiles.{'-'.join(map(str, ids))}")
    return part(name, lambda: _read_tiles(ids), seconds=NAVIGATION_CACHE_SECONDS)


@register.filter
def card_of(cards: Sequence[ProductCard], product) -> ProductCard | None:
    """Return the card of a product, or None where it has none."""
    return next((card for card in cards if product is not None and card.id == product.pk), None)


@register.filter
def tile_of(tiles: Sequence[CategoryTile], category) -> CategoryTile | None:
    """Return the tile of a category, or None where it has none."""
    return next((tile for tile in tiles if category is not None and tile.id == category.pk), None)


def _read_tiles(ids: list[int]) -> list[CategoryTile]:
    Category = get_model("catalogue", "Category")
    shopper = current_shopper()
    own, variants = _pictures_in("product", shopper), _pictures_in("product__parent", shopper)
    categories = Category.objects.browsable().filter(pk__in=ids).annotate(cover=Coalesce(own, variants))
    by_id = {category.pk: category for category in with_names(categories, shopper).order_by("pk")}
    found = [by_id[category_id] for category_id in ids if category_id in by_id]
    links = link_categories(found, known=_ancestors(found))
    return [
        CategoryTile(id=link.id, name=link.name, url=link.url, picture=category.cover or "")
        for link, category in zip(links, found, strict=True)
    ]


def _pictures_in(product: str, shopper: Shopper) -> Subquery:
    """Return the earliest picture of what is sold here in the outer category, or of its variants."""
    pictures = get_model("catalogue", "ProductImage").objects.filter(
        **{
            f"{product}__categories__path__startswith": OuterRef("path"),
            f"{product}__in": listed_here(shopper),
        }
    )
    return Subquery(pictures.order_by("id").values("original")[:1])


def _ancestors(categories: list) -> list:
    """Return the categories above these, read at once."""
    step = get_model("catalogue", "Category").steplen
    paths = {category.path[:end] for category in categories for end in range(step, len(category.path), step)}
    if not paths:
        return []
    above = get_model("catalogue", "Category").objects.filter(path__in=paths)
    return list(with_names(above, current_shopper()).order_by("path"))
