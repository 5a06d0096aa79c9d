"""Reads products' objects back from JSON lines, CSV or a workbook, one in memory at a time."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from catalog_import.errors import UnreadableFile
from catalog_import.open_format.shape import Record
from catalog_import.open_format.tables import CONTINUED, unflatten
from catalog_import.open_format.workbook import unescape
from catalog_import.readers.sources import Source
from catalog_import.readers.workbook import open_workbook

MOST_CHARACTERS = 10_000_000
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands: the file's name and the row, 1 = the first."""

    file: str
    row: int

    def __str__(self) -> str:
        return f"{self.file}, row {self.row}"


def read_records(path: Path) -> Iterator[tuple[Place, Record]]:
    """Yield every record with its place; the format is told by the content. Raises UnreadableFile."""
    try:
        with path.open("rb") as stream:
            start = stream.read(4096)
    except OSError as error:
        raise UnreadableFile(f"{path.name}: the file cannot be opened ({error.strerror}).") from error
    if start.startswith(_ZIP):
        return _read_table(path, _rows_of_workbook(path))
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        return _read_lines(path)
    return _read_table(path, _rows_of_csv(path))


def _read_lines(path: Path) -> Iterator[tuple[Place, Record]]:
    with path.open("rb") as stream:
        number = 0
        while line := stream.readline(MOST_CHARACTERS + 1):
            number += 1
            place = Place(path.name, number)
            if len(line) > MOST_CHARACTERS:
                raise UnreadableFile(
                    f"{place}: the line is longer than a product. Export the catalogue again."
                )
            if not line.strip():
                continue
            try:
                record = json.loads(line.decode("utf-8-sig"))
            except (ValueError, RecursionError) as error:
                raise UnreadableFile(f"{place}: this is not an object in JSON ({error}).") from error
            if not isinstance(record, dict):
                raise UnreadableFile(f"{place}: this is not an object in JSON.")
            yield place, record


def _read_table(path: Path, rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[Place, Record]]:
    names: list[str] = []
    place, cells = Place(path.name, 0), dict[str, str]()
    for number, row in rows:
        if not names:
            names = row
            if "sku" not in names or "structure" not in names:
                raise UnreadableFile(
                    f"{path.name} is no export of a catalogue: its first row has no columns sku and structure."
                )
            continue
        found = dict(zip(names, row, strict=False))
        if found.get("structure") == CONTINUED and found.get("sku") == cells.get("sku"):
            for name, cell in found.items():
                if cell and name not in ("sku", "structure"):
                    cells[name] = cells.get(name, "") + cell
            continue
        if any(cells.values()):
            yield place, _to_record(cells, place)
        place, cells = Place(path.name, number), found
    if any(cells.values()):
        yield place, _to_record(cells, place)


def _to_record(cells: dict[str, str], place: Place) -> Record:
    try:
        return unflatten(cells)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"{place}, column {error}.") from error


def _rows_of_csv(path: Path) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(MOST_CHARACTERS)
    with path.open("rb") as stream, io.TextIOWrapper(stream, "utf-8-sig", newline="") as text:
        try:
            yield from enumerate(csv.reader(text, strict=True), start=1)
        except (csv.Error, UnicodeDecodeError) as error:
            raise UnreadableFile(
                f"{path.name} cannot be read to its end ({error}). Save it as CSV in UTF-8."
            ) from error


def _rows_of_workbook(path: Path) -> Iterator[tuple[int, list[str]]]:
    workbook = open_workbook(Source(path.name, True, lambda: path.open("rb")))
    for sheet in list(workbook.sheets.values())[:1]:
        for number, row in sheet.rows():
            yield number, [unescape(cell) for cell in row]
