"""Products as a merchant has them: single ones, and families whose variants differ by options."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import count
from typing import Any

from oscar.core.loading import get_model

_numbers = count(1)


def make_single(
    title: str = "Lamp",
    *,
    sku: str = "",
    price: str | None = "10.00",
    stock: int = 5,
    category: Any = None,
    pictures: int = 0,
    **fields: Any,
):
    """Return a product that is sold as it is; without a price it has no stock record."""
    Product = get_model("catalogue", "Product")
    product = Product.objects.create(
        title=title, structure="standalone", product_class=product_class(), **fields
    )
    _stock(product, sku=sku, price=price, stock=stock)
    _place(product, category=category, pictures=pictures)
    return product


def make_family(
    title: str = "Cable",
    *,
    variants: Sequence[dict[str, Any]],
    category: Any = None,
    pictures: int = 0,
    **fields: Any,
):
    """Return a parent; each variant is its options by code, and `sku`, `price`, `stock`, `title`, `pictures`, `upc`."""
    Product = get_model("catalogue", "Product")
    parent = Product.objects.create(title=title, structure="parent", product_class=product_class(), **fields)
    _place(parent, category=category, pictures=pictures)
    for variant in variants:
        options = dict(variant)
        known = {
            name: options.pop(name)
            for name in ("sku", "price", "stock", "title", "pictures", "upc", "is_public")
            if name in options
        }
        make_variant(parent, options=options, **known)
    return parent


def make_variant(
    parent,
    *,
    options: dict[str, str],
    sku: str = "",
    price: str | None = "10.00",
    stock: int = 5,
    title: str | None = None,
    pictures: int = 0,
    **fields: Any,
):
    """Return a variant of `parent`, called like it with its options."""
    title = ", ".join([parent.title, *options.values()]) if title is None else title
    child = get_model("catalogue", "Product").objects.create(
        title=title, structure="child", parent=parent, **fields
    )
    _stock(child, sku=sku, price=price, stock=stock)
    _place(child, category=None, pictures=pictures)
    for code, value in options.items():
        attribute, _ = get_model("catalogue", "ProductAttribute").objects.get_or_create(
            product_class=parent.product_class, code=code, defaults={"name": code.title(), "type": "text"}
        )
        get_model("catalogue", "ProductAttributeValue").objects.create(
            product=child, attribute=attribute, value_text=value
        )
    return child


def make_category(name: str = "Garden", *, parent: Any = None, **fields: Any):
    """Return a category of the first level, or one under `parent`."""
    Category = get_model("catalogue", "Category")
    return parent.add_child(name=name, **fields) if parent else Category.add_root(name=name, **fields)


def make_text(product, *, language: str = "en", **fields: Any):
    """Return the words of a product in a language."""
    return get_model("markets", "ProductText").objects.create(product=product, language=language, **fields)


def product_class():
    """Return the one product class of these products: shipped and counted."""
    return get_model("catalogue", "ProductClass").objects.get_or_create(name="Goods")[0]


def _stock(product, *, sku: str, price: str | None, stock: int) -> None:
    if price is None:
        return
    partner, _ = get_model("partner", "Partner").objects.get_or_create(name="Own warehouse")
    get_model("partner", "StockRecord").objects.create(
        product=product,
        partner=partner,
        partner_sku=sku or f"SKU-{next(_numbers)}",
        price=Decimal(price),
        price_currency="USD",
        num_in_stock=stock,
    )


def _place(product, *, category: Any, pictures: int) -> None:
    if category is not None:
        product.categories.add(category)
    for order in range(pictures):
        get_model("catalogue", "ProductImage").objects.create(
            product=product, original=f"products/{product.pk}/{order}.jpg", display_order=order
        )
