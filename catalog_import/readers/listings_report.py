"""All, Active and Inactive Listings Reports (GET_MERCHANT_LISTINGS_ALL_DATA and siblings)."""

from collections.abc import Iterable, Iterator
from itertools import islice

from catalog_import.errors import OtherMarketplaceFile
from catalog_import.errors import gettext_noop as _
from catalog_import.listing import Fulfilment, Listing, Offer, RowProblem
from catalog_import.marketplaces import Marketplace
from catalog_import.readers.columns import NEW_CONDITIONS, REPORT_FIELDS, locate_columns
from catalog_import.readers.detect import RecognisedFile
from catalog_import.readers.known_rows import Identity, digest_layout, join_cells, split_cells
from catalog_import.readers.row_checks import (
    SAMPLE_ROWS,
    RowChecks,
    line_too_long,
    missing_sku,
    price_cells,
    row_too_long,
)
from catalog_import.readers.tabular import OVERLONG, Row, Table, take_cells
from catalog_import.readers.values import decide_decimal_mark, is_asin, sanitise_description


class ListingsReport:
    """A listings report as a table to be read, row by row.

    Columns are found by header, never by position: header rows are longer than data rows in some layouts, trailing
    cells are left out, and several columns may have one name. A blank quantity of an FBA row is unknown, not 0.
    """

    def __init__(self, file: RecognisedFile, table: Table, marketplace: Marketplace) -> None:
        self._table, self._first = table, file.header_row
        rows = self._filled_rows()
        _, header = next(rows)
        columns = locate_columns(header, REPORT_FIELDS)
        self._fields, self._take = tuple(columns), take_cells(tuple(columns.values()))
        self._names = {field: header[index].strip() for field, index in columns.items()}
        self._blank = [""] * len(header)
        sample = list(islice(rows, SAMPLE_ROWS))
        self.is_long = len(sample) == SAMPLE_ROWS
        self._checks = RowChecks(file.name, marketplace)
        self._checks.decimal_mark = decide_decimal_mark(
            price_cells(sample, columns.get("price")), default=marketplace.decimal_mark
        )
        _check_region(file.name, sample, columns.get("fulfilment_channel"), marketplace)
        self.layout = digest_layout(
            file.format, marketplace.code, self._checks.decimal_mark, self._fields, self._names
        )

    def _filled_rows(self) -> Iterator[Row]:
        return (row for row in self._table.rows() if row[0] >= self._first and any(row[1]))

    def rows(self) -> Iterator[Row]:
        """Yield the rows under the header."""
        return islice(self._filled_rows(), 1, None)

    def read(self, number: int, cells: list[str]) -> Iterator[Listing | RowProblem]:
        """Yield the listing of a row, if it is one, and a problem for each cell or row that cannot be used."""
        checks, width = self._checks, len(self._blank)
        cell = self._name(self._take(self._pad(cells)))
        if cells is OVERLONG:
            line_too_long(checks, row=number)
        elif self._is_too_long(cells):
            row_too_long(checks, row=number, sku=cell["sku"], cells=len(cells), width=width)
        elif not cell["sku"]:
            missing_sku(checks, row=number, column=self._names["sku"])
        else:
            yield _read_row(cell, number, self._names, checks)
        if checks.problems:
            yield from checks.take_problems()

    def pack(self, cells: list[str]) -> bytes | None:
        """Return the cells that count, joined; other columns may change from day to day."""
        if cells is OVERLONG or self._is_too_long(cells):
            return None
        return join_cells(self._take(self._pad(cells)))

    def identify(self, cells: list[str]) -> tuple[Identity, bool]:
        """Return who a row is that was read before without a problem, and whether it has a status."""
        cell = self._name(self._take(self._pad(cells)))
        return _identify(cell, 0, self._names, self._checks), bool(cell.get("status"))

    def unpack(self, number: int, packed: bytes) -> Listing:
        """Return the listing of a packed row that was read without a problem."""
        return _read_row(self._name(split_cells(packed)), number, self._names, self._checks)

    def _pad(self, cells: list[str]) -> list[str]:
        return cells + self._blank[len(cells) :] if len(cells) < len(self._blank) else cells

    def _is_too_long(self, cells: list[str]) -> bool:
        width = len(self._blank)
        return len(cells) > width and any(cells[width:])

    def _name(self, taken: Iterable[str]) -> dict[str, str]:
        return dict(zip(self._fields, map(str.strip, taken), strict=True))


def _identify(cell: dict[str, str], number: int, names: dict[str, str], checks: RowChecks) -> Identity:
    get = cell.get
    sku, asin, product_id = cell["sku"], get("asin", ""), get("product_id", "")
    if not is_asin(asin):
        asin = product_id if is_asin(product_id) else ""
    gtin = None
    if get("product_id_type") in ("3", "4") and product_id and not is_asin(product_id):
        gtin = checks.gtin(product_id, row=number, sku=sku, column=names["product_id"])
    condition = get("item_condition", "").casefold()
    return Identity(
        sku=sku,
        role=None,
        parent_sku=None,
        asin=asin or None,
        gtin=gtin,
        condition="new" if condition in NEW_CONDITIONS else condition or None,
        product_type=None,
        item_type_keyword=None,
    )


def _read_row(cell: dict[str, str], number: int, names: dict[str, str], checks: RowChecks) -> Listing:
    identity = _identify(cell, number, names, checks)
    sku, get = identity.sku, cell.get
    return Listing(
        marketplace=checks.marketplace.code,
        sku=sku,
        file=checks.file,
        row=number,
        asin=identity.asin,
        gtin=identity.gtin,
        title=checks.title(get("title", ""), row=number, sku=sku, column=names.get("title", "")),
        description=sanitise_description(get("description", "")) or None,
        status=checks.status(get("status", ""), row=number, sku=sku, column=names.get("status", "")),
        opened_at=checks.moment(get("opened_at", ""), row=number, sku=sku, column=names.get("opened_at", "")),
        condition=identity.condition,
        offer=Offer(
            currency=checks.marketplace.currency,
            price=checks.price(get("price", ""), row=number, sku=sku, column=names.get("price", "")),
            quantity=checks.quantity(
                get("quantity", ""), row=number, sku=sku, column=names.get("quantity", "")
            ),
            fulfilment=fulfilment_of(get("fulfilment_channel", "")),
        ),
    )


def fulfilment_of(channel: str) -> Fulfilment | None:
    """Return who ships, by a channel code: DEFAULT is the merchant; AMAZON_NA, AMAZON_EU …, AFN are FBA."""
    if not channel:
        return None
    return Fulfilment.AMAZON if channel.upper().startswith(("AMAZON", "AFN")) else Fulfilment.MERCHANT


def _check_region(
    name: str, rows: list[tuple[int, list[str]]], index: int | None, marketplace: Marketplace
) -> None:
    if index is None or not marketplace.fulfilment_region:
        return
    channels = {cells[index].strip().upper() for _, cells in rows if index < len(cells)}
    regions = {channel.removeprefix("AMAZON_") for channel in channels if channel.startswith("AMAZON_")}
    if regions and marketplace.fulfilment_region not in regions:
        raise OtherMarketplaceFile(
            _(
                "%(name)s is from another marketplace: its FBA channel is AMAZON_%(theirs)s, not "
                "AMAZON_%(region)s as on Amazon %(ours)s."
            ),
            name=name,
            theirs=min(regions),
            region=marketplace.fulfilment_region,
            ours=marketplace.code.upper(),
        )
