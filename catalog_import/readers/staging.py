"""What the files say of each SKU, staged on disk and put into families there: memory hardly grows with the listings.

Rows go into a SQLite database of the process's own. `merge` finds out which rows speak of one
SKU, `group` which SKUs are one family; families are then read one after another, in Amazon's order.
"""

from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from enum import IntEnum
from typing import Any

from catalog_import.listing import Listing, ProblemKind, Role, RowProblem
from catalog_import.readers import staging_sql as sql
from catalog_import.readers.inventory import FbaStock
from catalog_import.readers.known_rows import TableReader
from catalog_import.readers.merge import fill_from_catalog, merge, with_units
from catalog_import.readers.staged_body import StagedRow, unpack_listing
from catalog_import.readers.staged_family import Member, Rows, StagedFamily, row_keys
from catalog_import.readers.staging_file import StagingFile
from catalog_import.said import say as _

_FEW = 500


class Pile(IntEnum):
    """The kind of file that rows come from; of two that describe a SKU the later pile counts, after any report."""

    REPORT = 0
    LISTINGS_ITEMS = 1
    FLAT_FILE = 2
    CATEGORY = 3


class Staging:
    """All listings of a reading, added file by file, then merged, then grouped."""

    def __init__(self, marketplace: str) -> None:
        self._marketplace = marketplace
        self._file = StagingFile()
        self._database = self._file.database
        self._database.executescript(sql.SCHEMA)
        self._files: list[str] = []
        self._readers: dict[int, TableReader | None] = {}
        self._items: dict[str, Listing] = {}
        self._known_parents: frozenset[str] = frozenset()
        self.has_status = False

    def close(self) -> None:
        """Leave nothing behind."""
        self._file.close()

    def open_again(self) -> None:
        """Go on in a process that was forked from this one, as a reader."""
        self._file.open_again()
        self._database = self._file.database
        self._database.executescript(sql.READING)

    def __len__(self) -> int:
        """Return how many SKUs there are."""
        return self._one("SELECT count(*) FROM listing")

    def __iter__(self) -> Iterator[Listing]:
        """Yield every SKU's listing, in the order of the listings report, else of the category reports."""
        for member in self._database.execute(f"{sql.MEMBERS} ORDER BY listing.position"):
            yield self.listing_of(member, self.rows_of(row_keys(member)))

    def add(self, pile: Pile, name: str, rows: Iterable[StagedRow], reader: TableReader | None = None) -> int:
        """Take the listings of one file; return how many rows they were. `reader` reads those staged as cells."""
        number = len(self._files)
        before = self._one("SELECT coalesce(max(seq), 0) FROM row")

        def staged() -> Iterator[tuple[Any, ...]]:
            for row in rows:
                if row.has_status and pile is Pile.REPORT:
                    self.has_status = True
                yield (pile.value, number, *row[:-2])

        columns = (
            "pile, file, number, sku, role, parent_sku, asin, gtin, condition, product_type, keyword, digest, "
            "has_cells, body"
        )
        try:
            self._insert(f"row ({columns})", 14, staged())
        except BaseException:  # of a file that cannot be read to its end nothing is taken
            self._database.execute("DELETE FROM row WHERE file = ?", [number])
            raise
        self._files.append(name)
        self._readers[number] = reader
        return self._one("SELECT coalesce(max(seq), 0) FROM row") - before

    def add_stock(self, stock: Iterable[FbaStock]) -> int:
        """Take the units of one FBA inventory; return how many rows they were."""
        number, before = len(self._files), self._one("SELECT count(*) FROM stock")
        self._files.append("")
        self._insert("stock", 4, ((number, each.sku, each.title, each.quantity) for each in stock))
        return self._one("SELECT count(*) FROM stock") - before

    def add_catalog_items(self, items: Iterable[Listing]) -> None:
        """Take what Amazon's catalogue says of ASINs."""
        self._items |= {item.asin: item for item in items if item.asin}

    def merge(self) -> None:
        """Find out which rows speak of one SKU."""
        self._database.executescript(sql.MERGE)
        self._decide_units()
        self._fill_from_catalog()

    def duplicates(self) -> Iterator[RowProblem]:
        """Yield a problem for every row whose SKU its file named before."""
        if self._one("SELECT count(*) FROM row") == len(self):
            return
        for sku, file, number, first in self._database.execute(sql.DUPLICATES):
            yield RowProblem(
                file=self._files[file],
                row=number,
                column="",
                kind=ProblemKind.DUPLICATE_SKU,
                sku=sku,
                message=_("The SKU is already in row %(row)d.", row=first),
                action=_("The later row was used. Remove one of the two."),
            )

    def group(self, find_parents: Callable[[Collection[str]], Collection[str]]) -> None:
        """Find out which SKUs are one family; `find_parents` says which of some SKUs are parents in the shop."""
        self._database.executescript(sql.PARENTS)
        named = [row[0] for row in self._database.execute(sql.NAMED_ELSEWHERE)]
        self._known_parents = frozenset(sku for some in _chunks(named) for sku in find_parents(some))
        self._insert("parent", 2, ((sku, 0) for sku in self._known_parents))
        self._database.executescript(sql.FAMILIES)

    def families(self, size: int, numbers: Sequence[int] | None = None) -> Iterator[list[StagedFamily]]:
        """Yield whole families in parts of about `size` listings; all of them, or those with some numbers."""
        part: list[StagedFamily] = []
        count = 0
        for family in self._families(numbers):
            part.append(family)
            count += len(family.skus)
            if count >= size:
                yield part
                part, count = [], 0
        if part:
            yield part

    def _families(self, numbers: Sequence[int] | None) -> Iterator[StagedFamily]:
        members: list[Member] = []
        for member in self._members(numbers):
            if members and members[0][0] != member[0]:
                yield StagedFamily(self, members[0][0], members[0][1], members)
                members = []
            members.append(member)
        if members:
            yield StagedFamily(self, members[0][0], members[0][1], members)

    def _members(self, numbers: Sequence[int] | None) -> Iterator[Member]:
        order = "ORDER BY listing.family, listing.position"
        if numbers is None:
            yield from self._database.execute(f"{sql.MEMBERS} {order}")
            return
        for some in _chunks(numbers):
            marks = ", ".join("?" * len(some))
            yield from self._database.execute(
                f"{sql.MEMBERS} WHERE listing.family IN ({marks}) {order}", some
            )

    def load(self, families: Sequence[StagedFamily]) -> None:
        """Read the listings of some families at once, before each is asked for its own."""
        rows = self.rows_of([key for family in families for key in family.row_keys()])
        for family in families:
            family.load(rows)

    def rows_of(self, keys: Sequence[int]) -> Rows:
        """Return rows by their keys."""
        rows: Rows = {}
        for some in _chunks(keys):
            marks = ", ".join("?" * len(some))
            rows.update((row[0], row[1:]) for row in self._database.execute(f"{sql.ROWS} ({marks})", some))
        return rows

    def listing_of(self, member: Member, rows: Rows) -> Listing:
        """Return the listing of a SKU, from all that was staged of it."""
        parts = [self._unpack(*rows[key]) for key in row_keys(member)]
        listing = with_units(merge(*parts) if len(parts) > 1 else parts[0], member[5])
        item = self.item_of(member)
        if item is not None:
            listing = fill_from_catalog(listing, item, parent_sku=self._sku_of_asin(item.parent_sku))
        return listing

    def _unpack(self, file: int, number: int, has_cells: int, body: bytes) -> Listing:
        reader = self._readers.get(file)
        if has_cells and reader:
            return reader.unpack(number, body)
        return unpack_listing(body, marketplace=self._marketplace, file=self._files[file], row=number)

    def item_of(self, member: Member) -> Listing | None:
        """Return what Amazon's catalogue says of a listing's ASIN."""
        return self._items.get(member[4]) if self._items else None

    def is_known_parent(self, sku: str) -> bool:
        """Return whether the shop, and not these files, has that parent."""
        return sku in self._known_parents

    def divided_types(self) -> set[str]:
        """Return the product types whose pages have more than one keyword."""
        return {row[0] for row in self._database.execute(sql.DIVIDED_TYPES)}

    def shared_codes(self) -> set[str]:
        """Return the product codes that more than one family has."""
        return {row[0] for row in self._database.execute(sql.SHARED_CODES)}

    def named(self, skus: Iterable[str]) -> set[str]:
        """Return those of some SKUs that the files name."""
        found: set[str] = set()
        for some in _chunks(list(skus)):
            marks = ", ".join("?" * len(some))
            rows = self._database.execute(f"SELECT sku FROM listing WHERE sku IN ({marks})", some)  # noqa: S608
            found.update(row[0] for row in rows)
        return found

    def claim(self, claims: Iterable[tuple[int, str]]) -> None:
        """Note which SKU speaks for a product; the first one counts."""
        self._insert("claim", 2, claims)

    def claimed(self, product_ids: Iterable[int]) -> dict[int, str]:
        """Return the SKUs that speak for some products, as far as they are claimed."""
        found: dict[int, str] = {}
        for some in _chunks(list(product_ids)):
            marks = ", ".join("?" * len(some))
            found.update(
                self._database.execute(f"SELECT * FROM claim WHERE product_id IN ({marks})", some)  # noqa: S608
            )
        return found

    def decide(self, decisions: Iterable[tuple[str, int | None]]) -> None:
        """Note which products SKUs are; None where a question is asked about it."""
        self._insert("decision", 2, decisions)

    def decided(self, skus: Iterable[str]) -> dict[str, int | None]:
        """Return what was decided of some SKUs."""
        found: dict[str, int | None] = {}
        for some in _chunks(list(skus)):
            marks = ", ".join("?" * len(some))
            found.update(
                self._database.execute(f"SELECT * FROM decision WHERE sku IN ({marks})", some)  # noqa: S608
            )
        return found

    def _fill_from_catalog(self) -> None:
        """Let Amazon's catalogue decide what families depend on, where the seller's files leave it open."""
        if self._items:
            self._database.execute("CREATE INDEX listing_with ON listing (asin)")
        for asins in _chunks(list(self._items)):
            marks = ", ".join("?" * len(asins))
            open_ones = self._database.execute(
                f"SELECT position, asin, role FROM listing WHERE asin IN ({marks})",  # noqa: S608
                asins,
            ).fetchall()
            for position, asin, role in open_ones:
                item = self._items[asin]
                parent = self._sku_of_asin(item.parent_sku) if role is None else None
                if parent:
                    role = Role.CHILD
                elif item.role is Role.PARENT:
                    role = role or item.role
                values = [role, parent, item.product_type, item.item_type_keyword, item.gtin, position]
                self._database.execute(
                    "UPDATE listing SET role = ?, parent_sku = coalesce(parent_sku, ?),"
                    " product_type = coalesce(product_type, ?), keyword = coalesce(keyword, ?),"
                    " gtin = coalesce(gtin, ?) WHERE position = ?",
                    values,
                )

    def _sku_of_asin(self, asin: str | None) -> str | None:
        if not asin:
            return None
        query = "SELECT sku FROM listing WHERE asin = ? ORDER BY position LIMIT 1"
        found = self._database.execute(query, [asin]).fetchone()
        return found[0] if found else None

    def _decide_units(self) -> None:
        """An inventory file does not name its marketplace: the one whose titles agree most wins."""
        files = [row[0] for row in self._database.execute("SELECT DISTINCT file FROM stock ORDER BY file")]
        for file in sorted(files, key=self._agreement) if len(files) > 1 else files:
            counted = "SELECT sku, quantity FROM stock WHERE file = ? ORDER BY rowid"
            self._database.execute(f"INSERT OR REPLACE INTO units {counted}", [file])

    def _agreement(self, file: int) -> int:
        titles = dict(self._database.execute("SELECT sku, title FROM stock WHERE file = ?", [file]))
        members = self._database.execute(f"{sql.MEMBERS}{sql.STOCKED} WHERE stocked.file = ?", [file])
        return sum(
            titles[member[2]] == self.listing_of(member, self.rows_of(row_keys(member))).title
            for member in members
        )

    def families_that_share_codes(self) -> Sequence[int]:
        """Return the numbers of the families with a product code that another one has, too, in their order."""
        return array("q", (row[0] for row in self._database.execute(sql.SHARING_FAMILIES)))

    def _insert(self, into: str, width: int, rows: Iterable[tuple[Any, ...]]) -> None:
        marks = ", ".join("?" * width)
        self._database.execute("BEGIN")
        try:
            self._database.executemany(f"INSERT OR IGNORE INTO {into} VALUES ({marks})", rows)  # noqa: S608
        finally:
            self._database.execute("COMMIT")

    def _one(self, query: str) -> int:
        return int(self._database.execute(query).fetchone()[0])


def _chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[start : start + _FEW] for start in range(0, len(values), _FEW))
