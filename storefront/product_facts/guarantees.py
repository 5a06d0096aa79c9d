"""What producers guarantee of their goods: for how long, who does, and whether the EU's label belongs to it.

A producer's guarantee of durability that is free of charge, covers the whole of a product and is longer than two
years bears a harmonised label: Directive 2011/83/EU, Art. 6(1)(la) and 22a (as of 27 September 2026); Implementing
Regulation (EU) 2025/1960, Annex II. Its design is fixed, so the filled-in artwork is uploaded and never drawn.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from storefront.product_facts.models import ProductFacts

LABELLED_BEYOND_YEARS = 2


def may_be_labelled(*, years: int | None, is_whole: bool) -> bool:
    """Say whether a guarantee is one that the label is for: `is_whole` is free of charge and for the whole product."""
    return is_whole and years is not None and years > LABELLED_BEYOND_YEARS


class Guarantee(NamedTuple):
    """A guarantee as it is shown. `label` is a name in the storage, empty without artwork or the right to it."""

    years: int
    is_whole: bool
    terms: str
    label: str
    label_width: int | None
    label_height: int | None
    by: str

    @classmethod
    def read(cls, values: Sequence[Any]) -> "Guarantee | None":
        """Return what a query said of GUARANTEE_FIELDS, None where nothing is guaranteed."""
        years, is_whole, terms, label, width, height, guarantor = values
        if not years:
            return None
        is_labelled = may_be_labelled(years=years, is_whole=is_whole)
        return cls(years, is_whole, terms, label if is_labelled else "", width, height, guarantor or "")


GUARANTEE_FIELDS = (
    *("guarantee_years", "guarantee_is_whole", "guarantee_terms", "guarantee_label"),
    *("guarantee_label_width", "guarantee_label_height", "guarantor__name"),
)


def choose_guarantee(rows: Iterable[tuple[Guarantee | None, str | None]]) -> Guarantee | None:
    """Return the first guarantee of these rows, each with the name of its maker, who gives it if nobody else does."""
    rows = list(rows)
    found = next((guarantee for guarantee, _maker in rows if guarantee), None)
    if found is None or found.by:
        return found
    return found._replace(by=next((maker for _guarantee, maker in rows if maker), ""))


def list_guarantees(lines: Iterable[Any]) -> list[tuple[str, Guarantee]]:
    """Return the guarantees of the goods of a basket's or an order's lines, each with its line's title; one query."""
    lines = [line for line in lines if line.product]
    found = find_guarantees(line.product for line in lines)
    return [(line.title, found[line.product.pk]) for line in lines if line.product.pk in found]


def find_guarantees(products: Iterable[Any]) -> dict[int, Guarantee]:
    """Return the guarantees of those of these products that have one, by product; one query."""
    families = {product.pk: (product.pk, product.parent_id) for product in products}
    asked = {pk for family in families.values() for pk in family if pk}
    rows = ProductFacts.objects.filter(product__in=asked).order_by("product_id")
    known = {
        pk: (Guarantee.read(values), maker)
        for pk, maker, *values in rows.values_list("product_id", "manufacturer__name", *GUARANTEE_FIELDS)
    }
    chosen = {
        pk: choose_guarantee(known[member] for member in family if member in known)
        for pk, family in families.items()
    }
    return {pk: guarantee for pk, guarantee in chosen.items() if guarantee}
