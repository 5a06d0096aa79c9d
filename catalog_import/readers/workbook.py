"""Sheets of an xlsx or xlsm workbook, row by row; macros, links and entities are never looked at.

Calamine holds a whole sheet in memory (484 MB for 50,000 rows); this reader holds the shared strings and one row.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from catalog_import.errors import UnreadableFile
from catalog_import.errors import gettext_noop as _
from catalog_import.readers.sources import Source, check_ratio
from catalog_import.readers.tabular import Row, show_number

_CHUNK_BYTES = 1 << 16
MAX_SHARED_STRINGS_BYTES = 200_000_000
MAX_COLUMNS = 16_384
_LETTERS = re.compile(r"[A-Z]{1,3}")
_INTEGER = re.compile(r"-?\d{1,18}")


class DamagedWorkbook(ValueError):
    """A part of the workbook is not what the format (ECMA-376) asks for."""


@dataclass(slots=True)
class Workbook:
    """An open workbook: its sheets by name, in order."""

    source: Source
    sheets: dict[str, "WorkbookSheet"] = field(default_factory=dict)
    strings: list[str] | None = None

    def shared_strings(self, archive: zipfile.ZipFile) -> list[str]:
        """Return the texts that cells refer to, read once."""
        if self.strings is None:
            self.strings = _read_shared_strings(archive)
        return self.strings


@dataclass(frozen=True, slots=True)
class WorkbookSheet:
    """One sheet; numbers come as a spreadsheet shows them."""

    workbook: Workbook
    member: str

    def rows(self) -> Iterator[Row]:
        """Yield every row that holds a cell, with the number the sheet gives it."""
        name = self.workbook.source.name
        try:
            with self.workbook.source.open() as raw, zipfile.ZipFile(raw) as archive:
                strings = self.workbook.shared_strings(archive)
                with archive.open(self.member) as stream:
                    yield from _SheetParser(strings).parse(stream)
        except _DAMAGES as error:
            raise UnreadableFile(
                _("%(name)s is a workbook that cannot be read to its end (%(reason)s). Download it again."),
                name=name,
                reason=error,
            ) from error


_DAMAGES = (
    expat.ExpatError, zipfile.BadZipFile, zlib.error, OSError, EOFError, KeyError, ValueError,
    NotImplementedError, RuntimeError,
)  # fmt: skip


def open_workbook(source: Source) -> Workbook:
    """Return the workbook; raises UnreadableFile when it is damaged or a zip bomb."""
    workbook = Workbook(source)
    try:
        with source.open() as raw, zipfile.ZipFile(raw) as archive:
            check_ratio(source.name, archive.infolist())
            targets = {
                attributes.get("Id", ""): attributes.get("Target", "")
                for tag, attributes in _read_elements(archive, "xl/_rels/workbook.xml.rels")
                if tag == "Relationship"
            }
            for tag, attributes in _read_elements(archive, "xl/workbook.xml"):
                if tag == "sheet":
                    relation = next((v for k, v in attributes.items() if k.endswith(":id") or k == "id"), "")
                    target = targets.get(relation, "")
                    member = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                    if member in archive.NameToInfo:
                        workbook.sheets[attributes.get("name", member)] = WorkbookSheet(workbook, member)
    except _DAMAGES as error:
        raise UnreadableFile(
            _("%(name)s is a workbook that cannot be opened (%(reason)s). Download it again."),
            name=source.name,
            reason=error,
        ) from error
    return workbook


def _make_parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = 1 << 16

    def refuse_doctype(*_: object) -> None:
        raise DamagedWorkbook("it declares a document type")

    parser.StartDoctypeDeclHandler = refuse_doctype
    return parser


def _read_elements(archive: zipfile.ZipFile, member: str) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    parser = _make_parser()
    parser.StartElementHandler = lambda tag, attributes: found.append((tag.rpartition(":")[2], attributes))
    with archive.open(member) as stream:
        content = stream.read(5_000_001)
    if len(content) > 5_000_000:
        raise DamagedWorkbook(f"{member} is too large")
    parser.Parse(content, True)
    return found


def _read_shared_strings(archive: zipfile.ZipFile) -> list[str]:
    info = archive.NameToInfo.get("xl/sharedStrings.xml")
    if info is None:
        return []
    if info.file_size > MAX_SHARED_STRINGS_BYTES:
        raise DamagedWorkbook("it holds more text than a catalogue has")
    strings: list[str] = []
    parts: list[str] = []
    ignored = 0  # depth inside <rPh>, the reading of Japanese words
    is_text = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal is_text, ignored
        tag = tag.rpartition(":")[2]
        ignored += tag == "rPh"
        is_text = tag == "t" and not ignored

    def end(tag: str) -> None:
        nonlocal is_text, ignored
        tag = tag.rpartition(":")[2]
        is_text = False
        ignored -= tag == "rPh"
        if tag == "si":
            strings.append("".join(parts))
            parts.clear()

    def text(characters: str) -> None:
        if is_text:
            parts.append(characters)

    parser = _make_parser()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    with archive.open(info) as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            parser.Parse(chunk, False)
    parser.Parse(b"", True)
    return strings


class _SheetParser:
    """Turns the XML of one sheet into rows; one instance per pass."""

    def __init__(self, strings: list[str]) -> None:
        self._strings = strings
        self._done: list[Row] = []
        self._cells: list[str] = []
        self._number = 0
        self._column = -1
        self._type = "n"
        self._is_value = False
        self._parts: list[str] = []
        self._columns: dict[str, int] = {}

    def parse(self, stream: IO[bytes]) -> Iterator[Row]:
        parser = _make_parser()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        while chunk := stream.read(_CHUNK_BYTES):
            parser.Parse(chunk, False)
            yield from self._done
            self._done.clear()
        parser.Parse(b"", True)
        yield from self._done

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if ":" in tag:
            tag = tag.rpartition(":")[2]
        if tag == "v" or tag == "t":
            self._is_value = True
        elif tag == "c":
            reference = attributes.get("r")
            self._column = self._column + 1 if reference is None else self._locate(reference)
            self._type = attributes.get("t", "n")
        elif tag == "row":
            self._number = int(attributes.get("r", self._number + 1))
            self._column = -1
            self._cells = []

    def _end(self, tag: str) -> None:
        if ":" in tag:
            tag = tag.rpartition(":")[2]
        if tag == "v" or tag == "t":
            self._is_value = False
        elif tag == "c":
            if self._parts:
                text = "".join(self._parts)
                self._parts.clear()
                missing = self._column - len(self._cells)
                if missing > 0:
                    self._cells += [""] * missing
                value = self._show(text)
                if missing < 0:
                    self._cells[self._column] = value
                else:
                    self._cells.append(value)
        elif tag == "row":
            self._done.append((self._number, self._cells))

    def _text(self, characters: str) -> None:
        if self._is_value:
            self._parts.append(characters)

    def _locate(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        column = self._columns.get(letters)
        if column is None:
            if not _LETTERS.fullmatch(letters):
                raise DamagedWorkbook(f"there is no cell {reference[:20]}")
            number = 0
            for letter in letters:
                number = number * 26 + ord(letter) - 64
            column = self._columns[letters] = number - 1
            if column >= MAX_COLUMNS:
                raise DamagedWorkbook(f"there is no cell {reference[:20]}")
        return column

    def _show(self, text: str) -> str:
        kind = self._type
        if kind == "s":
            index = int(text)
            if not 0 <= index < len(self._strings):
                raise DamagedWorkbook("a text is missing")
            return self._strings[index]
        if kind != "n" or _INTEGER.fullmatch(text):
            return text if kind != "b" else ("TRUE" if text == "1" else "FALSE")
        return show_number(float(text))
