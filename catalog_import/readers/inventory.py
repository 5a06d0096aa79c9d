"""FBA inventory (GET_FBA_MYI_UNSUPPRESSED_INVENTORY_DATA): how many units Amazon's warehouses can sell."""

from collections.abc import Iterator
from dataclasses import dataclass

from catalog_import.listing import RowProblem
from catalog_import.marketplaces import Marketplace
from catalog_import.readers.columns import INVENTORY_FIELDS, locate_columns
from catalog_import.readers.detect import RecognisedFile
from catalog_import.readers.row_checks import RowChecks, line_too_long, missing_sku
from catalog_import.readers.tabular import OVERLONG
from catalog_import.readers.values import clean_text


@dataclass(frozen=True, slots=True)
class FbaStock:
    """The sellable units of one SKU; the title tells which marketplace the report is from."""

    sku: str
    title: str
    quantity: int


def read_inventory(*, file: RecognisedFile, marketplace: Marketplace) -> Iterator[FbaStock | RowProblem]:
    """Yield the afn-fulfillable quantity per SKU; blank cells, which may hold two spaces, are skipped."""
    if file.table is None:
        return
    rows = (row for row in file.table.rows() if row[0] >= file.header_row and any(row[1]))
    _, header = next(rows)
    columns = locate_columns(header, INVENTORY_FIELDS)
    column = header[columns["sellable_quantity"]]
    checks = RowChecks(file.name, marketplace)
    for number, cells in rows:
        if cells is OVERLONG:
            line_too_long(checks, row=number)
            yield from checks.take_problems()
            continue
        cell = {field: cells[index].strip() for field, index in columns.items() if index < len(cells)}
        if not cell.get("sku"):
            missing_sku(checks, row=number, column="sku")
        else:
            text = cell.get("sellable_quantity", "")
            quantity = checks.quantity(text, row=number, sku=cell["sku"], column=column)
            if quantity is not None:
                yield FbaStock(cell["sku"], clean_text(cell.get("title", "")), quantity)
        yield from checks.take_problems()
