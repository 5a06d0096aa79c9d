"""Variation themes become option axes, and listings become parents with their children."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from catalog_import.listing import Fulfilment, Listing, ProblemKind, Role, RowProblem
from catalog_import.readers.staged_family import StagedFamily
from catalog_import.said import say as _

_CAMEL_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_AXIS_OF_WORD = {
    "color": "color", "colour": "color", "size": "size", "style": "style", "material": "material",
    "pattern": "pattern", "flavor": "flavour", "flavour": "flavour", "scent": "scent", "team": "team",
}  # fmt: skip
_ATTRIBUTES_OF_AXIS = {
    "size": ("size", "apparel_size"),
    "flavour": ("flavor",),
    "item_package_quantity": ("item_package_quantity", "number_of_items"),
}
_USUAL_AXES = ("color", "size", "style", "material", "pattern")


@dataclass(frozen=True, slots=True)
class Variant:
    """Something a shopper buys: one option tuple, and the listings that sell it (FBA and merchant twins)."""

    listings: tuple[Listing, ...]
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Family:
    """A product page: a parent with variants, or one variant alone.

    `parent_sku` without `parent` is a family whose parent the shop has already and these files do not repeat.
    """

    variants: tuple[Variant, ...]
    parent: Listing | None = None
    parent_sku: str | None = None
    axes: tuple[str, ...] = ()


def parse_variation_theme(theme: str) -> tuple[str, ...]:
    """Return the axes of a theme in order; 'COLOR/SIZE', 'ColorName-SizeName' and 'ColorSize' name the same two."""
    axes: list[str] = []
    for part in re.split(r"[-/,\s]+", theme):
        words = [word.casefold().removesuffix("name") for word in _CAMEL_WORDS.findall(part)]
        words = [word for word in words if word]
        if all(word in _AXIS_OF_WORD for word in words):
            axes += [_AXIS_OF_WORD[word] for word in words]
        else:
            axes.append("_".join(words))  # one axis of several words, such as ITEM_PACKAGE_QUANTITY
    return tuple(dict.fromkeys(axes))


def build_family(staged: StagedFamily) -> tuple[Family, list[RowProblem]]:
    """Return a family, and what is wrong with it.

    A child whose parent is neither in the files nor in the shop is a product of its own, with a problem: a parent made
    up from a child's title would be a page nobody wrote.
    """
    problems: list[RowProblem] = []
    parent, others = staged.listings()
    if staged.has_page:
        return _build_family(staged.page, parent, others, problems), problems
    problems += [_orphan(listing) for listing in others if listing.role is Role.CHILD]
    return Family((Variant(tuple(others)),)), problems


def _build_family(
    sku: str, parent: Listing | None, children: Sequence[Listing], problems: list[RowProblem]
) -> Family:
    axes = _find_axes(parent, children)
    if parent is not None and not children:
        problems.append(
            _problem(
                parent, ProblemKind.EMPTY_FAMILY, _("The parent has no variants in these files."),
                _("It was imported but cannot be bought. Export the report with its variants."),
            )
        )  # fmt: skip
    grouped: dict[object, list[Listing]] = {}
    options_of: dict[object, tuple[tuple[str, str], ...]] = {}
    for child in children:
        options = _read_options(child, parent, axes)
        if len(options) < len(axes) or not axes:
            problems.append(
                _problem(
                    child, ProblemKind.MISSING_OPTION,
                    _("The variant does not say all of: %(axes)s.", axes=", ".join(axes))
                    if axes
                    else _("The variant does not say its options."),
                    _("It was imported; shoppers cannot tell it from its siblings. Fill the option in Seller Central."),
                )
            )  # fmt: skip
            key: object = child.asin or child.sku
        else:
            key = (tuple(value.casefold() for _, value in options), child.condition or "new")
        twins = grouped.setdefault(key, [])
        if twins and _is_unexpected_twin(child, twins):
            problems.append(
                _problem(
                    child, ProblemKind.DUPLICATE_VARIANT, _("It has the same options as %(sku)s.", sku=twins[0].sku),
                    _("Both SKUs were kept as one variant. Give one of them other options if they differ."),
                )
            )  # fmt: skip
        twins.append(child)
        options_of.setdefault(key, options)
    variants = tuple(Variant(tuple(twins), options_of[key]) for key, twins in grouped.items())
    return Family(variants, parent, sku, axes)


def _find_axes(parent: Listing | None, children: Sequence[Listing]) -> tuple[str, ...]:
    themes = (listing.variation_theme for listing in (parent, *children) if listing is not None)
    theme = next((theme for theme in themes if theme), "")
    if theme:
        return parse_variation_theme(theme)
    varying = (axis for axis in _USUAL_AXES if len({_option(child, axis) for child in children}) > 1)
    return tuple(varying)


def _option(listing: Listing, axis: str) -> str:
    names: Iterable[str] = _ATTRIBUTES_OF_AXIS.get(axis, (axis,))
    return next((listing.attributes[name] for name in names if listing.attributes.get(name)), "")


def _read_options(
    child: Listing, parent: Listing | None, axes: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    """Return (axis, value) pairs; where no attribute holds them, the end of the child's title may: 'Lamp, Red, L'."""
    options = tuple((axis, value) for axis in axes if (value := _option(child, axis)))
    if options or parent is None or not parent.title or not (child.title or "").startswith(parent.title):
        return options
    endings = [part.strip() for part in (child.title or "")[len(parent.title) :].split(",") if part.strip()]
    return tuple(zip(axes, endings, strict=True)) if len(endings) == len(axes) else ()


def _is_unexpected_twin(child: Listing, twins: Sequence[Listing]) -> bool:
    """Two SKUs of one ASIN, or one shipped by Amazon and one by the merchant, are how sellers work; others are not."""
    if child.asin and any(twin.asin == child.asin for twin in twins):
        return False
    kinds = [twin.offer.fulfilment or Fulfilment.MERCHANT for twin in (*twins, child)]
    return len(set(kinds)) < len(kinds)


def _orphan(listing: Listing) -> RowProblem:
    return _problem(
        listing, ProblemKind.ORPHAN_CHILD, _("Its parent %(sku)s is in none of the files.", sku=listing.parent_sku),
        _("It was imported as a product of its own. Add the file with the parent and import again."),
    )  # fmt: skip


def _problem(listing: Listing, kind: ProblemKind, message: str, action: str) -> RowProblem:
    return RowProblem(
        file=listing.file,
        row=listing.row,
        column="",
        kind=kind,
        sku=listing.sku,
        message=message,
        action=action,
    )
