"""What a list can be filtered by: read from an address, applied to listings, counted."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import Substr
from django.http import QueryDict
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from storefront.search.documents import BRAND
from storefront.search.models import SearchFacet
from storefront.search.navigation import with_names
from storefront.search.shopper import Shopper
from storefront.search.swatches import swatch_of

RATINGS = (4, 3)
VALUES_SHOWN = 12
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
            name = axis if axis == BRAND else f"{_AXIS_PREFIX}{axis}"
            pairs += [(name, value) for value in self.values[axis]]
        known = {"min": self.lowest, "max": self.highest, "rating": self.rating}
        pairs += [(name, str(value)) for name, value in known.items() if value is not None]
        return [*pairs, *([("stock", "1")] if self.in_stock else [])]


@dataclass(frozen=True)
class FacetChoice:
    """One box to tick: the name and value of its field, what stands beside it, how many products it leaves.

    `swatch` is the CSS colour of a colour's name, empty for what is none.
    """

    name: str
    value: str
    text: str
    count: int
    is_chosen: bool
    swatch: str = ""


@dataclass(frozen=True)
class FacetGroup:
    """The boxes of one axis."""

    label: str
    choices: tuple[FacetChoice, ...]


@dataclass(frozen=True)
class Chip:
    """One chosen filter, and the address of the list without it."""

    text: str
    url: str


def read_filters(query: QueryDict) -> Filters:
    """Return the filters of an address; what makes no sense is left out."""
    values: dict[str, tuple[str, ...]] = {}
    for name in query:
        axis = BRAND if name == BRAND else name.removeprefix(_AXIS_PREFIX)
        if name == BRAND or (name.startswith(_AXIS_PREFIX) and axis):
            chosen = dict.fromkeys(value[:255] for value in query.getlist(name)[:_VALUES_READ] if value)
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


@dataclass(frozen=True)
class Facets:
    """The groups of a list, how many products pass every filter, and what the products before them cost."""

    groups: tuple[FacetGroup, ...]
    total: int
    prices: tuple[Decimal | None, Decimal | None]


def count_facets(
    listings: QuerySet, filters: Filters, *, shopper: Shopper, language: str, with_categories: bool
) -> Facets:
    """Return the groups with how many products each box would leave; in a category there is none of categories.

    A group is counted without its own choice, so that its other boxes say what they would add.
    """
    sums = _sum_up(listings, filters, language)
    groups = [_count_categories(listings, filters, shopper, language)] if with_categories else []
    groups += _count_values(listings, filters, language)
    groups.append(_availability_group(sums, filters))
    prices = (sums["lowest"], sums["highest"])
    return Facets(tuple(group for group in groups if group.choices), sums["total"], prices)


def build_chips(
    filters: Filters, groups: Iterable[FacetGroup], *, other: Sequence[tuple[str, str]]
) -> list[Chip]:
    """Return a chip for each filter that is chosen; `other` are the parameters that stay as they are."""
    names = {(choice.name, choice.value): choice.text for group in groups for choice in group.choices}
    pairs = filters.as_parameters()
    chips = []
    for pair in pairs:
        text = names.get(pair, pair[1])
        if pair[0] == "min":
            text = _("From %(price)s") % {"price": pair[1]}
        elif pair[0] == "max":
            text = _("Up to %(price)s") % {"price": pair[1]}
        kept = [*other, *(kept for kept in pairs if kept != pair)]
        chips.append(Chip(text=text, url=f"?{urlencode(kept)}"))
    return chips


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


def _count_values(listings: QuerySet, filters: Filters, language: str) -> list[FacetGroup]:
    """Return the brand and each option; one query, and one more for each axis that is chosen from."""
    rows = _value_counts(listings, filters, language).exclude(axis__in=filters.values.keys())
    found = list(rows)
    for axis in filters.values:
        others = {name: values for name, values in filters.values.items() if name != axis}
        found += _value_counts(listings, replace(filters, values=others), language).filter(axis=axis)
    by_axis: defaultdict[str, list[dict]] = defaultdict(list)
    for row in found:
        by_axis[row["axis"]].append(row)
    axes = sorted(by_axis, key=lambda axis: (axis != BRAND, axis))
    return [_value_group(axis, by_axis[axis], filters) for axis in axes]


def _value_counts(listings: QuerySet, filters: Filters, language: str) -> QuerySet:
    products = apply_filters(listings, filters, language).values("product")
    rows = SearchFacet.objects.filter(language=language, product__in=products).order_by()
    return rows.values("axis", "value").annotate(label=Max("label"), count=Count("product"))


def _value_group(axis: str, rows: list[dict], filters: Filters) -> FacetGroup:
    chosen = filters.values.get(axis, ())
    rows.sort(key=lambda row: (row["value"] not in chosen, -row["count"], row["value"]))
    name = axis if axis == BRAND else f"{_AXIS_PREFIX}{axis}"
    choices = tuple(
        FacetChoice(name, value, value, row["count"], value in chosen, swatch_of(axis, value))
        for row in rows[:VALUES_SHOWN]
        for value in [row["value"]]
    )
    label = _("Brand") if axis == BRAND else max(row["label"] for row in rows)
    return FacetGroup(label, choices if len(rows) > 1 or chosen else ())


def _count_categories(listings: QuerySet, filters: Filters, shopper: Shopper, language: str) -> FacetGroup:
    """Return the first-level categories with what is in them and under them."""
    ProductCategory = get_model("catalogue", "ProductCategory")
    Category = get_model("catalogue", "Category")
    products = apply_filters(listings, replace(filters, categories=()), language).values("product")
    top = Category.objects.browsable().filter(depth=1)
    memberships = ProductCategory.objects.filter(
        product__in=products, category__in=Category.objects.browsable()
    )
    by_root = dict(
        memberships.order_by()
        .annotate(root=Substr("category__path", 1, Category.steplen))
        .values_list("root")
        .annotate(count=Count("product", distinct=True))
    )
    choices = tuple(
        FacetChoice(
            "category",
            str(category.pk),
            category.shown_name,
            by_root.get(category.path, 0),
            category.pk in filters.categories,
        )
        for category in with_names(top, shopper).order_by("path")
        if category.path in by_root or category.pk in filters.categories
    )
    return FacetGroup(_("Category"), choices if len(choices) > 1 or filters.categories else ())


def _sum_up(listings: QuerySet, filters: Filters, language: str) -> dict[str, Any]:
    """Return what one query can count: the products left, those in stock or rated well, the range of prices.

    The range is that before the filters of price, stock and rating; each count leaves out its own choice.
    """
    bare = replace(filters, lowest=None, highest=None, in_stock=False, rating=None)
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
    return apply_filters(listings, bare, language).aggregate(
        lowest=Min("price"),
        highest=Max("price"),
        total=Count("pk", filter=chosen),
        stock=Count("pk", filter=priced & Q(is_available=True)),
        **{f"rated_{stars}": Count("pk", filter=priced & Q(rating__gte=stars)) for stars in RATINGS},
    )


def _availability_group(sums: Mapping[str, Any], filters: Filters) -> FacetGroup:
    choices = [FacetChoice("stock", "1", _("In stock"), sums["stock"], filters.in_stock)]
    for stars in RATINGS:
        if sums[f"rated_{stars}"] or filters.rating == stars:
            text = _("%(stars)d stars and more") % {"stars": stars}
            chosen = filters.rating == stars
            choices.append(FacetChoice("rating", str(stars), text, sums[f"rated_{stars}"], chosen))
    return FacetGroup(_("Availability and reviews"), tuple(choices))
