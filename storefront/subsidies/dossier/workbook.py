"""Write sheets as an XLSX file that is the same bytes on every run, prints on A4, and runs no formula of others."""

import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from math import ceil
from tempfile import TemporaryFile
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from storefront.subsidies.dossier.sheet import Sheet
from storefront.subsidies.dossier.wording import Cell
from storefront.subsidies.words import say_in

Totals = Mapping[str, Mapping[str, Decimal]]  # part of the workbook -> cell -> value
_HEAD_ROWS = 2
# Widths in letters: what an A4 page of landscape holds while it can still be read, and a column at most and least.
_PAGE, _NARROWEST = 190, 8
_WIDEST, _WIDEST_AMONG_MANY = 60, 24
_MANY_COLUMNS = 8
_LINE_POINTS = 14
_MONEY = "#,##0.00"
_FIXED_ENTRY = (1980, 1, 1, 0, 0, 0)
# Not part of XML 1.0, so not of a workbook either.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_FONT, _LINK_FONT = (
    Font(name="Arial", size=10),
    Font(name="Arial", size=10, color="005F73", underline="single"),
)
_HEAD_FONT, _HEAD_FILL = Font(name="Arial", size=10, bold=True), PatternFill("solid", fgColor="E7ECEF")
_TOP = Alignment(vertical="top", wrap_text=True)
_NUMBER = Alignment(vertical="top", horizontal="right", indent=1)


def write_workbook(sheets: Sequence[Sheet], target: IO[bytes], *, title: str, dated: datetime) -> None:
    """Write the sheets to `target`; totals are formulas that carry their value."""
    book = Workbook(write_only=True)
    book.properties.title, book.properties.creator = title, "storefront"
    totals = {}
    for number, sheet in enumerate(sheets, start=1):
        totals[f"xl/worksheets/sheet{number}.xml"] = _write_sheet(book.create_sheet(sheet.title), sheet)
    with TemporaryFile() as draft:
        book.save(draft)
        _repack(draft, target, totals=totals, dated=dated)


def _write_sheet(page: Worksheet, sheet: Sheet) -> dict[str, Decimal]:
    page.freeze_panes = f"B{_HEAD_ROWS + 1}"
    page.print_title_rows = f"1:{_HEAD_ROWS}"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", "9"  # A4
    widths = _widths(sheet)
    pages = ceil(sum(widths) / _PAGE)
    if pages > 1:
        page.print_title_cols = "A:A"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = pages, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    for number, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(number)].width = width
    for language in ("zh", "en"):
        page.append([_head(page, say_in(language, word)) for word in sheet.columns])
    for number, row in enumerate(sheet.rows):
        cells = [_cell(page, value) for value in row]
        if number in sheet.links:
            cells[sheet.link_column].hyperlink = sheet.links[number]
            cells[sheet.link_column].font = _LINK_FONT
        page.row_dimensions[_HEAD_ROWS + number + 1].height = _LINE_POINTS * _lines(row, widths)
        page.append(cells)
    return _write_totals(page, sheet)


def _write_totals(page: Worksheet, sheet: Sheet) -> dict[str, Decimal]:
    if not sheet.totals or not sheet.rows:
        return {}
    last = _HEAD_ROWS + len(sheet.rows)
    row: list[Any] = [""] * len(sheet.columns)
    row[0] = _head(page, f"{say_in('zh', 'dossier.total')} {say_in('en', 'dossier.total')}")
    values = {}
    for column in sheet.totals:
        letter = get_column_letter(column + 1)
        row[column] = _head(page, f"=SUM({letter}{_HEAD_ROWS + 1}:{letter}{last})")
        row[column].number_format, row[column].alignment = _MONEY, _NUMBER
        numbers = [line[column] for line in sheet.rows]
        values[f"{letter}{last + 1}"] = sum((one for one in numbers if isinstance(one, Decimal)), Decimal(0))
    page.append(row)
    return values


def _head(page: Worksheet, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, text)
    cell.font, cell.fill, cell.alignment = _HEAD_FONT, _HEAD_FILL, _TOP
    return cell


def _cell(page: Worksheet, value: Cell) -> WriteOnlyCell:
    if isinstance(value, str):
        value = _CONTROL.sub("", value)
        value = f"'{value}" if value.startswith(_FORMULA_STARTS) else value
    cell = WriteOnlyCell(page, value)
    cell.alignment, cell.font = _TOP, _FONT
    if isinstance(value, Decimal | int):
        cell.alignment = _NUMBER
    if isinstance(value, Decimal):
        places = -int(value.as_tuple().exponent)
        cell.number_format = "#,##0" if places <= 0 else _MONEY if places <= 2 else "#,##0.00######"
    return cell


def _widths(sheet: Sheet) -> list[float]:
    widest = _WIDEST_AMONG_MANY if len(sheet.columns) > _MANY_COLUMNS else _WIDEST
    widths = []
    for number, word in enumerate(sheet.columns):
        texts = [say_in("zh", word), say_in("en", word), *(_text(row[number]) for row in sheet.rows)]
        widths.append(min(widest, max(_NARROWEST, *(_width(text) for text in texts))))
    return widths


def _lines(row: Sequence[Cell], widths: Sequence[float]) -> int:
    return max(
        sum(ceil(_width(line) / width) for line in _text(value).splitlines() or [""])
        for value, width in zip(row, widths, strict=True)
    )


def _text(value: Cell) -> str:
    return "" if value is None else f"{value:,.2f}" if isinstance(value, Decimal) else str(value)


def _width(text: str) -> float:
    return 2 + sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def _repack(
    draft: IO[bytes], target: IO[bytes], *, totals: Mapping[str, Mapping[str, Decimal]], dated: datetime
) -> None:
    """Copy a workbook with fixed moments, and with the values of its formulas, which openpyxl leaves out."""
    moment = f"{dated:%Y-%m-%dT%H:%M:%SZ}"
    with zipfile.ZipFile(draft) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:\w+ [^>]*>)[^<]*", rb"\g<1>" + moment.encode(), content)
            for place, value in totals.get(name, {}).items():
                content = _with_value(content, place, value)
            entry = zipfile.ZipInfo(name, _FIXED_ENTRY)
            entry.create_system, entry.compress_type = 3, zipfile.ZIP_DEFLATED
            copy.writestr(entry, content, compresslevel=6)


def _with_value(content: bytes, place: str, value: Decimal) -> bytes:
    pattern = rb'(<c r="' + place.encode() + rb'"[^>]*><f>[^<]*</f>)<v\s*/?>(?:</v>)?'
    return re.sub(pattern, rb"\g<1><v>" + f"{value}".encode() + rb"</v>", content)
