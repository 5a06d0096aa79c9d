"""The categories a shopper finds the way by, named in the shopper's language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from oscar.core.loading import get_model

from storefront.kept_sql import Given, KeptSql, columns_of, from_row
from storefront.markets.models import CategoryText, Market
from storefront.page_cache.parts import part
from storefront.search.models import SearchListing
from storefront.search.shopper import Shopper, current_shopper, part_of_edition

NAVIGATION_CACHE_SECONDS = 30


@dataclass(frozen=True)
class CategoryLink:
    """A category as a menu names it."""

    id: int
    name: str
    url: str


def top_categories() -> list[CategoryLink]:
    """Return the menu's categories of the first level that have something to show, in the merchant's order.

    Kept for half a minute: every page asks.
    """
    return part(
        part_of_edition("search.top_categories"), _read_top_categories, seconds=NAVIGATION_CACHE_SECONDS
    )


def menu_by_market(*, markets: Iterable[Market | None], now: datetime) -> list[list[int]]:
    """Return the categories of the main menu in each of these markets; one query for each."""
    shoppers = (Shopper(market=market, language="", fallback="", now=now) for market in markets)
    return [
        list(_menu_categories(shopper).order_by("path").values_list("pk", flat=True)) for shopper in shoppers
    ]


def subcategories(category, *, chain: Sequence) -> list[CategoryLink]:
    """Return the public children of a category that have something to show, in the merchant's order.

    `chain` is what `read_chain` says of the category.
    """
    if category.is_leaf():
        return []
    shopper = current_shopper()
    children = _with_products(category.get_public_children(), shopper).order_by("path")
    return link_categories(with_names(children, shopper), known=chain)


def first_level() -> list[tuple[int, str, str]]:
    """Return key, path and name of the public categories of the first level, in the merchant's order; one query."""
    shopper = current_shopper()
    return _FIRST_LEVEL(language=shopper.language, fallback=shopper.fallback)


def _build_first_level() -> QuerySet:
    top = get_model("catalogue", "Category").objects.browsable().filter(depth=1)
    return _with_given_names(top).order_by("path").values_list("pk", "path", "shown_name")


_FIRST_LEVEL = KeptSql(_build_first_level)


def read_chain(category_id: int) -> list:
    """Return the categories from the first level down to one and including it, each with its `shown_name`."""
    shopper, chain = current_shopper(), []
    rows = _CHAIN(category=category_id, language=shopper.language, fallback=shopper.fallback)
    for *values, shown_name in rows:
        category = from_row(get_model("catalogue", "Category"), values)
        category.shown_name = shown_name
        chain.append(category)
    return chain


def _build_chain() -> QuerySet:
    Category = get_model("catalogue", "Category")
    below = Category.objects.filter(
        pk=Given("category", BigIntegerField()), path__startswith=OuterRef("path")
    )
    categories = _with_given_names(Category.objects.filter(Exists(below))).order_by("path")
    return categories.values_list(*columns_of(Category), "shown_name")


_CHAIN = KeptSql(_build_chain)


def _with_given_names(categories: QuerySet) -> QuerySet:
    return categories.annotate(
        shown_name=_shown_name(Given("language", CharField()), Given("fallback", CharField()))
    )


def own_category() -> Case:
    """Return, for a query of products, the key of the deepest public category each lies in; variants lie in none."""
    members = get_model("catalogue", "ProductCategory").objects.filter(
        product=OuterRef("pk"), category__is_public=True, category__ancestors_are_public=True
    )
    deepest = members.order_by("-category__depth", "category__path").values("category")[:1]
    return Case(When(parent=None, then=Subquery(deepest)))


def way_down(category_id: int) -> list[CategoryLink]:
    """Return links to the categories from the first level down to one; kept as the menu is."""
    return part(
        part_of_edition(f"search.way_down.{category_id}"),
        lambda: link_categories(read_chain(category_id)),
        seconds=NAVIGATION_CACHE_SECONDS,
    )


def with_names(categories: QuerySet, shopper: Shopper) -> QuerySet:
    """Return `categories` with what the shopper's menu calls each as `shown_name`."""
    return categories.annotate(shown_name=_shown_name(shopper.language, shopper.fallback))


def _shown_name(language: str | Given, fallback: str | Given) -> Coalesce:
    texts = CategoryText.objects.filter(category=OuterRef("pk")).exclude(name="").values("name")
    return Coalesce(
        Subquery(texts.filter(language=language)[:1]),
        Subquery(texts.filter(language=fallback)[:1]),
        F("name"),
        output_field=CharField(),
    )


def link_categories(categories: Iterable, *, known: Iterable = ()) -> list[CategoryLink]:
    """Return links to categories with `shown_name`; their ancestors are among them or `known`.

    Oscar would ask for each ancestor's slug by a query of its own.
    """
    categories = list(categories)
    slugs = {category.path: category.slug for category in [*known, *categories]}
    return [
        CategoryLink(id=category.pk, name=category.shown_name, url=_address(category, slugs))
        for category in categories
    ]


def listed_here(shopper: Shopper) -> QuerySet:
    """Return the keys of the products that the shopper's lists have."""
    return SearchListing.objects.filter(market=shopper.market).values("product")


def _read_top_categories() -> list[CategoryLink]:
    shopper = current_shopper()
    return link_categories(with_names(_menu_categories(shopper), shopper).order_by("path"))


def _menu_categories(shopper: Shopper) -> QuerySet:
    Category = get_model("catalogue", "Category")
    categories = Category.objects.browsable().filter(depth=1, exclude_from_menu=False)
    return _with_products(categories, shopper)


def _with_products(categories: QuerySet, shopper: Shopper) -> QuerySet:
    members = get_model("catalogue", "ProductCategory").objects.filter(product__in=listed_here(shopper))
    below = members.filter(category__path__startswith=OuterRef("path"))
    return categories.filter(Exists(below))


def _address(category, slugs: dict[str, str]) -> str:
    step = get_model("catalogue", "Category").steplen
    way = [slugs[category.path[:end]] for end in range(step, len(category.path) + 1, step)]
    return reverse("catalogue:category", kwargs={"category_slug": "/".join(way), "pk": category.pk})
