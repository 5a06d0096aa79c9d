"""From a family's variants and the one that is chosen to the pickers of its page: plain values in, plain values out."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from storefront.search.swatches import COLOUR_AXES, swatch_colour

USUAL_AXES = ("color", "colour", "style", "size")
_APPAREL_SIZES = ("xxs", "xs", "s", "m", "l", "xl", "xxl", "2xl", "xxxl", "3xl", "4xl")


@dataclass(frozen=True)
class Variant:
    """One thing to buy: its address, its options by axis code, and whether it can be bought now.

    `own_options` are the shop's own words for them, which a colour is known by in every language.
    """

    id: int
    name: str
    url: str
    options: Mapping[str, str] = field(default_factory=dict)
    is_available: bool = False
    own_options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Option:
    """One value of a picker. `is_possible` is whether it exists together with what else is chosen.

    An impossible one still leads somewhere: to the variant that has it and keeps the most of the choice.
    """

    value: str
    url: str
    swatch: str
    is_selected: bool
    is_possible: bool
    is_available: bool


@dataclass(frozen=True)
class Picker:
    """One axis of choice, such as the colour."""

    code: str
    name: str
    value: str
    options: tuple[Option, ...]
    rest: str = ""

    @property
    def shows_swatches(self) -> bool:
        return all(option.swatch for option in self.options)


def build_pickers(
    *, variants: Sequence[Variant], selected: Variant, axes: Mapping[str, str], fallback_name: str
) -> list[Picker]:
    """Return a picker for every axis in `axes` (code -> name) that leaves a choice.

    Where no axis does, one picker called `fallback_name` offers the variants by their names.
    """
    codes = sorted(axes, key=lambda code: USUAL_AXES.index(code) if code in USUAL_AXES else len(USUAL_AXES))
    pickers = [_build_picker(code, axes[code], codes, variants, selected) for code in codes]
    pickers = [picker for picker in pickers if len(picker.options) > 1]
    if not pickers and len(variants) > 1:
        named = [
            Variant(variant.id, variant.name, variant.url, {"": variant.name}, variant.is_available)
            for variant in variants
        ]
        chosen = next(variant for variant in named if variant.id == selected.id)
        pickers = [_build_picker("", fallback_name, [""], named, chosen)]
    return pickers


def _build_picker(
    code: str, name: str, codes: Sequence[str], variants: Sequence[Variant], selected: Variant
) -> Picker:
    values = dict.fromkeys(variant.options[code] for variant in variants if code in variant.options)
    others = [other for other in codes if other != code]
    options = tuple(
        _build_option(code, value, others, variants, selected) for value in _in_order(code, values)
    )
    rest = ", ".join(selected.options[other] for other in others if other in selected.options)
    return Picker(code, name, selected.options.get(code, ""), options, rest)


def _build_option(
    code: str, value: str, others: Sequence[str], variants: Sequence[Variant], selected: Variant
) -> Option:
    def kept(variant: Variant) -> int:
        return sum(variant.options.get(other) == selected.options.get(other) for other in others)

    having = [variant for variant in variants if variant.options.get(code) == value]
    is_selected = selected.options.get(code) == value
    target = (
        selected if is_selected else max(having, key=lambda variant: (kept(variant), variant.is_available))
    )
    return Option(
        value=value,
        url=target.url,
        swatch=_swatch(value, target.own_options.get(code, "")) if code in COLOUR_AXES else "",
        is_selected=is_selected,
        is_possible=kept(target) == len(others),
        is_available=target.is_available,
    )


def _swatch(*names: str) -> str:
    return next(filter(None, map(swatch_colour, names)), "")


def _in_order(code: str, values: Iterable[str]) -> list[str]:
    """Return sizes from small to large, and whatever else as the variants come."""
    values = list(values)
    if code in COLOUR_AXES:
        return values
    if all(value.casefold() in _APPAREL_SIZES for value in values):
        return sorted(values, key=lambda value: _APPAREL_SIZES.index(value.casefold()))
    numbers = [re.match(r"\d+(?:[.,]\d+)?", value) for value in values]
    units = {value[number.end() :].strip() for value, number in zip(values, numbers, strict=True) if number}
    if all(numbers) and len(units) == 1:
        return sorted(values, key=lambda value: float(re.match(r"[\d.,]+", value)[0].replace(",", ".")))
    return values
