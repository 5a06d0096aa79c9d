"""What a shopper filters a list by: read from an address, written into one, applied to listings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.db.models import Q, QuerySet
from django.http import QueryDict
from oscar.core.loading import get_model

from storefront.search.documents import BRAND
from storefront.search.models import SearchFacet

RATINGS = (4, 3)
_AXIS_PREFIX = "o_"
_VALUES_READ = 20


@dataclass(frozen=True)
class Filters:
    """What a shopper chose. Values of one axis are alternatives; axes narrow each other."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    categories: tuple[int, ...] = ()
    lowest: Decimal | None = None
    highest: Decimal | None = None
    in_stock: bool = False
    rating: int | None = None

    def __bool__(self) -> bool:
        return self != Filters()

    def as_parameters(self) -> list[tuple[str, str]]:
        """Return the part of an address that stands for them, always in the same order."""
        pairs = [("category", str(pk)) for pk in self.categories]
        for axis in sorted(self.values):
            pairs += [(parameter_of(axis), value) for value in self.values[axis]]
        known = {"min": self.lowest, "max": self.highest, "rating": self.rating}
        pairs += [(name, str(value)) for name, value in known.items() if value is not None]
        return [*pairs, *([("stock", "1")] if self.in_stock else [])]


def parameter_of(axis: str) -> str:
    """Return what an address calls an axis."""
    return axis if axis == BRAND else f"{_AXIS_PREFIX}{axis}"


def read_filters(query: QueryDict) -> Filters:
    """Return the filters of an address; what makes no sense is left out."""
    values: dict[str, tuple[str, ...]] = {}
    for name in query:
        if "\0" in name:  # PostgreSQL has none
            continue
        axis = BRAND if name == BRAND else name.removeprefix(_AXIS_PREFIX)
        if name == BRAND or (name.startswith(_AXIS_PREFIX) and axis):
            given = (value[:255] for value in query.getlist(name)[:_VALUES_READ])
            chosen = dict.fromkeys(value for value in given if value and "\0" not in value)
            if chosen:
                values[axis] = tuple(chosen)
    categories = (value for value in query.getlist("category")[:_VALUES_READ] if value.isascii())
    rating = query.get("rating", "")
    return Filters(
        values=values,
        categories=tuple(int(value) for value in categories if value.isdigit() and len(value) < 10),
        lowest=_read_amount(query.get("min", "")),
        highest=_read_amount(query.get("max", "")),
        in_stock=query.get("stock") == "1",
        rating=int(rating) if rating in map(str, RATINGS) else None,
    )


def apply_filters(listings: QuerySet, filters: Filters, language: str) -> QuerySet:
    """Return the listings that pass every filter."""
    for axis, values in filters.values.items():
        having = SearchFacet.objects.filter(language=language, axis=axis, value__in=values)
        listings = listings.filter(product__in=having.values("product"))
    if filters.categories:
        listings = listings.filter(product__in=_members(filters.categories))
    if filters.lowest is not None:
        listings = listings.filter(price__gte=filters.lowest)
    if filters.highest is not None:
        listings = listings.filter(price__lte=filters.highest)
    if filters.in_stock:
        listings = listings.filter(is_available=True)
    if filters.rating is not None:
        listings = listings.filter(rating__gte=filters.rating)
    return listings


def _read_amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount < 10**9 else None


def _members(categories: Iterable[int]) -> QuerySet:
    Category = get_model("catalogue", "Category")
    paths = Category.objects.browsable().filter(pk__in=list(categories)).values_list("path", flat=True)
    under = Q(pk__in=[])
    for path in paths:
        under |= Q(path__startswith=path)
    below = Category.objects.browsable().filter(under)
    members = get_model("catalogue", "ProductCategory").objects.filter(category__in=below.values("pk"))
    return members.values("product")
