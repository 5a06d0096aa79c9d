"""What a product page says of safety and contents."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from storefront.core.money import round_amount
from storefront.product_facts.guarantees import GUARANTEE_FIELDS, Guarantee, choose_guarantee
from storefront.product_facts.marks import ShownMark, show_marks
from storefront.product_facts.models import Unit


class Operator(NamedTuple):
    """Who made a product or answers for it."""

    name: str
    address: str
    email: str


# What one of a unit is in the unit that prices are compared by.
_COMPARED_BY: dict[str, tuple[Decimal, str]] = {
    Unit.GRAM: (Decimal("0.001"), "kg"),
    Unit.KILOGRAM: (Decimal(1), "kg"),
    Unit.MILLILITRE: (Decimal("0.001"), "l"),
    Unit.LITRE: (Decimal(1), "l"),
    Unit.METRE: (Decimal(1), "m"),
    Unit.SQUARE_METRE: (Decimal(1), "m²"),
}


# To read them with the product, by `values_list(*FACTS_OF_PRODUCT)`; `FactsRow.read` understands the answer.
FACTS_OF_PRODUCT = (
    *("facts__pk", "facts__model_name", "facts__warnings", "facts__marks"),
    *("facts__content_amount", "facts__content_unit", "facts__video", "facts__captions"),
    *(f"facts__{kind}__{name}" for kind in ("manufacturer", "eu_responsible") for name in Operator._fields),
    *(f"facts__{name}" for name in GUARANTEE_FIELDS),
)


@dataclass(frozen=True)
class UnitPrice:
    """A price per kilogram, litre, metre or square metre."""

    amount: Decimal
    unit: str


@dataclass(frozen=True)
class Facts:
    """What is said of a product; empty where nothing is known. `video` and `captions` are names in the storage."""

    manufacturer: Operator | None = None
    eu_responsible: Operator | None = None
    model_name: str = ""
    warnings: str = ""
    marks: tuple[ShownMark, ...] = ()
    video: str = ""
    captions: str = ""
    content: tuple[Decimal, str] | None = None
    guarantee: Guarantee | None = None

    @property
    def says_of_safety(self) -> bool:
        return bool(
            self.manufacturer or self.eu_responsible or self.warnings or self.model_name or self.marks
        )

    def unit_price(self, *, price: Decimal | None, currency: str) -> UnitPrice | None:
        """Return what a unit costs at a price for the whole, or None where the contents are not known."""
        if price is None or self.content is None:
            return None
        amount, unit = self.content
        factor, compared_by = _COMPARED_BY[unit]
        return UnitPrice(round_amount(amount=price / (amount * factor), currency=currency), compared_by)


class FactsRow(NamedTuple):
    """What is written down of one product, in the order of FACTS_OF_PRODUCT."""

    model_name: str
    warnings: dict[str, str]
    marks: list[str]
    content_amount: Decimal | None
    content_unit: str
    video: str
    captions: str
    manufacturer: Operator | None
    eu_responsible: Operator | None
    guarantee: Guarantee | None

    @classmethod
    def read(cls, values: Sequence[Any]) -> "FactsRow | None":
        """Return the row of what a query said of FACTS_OF_PRODUCT, None where nothing is written down."""
        if values[0] is None:
            return None
        own, maker, responsible = values[1:8], values[8:11], values[11:14]
        operators = (Operator(*each) if each[0] is not None else None for each in (maker, responsible))
        return cls(*own, *operators, Guarantee.read(values[14:]))


def guarantee_of(rows: Iterable[FactsRow | None]) -> Guarantee | None:
    """Return the guarantee of a variant, its family's where it has none: their rows in this order."""
    return choose_guarantee(
        (row.guarantee, row.manufacturer and row.manufacturer.name) for row in rows if row
    )


def facts_of(*, rows: Iterable[FactsRow | None], language: str, fallback: str) -> Facts:
    """Return the facts of a variant, its family's where it has none: their rows in this order."""
    rows = [row for row in rows if row]
    contents = ((row.content_amount, row.content_unit) for row in rows if row.content_amount)
    return Facts(
        manufacturer=_first(row.manufacturer for row in rows),
        eu_responsible=_first(row.eu_responsible for row in rows),
        model_name=_first(row.model_name for row in rows) or "",
        warnings=_first(
            _in_language(row.warnings, language) or _in_language(row.warnings, fallback) for row in rows
        )
        or "",
        marks=show_marks(_first(row.marks for row in rows) or ()),
        video=_first(row.video for row in rows) or "",
        captions=_first(row.captions for row in rows if row.video) or "",
        content=next(contents, None),
        guarantee=guarantee_of(rows),
    )


def _first(values: Iterable[Any]) -> Any:
    return next((value for value in values if value), None)


def _in_language(texts: dict[str, str], language: str) -> str:
    """Return a text in a language, or in the one it is a variety of: en-gb reads en."""
    return texts.get(language) or texts.get(language.partition("-")[0], "")
