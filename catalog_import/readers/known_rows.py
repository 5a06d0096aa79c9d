"""Rows that were read before, word for word and without a problem: they are read again only when they are needed.

A row is told by a digest of its cells and of everything its reading depends on. An export is mostly what the last one
was, and of a family that the shop has as its rows say nothing but these digests is asked.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from typing import NamedTuple, Protocol

from catalog_import.code_digest import code_digest
from catalog_import.listing import Listing, Role, RowProblem
from catalog_import.readers.tabular import Row

DIGEST_BYTES = 16
_REMEMBERED_BYTES = 8
_SEPARATOR = "\x1f"  # of units, in ASCII

Recall = Callable[[bytes], bytes]
"""Returns `FaultlessRows.to_bytes` of a layout as it was read before; nothing where it was not."""


class Identity(NamedTuple):
    """What is asked of a row before all of it: who it is, and in which family."""

    sku: str
    role: Role | None
    parent_sku: str | None
    asin: str | None
    gtin: str | None
    condition: str | None
    product_type: str | None
    item_type_keyword: str | None


class TableReader(Protocol):
    """Reads the rows of one table of listings; `layout` is a digest of what their reading depends on."""

    layout: bytes
    is_long: bool

    def rows(self) -> Iterator[Row]:
        """Yield the rows that listings may stand in."""

    def read(self, number: int, cells: list[str]) -> Iterator[Listing | RowProblem]:
        """Yield the listing of a row, if it is one, and a problem for each cell or row that cannot be used."""

    def pack(self, cells: list[str]) -> bytes | None:
        """Return all that reading a row depends on; None where it can be no listing, or not be packed."""

    def identify(self, cells: list[str]) -> tuple[Identity, bool]:
        """Return who a row is that was read before without a problem, and whether it has a status."""

    def unpack(self, number: int, packed: bytes) -> Listing:
        """Return the listing of a packed row that was read without a problem."""


class KnownRows:
    """The rows of one layout that were read before without a problem; `remembered` is `FaultlessRows.to_bytes`."""

    def __init__(self, remembered: bytes) -> None:
        self._known = array("Q", remembered)

    def __contains__(self, digest: bytes) -> bool:
        value = int.from_bytes(digest[:_REMEMBERED_BYTES])
        place = bisect_left(self._known, value)
        return place < len(self._known) and self._known[place] == value


class FaultlessRows:
    """The rows of one layout that are read now without a problem."""

    def __init__(self) -> None:
        self._values = array("Q")

    def add(self, digest: bytes) -> None:
        """Note one of them."""
        self._values.append(int.from_bytes(digest[:_REMEMBERED_BYTES]))

    def extend(self, others: "FaultlessRows") -> None:
        """Note those of another file."""
        self._values.extend(others._values)

    def to_bytes(self) -> bytes:
        """Return what is remembered of them: 8 bytes each, in order."""
        return array("Q", sorted(self._values)).tobytes()


def digest_layout(*what_reading_depends_on: object) -> bytes:
    """Return the digest of a layout as this version of the importer reads it."""
    return blake2b(
        repr((code_digest(), *what_reading_depends_on)).encode(), digest_size=DIGEST_BYTES
    ).digest()


def join_cells(cells: Iterable[str]) -> bytes | None:
    """Return cells as bytes; None where one of them has the separator in it."""
    cells = list(cells)
    joined = _SEPARATOR.join(cells)
    return joined.encode(errors="surrogatepass") if joined.count(_SEPARATOR) == len(cells) - 1 else None


def split_cells(packed: bytes) -> list[str]:
    """Return the cells that `join_cells` joined."""
    return packed.decode(errors="surrogatepass").split(_SEPARATOR)
