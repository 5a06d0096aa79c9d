"""What the object of a product has: every field with its type; a field that says nothing is absent.

`docs/reference/catalogue-export.md` describes the same for merchants.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

Record: TypeAlias = dict[str, Any]

_MOST_PRICE = Decimal(10) ** 11
_MOST_COUNT = 2_147_483_647


@dataclass(frozen=True, slots=True)
class Text:
    """Words of at most so many characters; 0: any number."""

    most: int = 0


@dataclass(frozen=True, slots=True)
class Each:
    """An object whose keys are codes and whose values are all of one shape."""

    shape: Any


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of some words."""

    words: tuple[str, ...]


class Price(Text):
    """A decimal number as text, never negative."""


class Moment(Text):
    """A date and time with its time zone, ISO 8601."""


class Anything:
    """Whatever JSON can say."""


PRICE, MOMENT, COUNT, YES_OR_NO, ANYTHING = Price(), Moment(), int, bool, Anything()
_PERIOD = {"price": PRICE, "list_price": PRICE, "from": MOMENT, "until": MOMENT}
_CATEGORY = {
    "code": Text(255),
    "name": Text(255),
    "slug": Text(255),
    "description": Text(),
    "hidden": YES_OR_NO,
    "names": Each(Text(255)),
}
_LISTING = {"sku": Text(128), "asin": Text(10), "withdrawn": YES_OR_NO, "last_import": ANYTHING}
SHAPE: dict[str, Any] = {
    "sku": Text(200),
    "parent_sku": Text(200),
    "structure": OneOf(("standalone", "parent", "child")),
    "published": YES_OR_NO,
    "withdrawn": YES_OR_NO,
    "held": YES_OR_NO,
    "brand": Text(),
    "product_type": {
        "code": Text(128),
        "name": Text(128),
        "not_shipped": YES_OR_NO,
        "not_counted": YES_OR_NO,
    },
    "gtin": Text(64),
    "title": Text(255),
    "slug": Text(255),
    "description": Text(),
    "meta_title": Text(255),
    "meta_description": Text(),
    "priority": COUNT,
    "not_discountable": YES_OR_NO,
    "tax_class": Text(24),
    "stripe_tax_code": Text(32),
    "option_axes": [Text()],
    "options": Each({"value": Text(), "texts": Each({"label": Text(128), "value": Text(255)})}),
    "texts": Each(
        {
            "title": Text(500),
            "description": Text(),
            "bullet_points": [Text()],
            "specifications": [[Text()]],
        }
    ),
    "attributes": Each({"name": Text(128), "type": Text(20), "value": Text(), "values": [Text()]}),
    "offers": Each(
        {
            "currency": Text(3),
            "price": PRICE,
            "list_price": PRICE,
            "until": MOMENT,
            "periods": [_PERIOD],
            "blocked": YES_OR_NO,
            "block_reason": Text(200),
        }
    ),
    "stock": Each(
        {
            "sku": Text(128),
            "quantity": COUNT,
            "price": PRICE,
            "currency": Text(12),
            "low_stock_threshold": COUNT,
        }
    ),
    "listings": Each({**_LISTING, "twins": [_LISTING]}),
    "categories": [[_CATEGORY]],
    "pictures": [{"order": COUNT, "sha256": Text(64), "source": Text(2000), "caption": Text(200)}],
}


def sort_record(record: Record) -> Record:
    """Return the fields in their order, codes sorted, without what says nothing."""
    sorted_record: Record = _sort(record, SHAPE)
    return sorted_record


def _sort(value: Any, shape: Any) -> Any:
    if isinstance(shape, Each):
        items = ((name, _sort(value[name], shape.shape)) for name in sorted(value))
        return {name: each for name, each in items if each not in ({}, [], None, "", False)}
    if isinstance(shape, dict):
        items = ((name, _sort(value[name], shape[name])) for name in shape if name in value)
        return {name: each for name, each in items if _says_something(name, each)}
    if isinstance(shape, list):
        return [_sort(each, shape[0]) for each in value]
    return value


def _says_something(name: str, value: Any) -> bool:
    return value not in ({}, [], None, "") and (value is not False or name == "published")


def find_faults(value: Any, shape: Any = SHAPE, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield (field, what is wrong with it) of a record."""
    if isinstance(shape, Anything):
        return
    if isinstance(shape, list):
        if not isinstance(value, list):
            yield path, "is not a list"
        else:
            for number, each in enumerate(value, start=1):
                yield from find_faults(each, shape[0], f"{path}[{number}]")
    elif isinstance(shape, (dict, Each)):
        if not isinstance(value, dict):
            yield path, "is not an object"
            return
        for name, each in value.items():
            inner = shape.shape if isinstance(shape, Each) else shape.get(name)
            where = f"{path}.{name}" if path else str(name)
            if inner is None:
                yield where, "is not a field of a product"
            else:
                yield from find_faults(each, inner, where)
    elif fault := _fault_of(value, shape):
        yield path, fault


def _fault_of(value: Any, shape: Any) -> str:
    if shape is bool:
        return "" if isinstance(value, bool) else "is neither true nor false"
    if shape is int:
        is_count = isinstance(value, int) and not isinstance(value, bool)
        return "" if is_count and abs(value) <= _MOST_COUNT else "is not a whole number"
    if not isinstance(value, str):
        return "is not text"
    if "\0" in value:
        return "has a character that no text has"
    if isinstance(shape, OneOf):
        return "" if value in shape.words else f"is none of {', '.join(shape.words)}"
    if isinstance(shape, Price):
        return "" if _is_price(value) else "is not a price such as 12.90"
    if isinstance(shape, Moment):
        return "" if _is_moment(value) else "is not a moment such as 2026-03-01T00:00:00+00:00"
    return f"has more than {shape.most} characters" if shape.most and len(value) > shape.most else ""


def _is_price(text: str) -> bool:
    try:
        price = Decimal(text)
    except InvalidOperation:
        return False
    return price.is_finite() and 0 <= price < _MOST_PRICE


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
