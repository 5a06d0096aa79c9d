"""A family as it is staged: which listings it has, and what tells whether the files say anything else of it."""

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from catalog_import.listing import Listing
from catalog_import.readers.staged_body import pack_listing

if TYPE_CHECKING:
    from catalog_import.readers.staging import Staging

Member = tuple[Any, ...]  # a row of `staging_sql.MEMBERS`
Rows = dict[int, tuple[Any, ...]]  # rows of `staging_sql.ROWS`, by their keys


class StagedFamily:
    """The listings of one family as they are staged; they are made when they are asked for.

    `page` is its parent's SKU, or its first one.
    """

    __slots__ = ("_members", "_rows", "_staging", "number", "page", "skus")

    def __init__(self, staging: "Staging", number: int, page: str, members: list[Member]) -> None:
        self._staging, self.number, self.page, self._members = staging, number, page, members
        self._rows: Rows | None = None
        self.skus: list[str] = [member[2] for member in members]

    @property
    def has_page(self) -> bool:
        """Return whether the page is a parent, of these files or of the shop, and not just a first SKU."""
        return any(member[3] for member in self._members) or (
            self.page != self.skus[0] and self._staging.is_known_parent(self.page)
        )

    def listings(self) -> tuple[Listing | None, list[Listing]]:
        """Return the parent, where these files have it, and everything else."""
        rows = self._staging.rows_of(self.row_keys()) if self._rows is None else self._rows
        self._rows = None
        parent, others = None, []
        for member in self._members:
            listing = self._staging.listing_of(member, rows)
            if member[3]:
                parent = listing
            else:
                others.append(listing)
        return parent, others

    def row_keys(self) -> list[int]:
        """Return the keys of all rows that its listings are made of."""
        return [key for member in self._members for key in row_keys(member)]

    def load(self, rows: Rows) -> None:
        """Take the rows of its listings for when they are asked for, out of those of many families."""
        self._rows = {key: rows[key] for key in self.row_keys()}

    def digest(self, surroundings: bytes) -> str:
        """Return what tells whether the files say anything else of the family than before, as 32 hex digits.

        `surroundings` is what the outcome depends on beside them.
        """
        digest = blake2b(surroundings, digest_size=16)
        for member in self._members:
            digest.update(member[6] or b"-")
            digest.update(member[7] or b"-")
            digest.update(f"{member[3]} {member[5]} {self._staging.is_known_parent(self.page)}".encode())
            if item := self._staging.item_of(member):
                digest.update(pack_listing(item))
        return digest.hexdigest()


def row_keys(member: Member) -> list[int]:
    """Return the keys of the rows that a listing is made of."""
    return [key for key in member[8:10] if key]
