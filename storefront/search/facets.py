"""What a list can be filtered by, as boxes to tick with what each would leave, and what is chosen."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from storefront.search import navigation
from storefront.search.counts import ListScope, Sums, ValueCount, count_roots, count_values, sum_up
from storefront.search.documents import BRAND
from storefront.search.filters import RATINGS, Filters, parameter_of
from storefront.search.swatches import swatch_of

VALUES_SHOWN = 12


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


class PriceRange(NamedTuple):
    """What the products of a list cost before they are filtered; None where there are none."""

    lowest: Decimal | None = None
    highest: Decimal | None = None


NO_PRICES = PriceRange()


@dataclass(frozen=True)
class Facets:
    """The groups of a list, how many products pass every filter, and what the products before them cost."""

    groups: tuple[FacetGroup, ...]
    total: int
    prices: PriceRange


def count_facets(scope: ListScope, filters: Filters, *, with_categories: bool) -> Facets:
    """Return the groups with how many products each box would leave; in a category there is none of categories.

    A group is counted without its own choice, so that its other boxes say what they would add.
    """
    sums = sum_up(scope, filters)
    groups = [_category_group(scope, filters)] if with_categories else []
    groups += _value_groups(scope, filters)
    groups.append(_availability_group(sums, filters))
    prices = PriceRange(sums.lowest, sums.highest)
    return Facets(tuple(group for group in groups if group.choices), sums.total, prices)


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


def _value_groups(scope: ListScope, filters: Filters) -> list[FacetGroup]:
    by_axis: defaultdict[str, list[ValueCount]] = defaultdict(list)
    for row in count_values(scope, filters):
        by_axis[row.axis].append(row)
    axes = sorted(by_axis, key=lambda axis: (axis != BRAND, axis))
    return [_value_group(axis, by_axis[axis], filters) for axis in axes]


def _value_group(axis: str, rows: list[ValueCount], filters: Filters) -> FacetGroup:
    chosen, name = filters.values.get(axis, ()), parameter_of(axis)
    rows.sort(key=lambda row: (row.value not in chosen, -row.count, row.value))
    choices = tuple(
        FacetChoice(name, row.value, row.value, row.count, row.value in chosen, swatch_of(axis, row.value))
        for row in rows[:VALUES_SHOWN]
    )
    label = _("Brand") if axis == BRAND else _most_said(rows)
    return FacetGroup(label, choices if len(rows) > 1 or chosen else ())


def _most_said(rows: list[ValueCount]) -> str:
    """Return what most products call an axis: some may have no word for it in the shopper's language."""
    said: Counter[str] = Counter()
    for row in rows:
        said[row.label] += row.count
    return max(said, key=lambda label: (said[label], label))


def _category_group(scope: ListScope, filters: Filters) -> FacetGroup:
    """Return the first-level categories with what is in them and under them."""
    by_root = count_roots(scope, filters)
    choices = tuple(
        FacetChoice("category", str(pk), name, by_root.get(path, 0), pk in filters.categories)
        for pk, path, name in navigation.first_level()
        if path in by_root or pk in filters.categories
    )
    return FacetGroup(_("Category"), choices if len(choices) > 1 or filters.categories else ())


def _availability_group(sums: Sums, filters: Filters) -> FacetGroup:
    choices = [FacetChoice("stock", "1", _("In stock"), sums.in_stock, filters.in_stock)]
    for stars, count in zip(RATINGS, sums.rated, strict=True):
        if count or filters.rating == stars:
            text = _("%(stars)d stars and more") % {"stars": stars}
            choices.append(FacetChoice("rating", str(stars), text, count, filters.rating == stars))
    return FacetGroup(_("Availability and reviews"), tuple(choices))
