"""What stands on a wish list, and putting a product on one."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from storefront.markets.selectors.titles import titles_for
from storefront.shop.catalogue.named import name_products

PER_PAGE = 24


@dataclass(frozen=True)
class Wish:
    """A line of a wish list with its product as it is sold to the shopper now; without an address it is gone."""

    line_id: int
    product_id: int | None
    title: str
    quantity: int
    options: str = ""
    url: str = ""
    picture: str = ""
    price: Decimal | None = None
    currency: str = ""
    is_available: bool = False
    has_choice: bool = False


@dataclass(frozen=True)
class Saved:
    """A product that stands on a list of the customer's, and where that list is."""

    product_id: int
    title: str
    list_name: str
    url: str


def read_wishes(*, wishlist: Any, page_number: str | None, strategy: Any) -> tuple[Page, list[Wish]]:
    """Return a page of a list and its lines, the newest first; the same queries for one and for a full page."""
    lines = (
        wishlist.lines.select_related("product__product_class", "product__parent__product_class")
        .prefetch_related("product__images", "product__stockrecords")
        .order_by("-pk")
    )
    page = Paginator(lines, PER_PAGE).get_page(page_number)
    products = [line.product for line in page if _is_public(line.product)]
    strategy.prefetch(products)
    names = name_products(products)
    return page, [_describe(line, names, strategy) for line in page]


def _is_public(product: Any) -> bool:
    return product is not None and product.is_public and (product.parent is None or product.parent.is_public)


def _describe(line: Any, names: dict, strategy: Any) -> Wish:
    name = names.get(line.product_id)
    if name is None:
        return Wish(line_id=line.pk, product_id=None, title=line.title, quantity=line.quantity)
    product = line.product
    wish = {
        "line_id": line.pk,
        "product_id": product.pk,
        "title": name.title,
        "quantity": line.quantity,
        "options": ", ".join(name.options),
        "url": name.url,
        "picture": name.picture,
    }
    if product.is_parent:
        return Wish(**wish, has_choice=True)
    info = strategy.fetch_for_product(product)
    price = info.price if info.price.exists else None
    return Wish(
        **wish,
        price=price and price.shown,
        currency=price.currency if price else "",
        is_available=info.availability.is_available_to_buy,
    )


def put_on_list(*, user: Any, product: Any, wishlist: Any = None, quantity: int = 1) -> tuple[Any, bool]:
    """Put a product on one of a customer's lists, without one on their newest, a first is made for them.

    Return the list and whether the product is new on it: a second time changes nothing.
    """
    wishlist = (
        wishlist or user.wishlists.order_by("-date_created", "-pk").first() or make_list(user, _("Wish list"))
    )
    _line, is_new = get_model("wishlists", "Line").objects.get_or_create(
        wishlist=wishlist,
        product=product,
        defaults={"title": product.get_title(), "quantity": quantity},
    )
    return wishlist, is_new


def read_saved(*, user: Any, product_ids: Iterable[int]) -> list[Saved]:
    """Return which of some products stand on a customer's lists; of each its first list."""
    lines = (
        get_model("wishlists", "Line")
        .objects.filter(wishlist__owner=user, product__in=product_ids)
        .select_related("wishlist", "product__parent")
        .order_by("-pk")
    )
    first = {line.product_id: line for line in lines}
    titles = titles_for(
        products=[line.product for line in first.values()], language=get_language() or settings.LANGUAGE_CODE
    )
    return [
        Saved(
            product_id=key,
            title=titles[key],
            list_name=line.wishlist.name,
            url=line.wishlist.get_absolute_url(),
        )
        for key, line in first.items()
    ]


def make_list(user: Any, name: str) -> Any:
    """Return a new list that nobody else sees."""
    return get_model("wishlists", "WishList").objects.create(owner=user, name=name)
