"""What a list has and how its products divide. The queries of a list without filters, as most are, are kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import CharField, Count, Max, Min, Q, QuerySet, Value
from django.db.models.functions import Substr
from oscar.core.loading import get_model

from storefront.kept_sql import Among, Given, GivenAmong, KeptSql
from storefront.search.filters import RATINGS, Filters, apply_filters
from storefront.search.models import SearchFacet, SearchListing


class Listed(NamedTuple):
    """What a market's lists know of a product."""

    product_id: int
    price: Decimal | None
    is_available: bool
    rating: float | None


@dataclass(frozen=True)
class ListScope:
    """What a list is of, before its filters: a market's products, those under a category's path, those found.

    `market` is its key, None while there is none. `language` is the one that facets are counted in.
    """

    market: int | None
    language: str
    path: str | None = None
    found: Sequence[int] | None = None

    def listings(self) -> QuerySet:
        """Return its listings."""
        return _listings(self.market, self.path, None if self.found is None else Among(self.found))

    @cached_property
    def listed(self) -> list[Listed]:
        """Which of the products that were found are on the list; one query, for all that is counted of them."""
        rows = _LISTED(self.market, self.path is not None, path=self.path, found=self.found)
        return [Listed(*row) for row in rows]

    def ask(self, query: KeptSql) -> list[tuple[Any, ...]]:
        """Return the rows of a query of a list's products that is kept for lists of this kind."""
        if self.found is None:
            return query(self.market, self.path is not None, language=self.language, path=self.path)
        found = [listed.product_id for listed in self.listed]
        return query(None, False, True, language=self.language, found=found)


class Sums(NamedTuple):
    """The prices before the filters of price, stock and rating; how many pass all, and all but their own group's."""

    lowest: Decimal | None
    highest: Decimal | None
    total: int
    in_stock: int
    rated: tuple[int, ...]


class ValueCount(NamedTuple):
    """How many products have a value of an axis."""

    axis: str
    value: str
    label: str
    count: int


def passing(scope: ListScope, filters: Filters) -> set[int]:
    """Return which of the products that were found are on the list; one query."""
    if not filters:
        return {listed.product_id for listed in scope.listed}
    listings = apply_filters(scope.listings(), filters, scope.language)
    return set(listings.order_by().values_list("product", flat=True))


def sum_up(scope: ListScope, filters: Filters) -> Sums:
    """Return what one query can count. Each count leaves out its own choice."""
    if not filters and scope.found is not None:
        return _sum_listed(scope.listed)
    if not filters:
        rows = scope.ask(_SUMS)
    else:
        bare = replace(filters, lowest=None, highest=None, in_stock=False, rating=None)
        rows = list(_sums(apply_filters(scope.listings(), bare, scope.language), filters))
    lowest, highest, total, in_stock, *rated = rows[0] if rows else (None, None, 0, 0, *(0 for _ in RATINGS))
    return Sums(lowest, highest, total, in_stock, tuple(rated))


def count_values(scope: ListScope, filters: Filters) -> list[ValueCount]:
    """Return the brand and each option; one query, and one more for each axis that is chosen from."""
    if not filters:
        return [ValueCount(*row) for row in scope.ask(_VALUES)]
    rows = list(_values_of(scope, filters).exclude(axis__in=filters.values.keys()))
    for axis in filters.values:
        others = {name: values for name, values in filters.values.items() if name != axis}
        rows += _values_of(scope, replace(filters, values=others)).filter(axis=axis)
    return [ValueCount(*row) for row in rows]


def count_roots(scope: ListScope, filters: Filters) -> dict[str, int]:
    """Return how many products are in and under each category of the first level, by its path; one query."""
    if not filters:
        return dict(scope.ask(_ROOTS))  # type: ignore[arg-type]
    others = replace(filters, categories=())
    return dict(_roots(apply_filters(scope.listings(), others, scope.language).values("product")))


def _listings(market: int | None, path: str | Given | None, found: GivenAmong | None) -> QuerySet:
    listings = SearchListing.objects.filter(market=market)
    if path is not None:
        below = get_model("catalogue", "Category").objects.browsable().filter(path__startswith=path)
        members = get_model("catalogue", "ProductCategory").objects.filter(category__in=below.values("pk"))
        listings = listings.filter(product__in=members.values("product"))
    if found is not None:
        listings = listings.filter(product__in=found)
    return listings


def _given_listings(market: int | None, has_path: bool, has_found: bool = False) -> QuerySet:
    path = Given("path", CharField()) if has_path else None
    return _listings(market, path, GivenAmong("found") if has_found else None)


def _given_products(market: int | None, has_path: bool, has_found: bool = False) -> QuerySet | GivenAmong:
    """Return the products of a list; of those that were found, it is known which are on it."""
    return GivenAmong("found") if has_found else _given_listings(market, has_path).values("product")


def _sum_listed(listed: Sequence[Listed]) -> Sums:
    prices = [each.price for each in listed if each.price is not None]
    ratings = [each.rating for each in listed if each.rating is not None]
    return Sums(
        min(prices, default=None),
        max(prices, default=None),
        len(listed),
        sum(each.is_available for each in listed),
        tuple(sum(rating >= stars for rating in ratings) for stars in RATINGS),
    )


def _sums(listings: QuerySet, filters: Filters) -> QuerySet:
    priced = Q()
    if filters.lowest is not None:
        priced &= Q(price__gte=filters.lowest)
    if filters.highest is not None:
        priced &= Q(price__lte=filters.highest)
    chosen = priced
    if filters.in_stock:
        chosen &= Q(is_available=True)
    if filters.rating is not None:
        chosen &= Q(rating__gte=filters.rating)
    counts = {
        "lowest": Min("price"),
        "highest": Max("price"),
        "total": Count("pk", filter=chosen),
        "in_stock": Count("pk", filter=priced & Q(is_available=True)),
        **{f"rated_{stars}": Count("pk", filter=priced & Q(rating__gte=stars)) for stars in RATINGS},
    }
    return listings.order_by().values(together=Value(1)).annotate(**counts).values_list(*counts)


def _values_of(scope: ListScope, filters: Filters) -> QuerySet:
    listings = apply_filters(scope.listings(), filters, scope.language)
    return _values(listings.values("product"), scope.language)


def _values(products: QuerySet | GivenAmong, language: str | Given) -> QuerySet:
    rows = SearchFacet.objects.filter(language=language, product__in=products)
    return rows.order_by().values_list("axis", "value").annotate(label=Max("label"), count=Count("product"))


def _roots(products: QuerySet | GivenAmong) -> QuerySet:
    Category = get_model("catalogue", "Category")
    memberships = get_model("catalogue", "ProductCategory").objects.filter(
        product__in=products, category__in=Category.objects.browsable()
    )
    return (
        memberships.order_by()
        .annotate(root=Substr("category__path", 1, Category.steplen))
        .values_list("root")
        .annotate(count=Count("product", distinct=True))
    )


_LISTED = KeptSql(
    lambda market, has_path: _given_listings(market, has_path, True).order_by().values_list(*Listed._fields)
)
_SUMS = KeptSql(lambda *shape: _sums(_given_listings(*shape), Filters()))
_VALUES = KeptSql(lambda *shape: _values(_given_products(*shape), Given("language", CharField())))
_ROOTS = KeptSql(lambda *shape: _roots(_given_products(*shape)))
