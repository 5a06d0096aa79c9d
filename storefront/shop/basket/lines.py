"""What a basket page shows of each line, read for all lines at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from oscar.core.loading import get_model

from storefront.markets.selectors.titles import options_for
from storefront.search.cards import translated_titles


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
    products = [form.instance.product for form in forms]
    families = {product.parent_id or product.pk for product in products}
    titles = translated_titles(families)
    pictures = _read_pictures({product.parent_id for product in products if product.parent_id})
    options = options_for(
        products=[product for product in products if product.parent_id],
        language=get_language() or settings.LANGUAGE_CODE,
    )
    return [_describe(form, titles, pictures, options) for form in forms]


def _describe(
    form, titles: dict[int, str], pictures: dict[int, str], options: dict[int, list[str]]
) -> LineDetails:
    line, product = form.instance, form.instance.product
    family = product.parent or product
    chosen = options.get(product.pk, [])
    title = titles.get(family.pk) or family.title if chosen or not product.title else product.title
    images = list(product.images.all())
    extras = [f"{attribute.option.name}: {attribute.value}" for attribute in line.attributes.all()]
    unit_price, total = _read_prices(line)
    return LineDetails(
        form=form,
        title=title,
        options=", ".join([*chosen, *extras]),
        url=product.get_absolute_url(),
        picture=str(images[0].original) if images else pictures.get(family.pk, ""),
        unit_price=unit_price,
        total=total,
        currency=line.purchase_info.price.currency or line.price_currency,
        warning=str(line.get_warning() or ""),
    )


def _read_prices(line) -> tuple[Decimal | None, Decimal | None]:
    price = line.purchase_info.price
    return (price.shown, line.shown_price_before_discounts) if price.exists else (None, None)


def _read_pictures(product_ids: set[int]) -> dict[int, str]:
    """Return the first picture of each product that has one."""
    images = get_model("catalogue", "ProductImage").objects.filter(product__in=product_ids)
    pictures: dict[int, str] = {}
    for product_id, name in images.order_by("product_id", "display_order", "id").values_list(
        "product", "original"
    ):
        pictures.setdefault(product_id, name)
    return pictures
