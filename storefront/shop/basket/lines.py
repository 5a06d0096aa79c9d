"""What a basket page shows of each line, read for all lines at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from storefront.search.cards import translated_titles
from storefront.shop.catalogue.named import NamedProduct, name_products


@dataclass(frozen=True)
class LineDetails:
    """One line: the form that changes it, what it is, and what it costs."""

    form: Any
    title: str
    options: str
    url: str
    picture: str
    unit_price: Decimal | None
    total: Decimal | None
    currency: str
    warning: str


@dataclass(frozen=True)
class AsideLine:
    """A line that is not sold in the shopper's market and waits for another."""

    key: int
    title: str
    quantity: int


def describe_aside(lines: Iterable[Any]) -> list[AsideLine]:
    """Return what the page says of lines put aside; one query more for any number."""
    lines = list(lines)
    if not lines:
        return []
    titles = translated_titles({line.product.parent_id or line.product_id for line in lines})
    return [
        AsideLine(
            key=line.pk,
            title=titles.get(line.product.parent_id or line.product_id) or line.product.get_title(),
            quantity=line.quantity,
        )
        for line in lines
    ]


def describe_lines(forms: Iterable[Any]) -> list[LineDetails]:
    """Return the details of the lines that `forms` change, in their order; three queries for any number."""
    forms = list(forms)
    names = name_products(form.instance.product for form in forms)
    return [_describe(form, names[form.instance.product_id]) for form in forms]


def _describe(form: Any, name: NamedProduct) -> LineDetails:
    line = form.instance
    extras = [f"{attribute.option.name}: {attribute.value}" for attribute in line.attributes.all()]
    unit_price, total = _read_prices(line)
    return LineDetails(
        form=form,
        title=name.title,
        options=", ".join([*name.options, *extras]),
        url=name.url,
        picture=name.picture,
        unit_price=unit_price,
        total=total,
        currency=line.purchase_info.price.currency or line.price_currency,
        warning=str(line.get_warning() or ""),
    )


def _read_prices(line) -> tuple[Decimal | None, Decimal | None]:
    price = line.purchase_info.price
    return (price.shown, line.shown_price_before_discounts) if price.exists else (None, None)
