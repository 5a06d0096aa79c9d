"""What the page being made shows: the surrogate keys by which it is found again when one of them changes.

Whoever reads something for a page notes it here. Outside of a page that may be kept, noting does nothing.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

LISTS = "lists"  # any list of products: its members, order and counts
SITE = "site"  # what every page has: menus, brand, markets, categories
EVERYTHING = "*"


class Shown:
    """The keys noted so far, and whether another visitor may be shown the same page."""

    def __init__(self) -> None:
        self.keys = {SITE}
        self.is_for_everybody = True


_page: ContextVar[Shown | None] = ContextVar("page_being_made", default=None)


@contextmanager
def collect() -> Iterator[Shown]:
    """Collect what is noted while a page is made."""
    page = Shown()
    token = _page.set(page)
    try:
        yield page
    finally:
        _page.reset(token)


def note(*keys: str) -> None:
    """Say that the page shows what these keys name."""
    if page := _page.get():
        page.keys.update(keys)


def note_products(ids: Iterable[int]) -> None:
    """Say that the page shows something of these products."""
    if page := _page.get():
        page.keys.update(f"product:{product_id}" for product_id in ids)


def note_cards(ids: Iterable[int]) -> None:
    """Say that the page shows these products as lists do: what only their own page says of them does not matter."""
    if page := _page.get():
        page.keys.update(f"card:{product_id}" for product_id in ids)


def keep_for_nobody() -> None:
    """Say that the next visitor needs a page of their own."""
    if page := _page.get():
        page.is_for_everybody = False
