"""Which file is this: format, encoding, delimiter and header, decided by content and never by name."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from python_calamine import CalamineError, CalamineWorkbook

from catalog_import.errors import UnreadableFile
from catalog_import.errors import gettext_noop as _
from catalog_import.readers.attribute_paths import is_category_key
from catalog_import.readers.columns import INVENTORY_FIELDS, REPORT_FIELDS, locate_columns
from catalog_import.readers.encoding import find_encoding
from catalog_import.readers.flat_keys import is_flat_header
from catalog_import.readers.other_files import explain_unknown, refuse_magic, refuse_other_report
from catalog_import.readers.sources import Source
from catalog_import.readers.tabular import ReportText, Row, SheetTable, Table, TemplateText, first_rows
from catalog_import.readers.workbook import open_workbook

HEADER_SEARCH_ROWS = 12
KEYS_NEEDED = 5
MAX_OLD_WORKBOOK_BYTES = 60_000_000
DELIMITERS = "\t;,|"

_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"


class Format(StrEnum):
    """The files the importer reads."""

    LISTINGS_REPORT = "All Listings Report"
    OPEN_LISTINGS = "Open Listings Report"
    CATEGORY_REPORT = "Category Listings Report"
    FLAT_FILE = "Inventory file template"
    FBA_INVENTORY = "FBA inventory"
    API_ITEMS = "Catalog or listings items (JSON)"


@dataclass(frozen=True, slots=True)
class RecognisedFile:
    """A file with its format and encoding; `table` yields its rows, of which `header_row` names the columns."""

    source: Source
    format: Format
    encoding: str
    table: Table | None = None
    header_row: int = 1

    @property
    def name(self) -> str:
        """Return the file's name."""
        return self.source.name


def recognise(source: Source) -> RecognisedFile:
    """Open a file and say what it is.

    Raises UnreadableFile with a sentence that names the file, PersonalDataFile for reports about Amazon's buyers.
    """
    with source.open() as stream:
        try:
            start = stream.read(4096)
        except (OSError, EOFError) as error:
            raise UnreadableFile(_("%(name)s is damaged. Download it again."), name=source.name) from error
    if not start.strip():
        raise UnreadableFile(_("%(name)s is empty. Download it from Amazon again."), name=source.name)
    refuse_magic(source.name, start)
    if start.startswith(b"PK\x03\x04"):
        return _recognise_workbook(source)
    if start.startswith(_OLD_WORKBOOK):
        return _recognise_old_workbook(source)
    return _recognise_text(source)


def find_header(rows: list[Row]) -> tuple[Format, int] | None:
    """Return which of the first rows names the columns, and of which format they are."""
    for number, cells in rows:
        if sum(is_category_key(cell.strip()) for cell in cells) >= KEYS_NEEDED:
            return Format.CATEGORY_REPORT, number
        if is_flat_header(cells):
            return Format.FLAT_FILE, number
    for number, cells in rows:  # only then: the labels above a template's keys look like a report's header
        inventory = locate_columns(cells, INVENTORY_FIELDS)
        if {"sku", "fnsku", "sellable_quantity"} <= inventory.keys():
            return Format.FBA_INVENTORY, number
        columns = locate_columns(cells, REPORT_FIELDS)
        if "sku" in columns and len(columns.keys() & {"title", "price", "quantity", "asin", "status"}) >= 2:
            is_open = columns.keys() <= {"sku", "asin", "price", "quantity"}
            return (Format.OPEN_LISTINGS if is_open else Format.LISTINGS_REPORT), number
    return None


def _recognise_text(source: Source) -> RecognisedFile:
    encoding = find_encoding(source)
    plain = ReportText(source, encoding)
    head = [(number, cells) for number, cells in first_rows(plain, HEADER_SEARCH_ROWS) if any(cells)]
    if not head:
        raise UnreadableFile(_("%(name)s is empty. Download it from Amazon again."), name=source.name)
    if head[0][1][0].lstrip("\ufeff ")[:1] in ("{", "["):
        return RecognisedFile(source, Format.API_ITEMS, encoding)
    for delimiter in DELIMITERS:
        table = TemplateText(source, encoding, delimiter)
        rows = head if delimiter == "\t" else [(n, c) for n, c in _try_rows(table) if any(c)]
        refuse_other_report(source.name, [cells for _, cells in rows])
        found = find_header(rows)
        if found is None and delimiter == "\t":
            rows = _try_rows(table)  # a template's labels may hold line breaks
            found = find_header(rows)
        if found is None:
            continue
        format_, number = found
        is_template = format_ in (Format.CATEGORY_REPORT, Format.FLAT_FILE)
        if delimiter == "\t" and not is_template and not _is_quoted(head, number):
            return RecognisedFile(source, format_, encoding, plain, number)
        rows = _try_rows(table)
        found = find_header(rows) or found
        return RecognisedFile(source, found[0], encoding, table, found[1])
    raise explain_unknown(source.name, head[0][1])


def _try_rows(table: Table) -> list[Row]:
    try:
        return first_rows(table, HEADER_SEARCH_ROWS)
    except UnreadableFile:
        return []


def _is_quoted(head: list[Row], number: int) -> bool:
    """Return whether a spreadsheet saved this report: Amazon never quotes, and no header of its holds a quote."""
    header = next(cells for row, cells in head if row == number)
    return any(cell.startswith('"') and cell.endswith('"') and len(cell) > 1 for cell in header)


def _recognise_workbook(source: Source) -> RecognisedFile:
    workbook = open_workbook(source)
    return _choose_sheet(source, "xlsx", list(workbook.sheets.values()))


def _recognise_old_workbook(source: Source) -> RecognisedFile:
    try:
        with source.open() as stream:
            content = stream.read(MAX_OLD_WORKBOOK_BYTES + 1)
        if len(content) > MAX_OLD_WORKBOOK_BYTES:
            raise UnreadableFile(
                _("%(name)s is a large workbook of an old kind. Save it as .xlsx."), name=source.name
            )
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        tables = [SheetTable(source.name, workbook.get_sheet_by_name(name)) for name in workbook.sheet_names]
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableFile(
            _("%(name)s is a workbook that cannot be opened (%(reason)s). Download it again."),
            name=source.name,
            reason=error,
        ) from error
    return _choose_sheet(source, "xls", tables)


def _choose_sheet(source: Source, encoding: str, tables: Sequence[Table]) -> RecognisedFile:
    """Return the sheet whose keys stand side by side; its name differs by language, other sheets list "
    "the same keys."""
    heads = [first_rows(table, HEADER_SEARCH_ROWS) for table in tables]
    for table, head in zip(tables, heads, strict=True):
        refuse_other_report(source.name, [cells for _, cells in head if any(cells)])
        found = find_header(head)
        if found is not None:
            return RecognisedFile(source, found[0], encoding, table, found[1])
    raise UnreadableFile(
        _(
            "%(name)s is a workbook without a sheet of Amazon attributes. Choose the Category Listings "
            "Report as Amazon gave it."
        ),
        name=source.name,
    )
