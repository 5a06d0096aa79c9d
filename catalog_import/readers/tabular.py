"""Rows of strings with their row numbers; knows no column."""

import csv
import io
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from operator import itemgetter
from typing import Protocol

from python_calamine import CalamineError, CalamineSheet

from catalog_import.errors import UnreadableFile
from catalog_import.errors import gettext_noop as _
from catalog_import.readers.sources import Source

Row = tuple[int, list[str]]

MAX_LINE_CHARACTERS = 1_000_000
OVERLONG: list[str] = ["\0"]
"""What stands for the cells of a line that is longer than any row of Amazon's; compare with `is`."""

csv.field_size_limit(MAX_LINE_CHARACTERS)


class Table(Protocol):
    """Anything that yields rows as often as asked; row 1 is the first of the file, empty rows are counted."""

    def rows(self) -> Iterator[Row]: ...


@dataclass(frozen=True, slots=True)
class ReportText:
    """A tab separated report: nothing is ever quoted, so a `"` is a character of the cell."""

    source: Source
    encoding: str

    def rows(self) -> Iterator[Row]:
        """Yield every line, split at tabs; CR, LF and CRLF end a line, other separators do not."""
        number = 0
        for number, line in enumerate(_read_lines(self.source, self.encoding, newline=None), start=1):
            yield number, OVERLONG if line is None else line.rstrip("\n").split("\t")


@dataclass(frozen=True, slots=True)
class TemplateText:
    """A template or table as a spreadsheet saves it: cells with delimiters, quotes or line breaks are quoted."""

    source: Source
    encoding: str
    delimiter: str = "\t"

    def rows(self) -> Iterator[Row]:
        """Yield every record; the number is the row a spreadsheet would show, also after multi-line cells."""
        lines = _read_lines(self.source, self.encoding, newline="")
        number = 0
        try:
            for number, line in enumerate(lines, start=1):
                if line is not None and '"' not in line:  # as csv reads it, in a third of the time
                    text = line.rstrip("\r\n")
                    yield number, text.split(self.delimiter) if text else []
                else:
                    yield number, self._read_record(line, lines)
        except csv.Error as error:
            raise UnreadableFile(
                _(
                    "%(name)s, row %(row)s: the cells cannot be told apart (%(reason)s). Download the "
                    "file from Amazon again and do not save it from a spreadsheet."
                ),
                name=self.source.name,
                row=number,
                reason=error,
            ) from error

    def _read_record(self, line: str | None, lines: Iterator[str | None]) -> list[str]:
        """Return the cells of a record that begins with this line, and takes more where a cell has line breaks."""
        is_overlong = False

        def of_record() -> Iterator[str]:
            nonlocal is_overlong
            for each in chain([line], lines):
                is_overlong = is_overlong or each is None
                yield "\n" if each is None else each

        cells = next(csv.reader(of_record(), delimiter=self.delimiter))
        return OVERLONG if is_overlong else cells


@dataclass(frozen=True, slots=True)
class SheetTable:
    """One sheet of an old or open workbook (xls, xlsb, ods); numbers come without a trailing '.0'."""

    name: str
    sheet: CalamineSheet

    def rows(self) -> Iterator[Row]:
        """Yield every row of the sheet."""
        try:
            for number, cells in enumerate(self.sheet.iter_rows(), start=1):
                yield number, [cell if type(cell) is str else show_number(cell) for cell in cells]
        except (CalamineError, OSError, ValueError) as error:
            raise UnreadableFile(
                _("%(name)s is a workbook that cannot be read to its end. Download it again."), name=self.name
            ) from error


def first_rows(table: Table, count: int) -> list[Row]:
    """Return the first `count` rows."""
    return list(islice(table.rows(), count))


def take_cells(columns: tuple[int, ...]) -> Callable[[list[str]], Iterable[str]]:
    """Return what takes the cells of some columns out of a row."""
    if len(columns) == 1:
        return lambda cells: (cells[columns[0]],)
    return itemgetter(*columns)


def show_number(cell: object) -> str:
    """Return a spreadsheet's value as text: 100.0 is '100', 0.1 + 0.2 is '0.3'."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else format(cell, ".15g")
    return str(cell)


def _read_lines(source: Source, encoding: str, *, newline: str | None) -> Iterator[str | None]:
    """Yield lines with their ends; None for one longer than the limit, which is skipped without keeping it."""
    with source.open() as raw:
        text = io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline=newline)
        try:
            while line := text.readline(MAX_LINE_CHARACTERS):
                if len(line) < MAX_LINE_CHARACTERS or line.endswith(("\n", "\r")):
                    yield line
                else:
                    while (rest := text.readline(MAX_LINE_CHARACTERS)) and not rest.endswith(("\n", "\r")):
                        pass
                    yield None
        except (OSError, EOFError, zlib.error) as error:
            raise UnreadableFile(
                _("%(name)s is damaged and cannot be read to its end. Download it again."), name=source.name
            ) from error
