"""Every list of products: category pages, search results and the products a page features."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.paginator import Page, PageNotAnInteger, Paginator
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from storefront.page_cache.parts import part
from storefront.page_cache.shown import LISTS, note
from storefront.search.cards import ProductCard, build_cards
from storefront.search.counts import ListScope, passing
from storefront.search.facets import NO_PRICES, FacetGroup, PriceRange, count_facets
from storefront.search.filters import Filters, apply_filters
from storefront.search.indexing import ensure_index, indexed_languages
from storefront.search.matching import Found, find_products
from storefront.search.models import SearchDocument
from storefront.search.shopper import Shopper, current_shopper, part_of_edition

PAGE_SIZE = 24
LISTS_KEPT_SECONDS = 30
SORTS = {
    "": _("Our choice"),
    "newest": _("Newest"),
    "price": _("Price: low to high"),
    "-price": _("Price: high to low"),
    "name": _("Name"),
}
_ORDERINGS = {
    "": ("-product__priority", "product_id"),
    "newest": ("-product__date_created", "-product_id"),
    "price": (F("price").asc(nulls_last=True), "product_id"),
    "-price": (F("price").desc(nulls_last=True), "product_id"),
    "name": ("shown_title", "product_id"),
}


@dataclass(frozen=True)
class ProductPage:
    """One page of a list: its cards, and what a pager prints. `numbers` has None where pages are left out.

    `corrected` is the query as it was understood, where that is not as it was typed.
    """

    cards: list[ProductCard]
    total: int
    number: int
    page_count: int
    numbers: tuple[int | None, ...]
    corrected: str = ""
    facets: tuple[FacetGroup, ...] = ()
    prices: PriceRange = NO_PRICES

    @property
    def has_other_pages(self) -> bool:
        return self.page_count > 1

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.number < self.page_count

    @property
    def previous_page_number(self) -> int:
        return self.number - 1

    @property
    def next_page_number(self) -> int:
        return self.number + 1


def list_products(
    *,
    category=None,
    query: str = "",
    sort: str = "",
    page: int | str = 1,
    page_size: int = PAGE_SIZE,
    filters: Filters | None = None,
    with_facets: bool = False,
) -> ProductPage:
    """Return a page of what can be browsed: public parents and single products that the shopper's market sells.

    `category` includes the public categories under it. `query` asks for products that have every word, those with
    the query as their code first, then as well as they match. An unknown `sort` is the merchant's own order.
    Raise django.core.paginator.InvalidPage where the page does not exist. The number of queries is the same for any
    number of cards.
    """
    note(LISTS)
    ensure_index()
    page = _read_number(page)
    sort, query, filters = sort if sort in SORTS else "", " ".join(query.split()), filters or Filters()

    def read() -> _Listed:
        return _read_list(category, query, sort, page, page_size, filters, with_facets)

    if query or filters or not settings.PAGE_CACHE:
        listed = read()
    else:  # no list changes without an announcement
        key = category.pk if category is not None else ""
        name = f"search.list.{key}.{sort}.{page}.{page_size}.{with_facets}"
        listed = part(part_of_edition(name), read, seconds=LISTS_KEPT_SECONDS)
    return ProductPage(cards=build_cards(listed.ids), **listed.page)


def _read_number(page: int | str) -> int:
    """Return the number of the page asked for: "1" and "01" are one page, and kept as one."""
    try:
        return int(page)
    except ValueError as error:
        raise PageNotAnInteger(str(error)) from error


@dataclass(frozen=True)
class _Listed:
    """The products of one page of a list, and what else the page says of it."""

    ids: list[int]
    page: dict[str, Any]


def _read_list(
    category: Any,
    query: str,
    sort: str,
    page: int,
    page_size: int,
    filters: Filters,
    with_facets: bool,
) -> _Listed:
    shopper = current_shopper()
    language = facet_language(shopper)
    found = find_products(query, language=language) if query else Found([])
    scope = ListScope(
        market=shopper.market.pk if shopper.market else None,
        language=language,
        path=category.path if category is not None else None,
        found=found.ids if query else None,
    )
    ids: Any
    if query and not sort:
        passed = passing(scope, filters)
        ids = [product_id for product_id in found.ids if product_id in passed]
    else:
        listings = apply_filters(scope.listings(), filters, language)
        ids = _ordered(listings, shopper, sort=sort).values_list("product", flat=True)
    paginator, facets = Paginator(ids, page_size), None
    if with_facets:
        facets = count_facets(scope, filters, with_categories=category is None)
        paginator.count = facets.total  # counted once
    has_facets = facets is not None and (facets.total or filters)
    return _describe_page(
        paginator.page(page),
        corrected=found.corrected,
        facets=facets.groups if has_facets else (),
        prices=facets.prices if has_facets else NO_PRICES,
    )


def featured_products(
    *, ids: Sequence[int] | None = None, category=None, limit: int = 8
) -> list[ProductCard]:
    """Return the cards of these products in this order, else the first of a category, else the newest."""
    if ids is not None:
        return build_cards(list(ids))[:limit]
    note(LISTS)
    ensure_index()
    if not settings.PAGE_CACHE:
        return build_cards(_read_featured(category, limit))
    name = part_of_edition(f"search.featured.{category.pk if category is not None else ''}.{limit}")
    return build_cards(part(name, lambda: _read_featured(category, limit), seconds=LISTS_KEPT_SECONDS))


def _read_featured(category: Any, limit: int) -> list[int]:
    shopper = current_shopper()
    scope = ListScope(
        market=shopper.market.pk if shopper.market else None,
        language=facet_language(shopper),
        path=category.path if category is not None else None,
    )
    listings = _ordered(scope.listings(), shopper, sort="newest" if category is None else "")
    return list(listings.values_list("product", flat=True)[:limit])


def facet_language(shopper: Shopper) -> str:
    """Return the language the options of the shopper's edition are indexed in."""
    if shopper.market is not None:
        return shopper.language
    return shopper.language if shopper.language in indexed_languages() else settings.LANGUAGE_CODE


def _describe_page(page: Page, **found: Any) -> _Listed:
    elided = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    about = {
        "total": page.paginator.count,
        "number": page.number,
        "page_count": page.paginator.num_pages,
        "numbers": tuple(number if isinstance(number, int) else None for number in elided),
    }
    return _Listed(ids=list(page.object_list), page={**about, **found})


def _ordered(listings: QuerySet, shopper: Shopper, *, sort: str) -> QuerySet:
    if sort == "name":
        titles = SearchDocument.objects.filter(product=OuterRef("product"), language=facet_language(shopper))
        listings = listings.annotate(shown_title=Subquery(titles.values("title")[:1]))
    return listings.order_by(*_ORDERINGS.get(sort, _ORDERINGS[""]))
