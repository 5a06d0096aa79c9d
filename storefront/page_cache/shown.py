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
    """The keys noted so far, and whether another visitor may be shown the same; `clock` is that of the beginning."""

    def __init__(self, clock: int) -> None:
        self.clock = clock
        self.keys = {SITE}
        self.is_for_everybody = True


_page: ContextVar[Shown | None] = ContextVar("page_being_made", default=None)


@contextmanager
def collect(*, clock: int) -> Iterator[Shown]:
    """Collect what is noted while a page, or a fragment of one, is made; the page shows what its fragments do."""
    outer, shown = _page.get(), Shown(clock)
    token = _page.set(shown)
    try:
        yield shown
    finally:
        _page.reset(token)
    if outer is not None:
        outer.keys |= shown.keys
        outer.is_for_everybody &= shown.is_for_everybody


def page_clock() -> int | None:
    """Return the clock of the log of changes that the page being made began at; None outside of a page."""
    page = _page.get()
    return page.clock if page else None


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
