"""Writes products' objects to a stream of bytes, one in memory at a time."""

import csv
import io
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from catalog_import.open_format.shape import Record
from catalog_import.open_format.tables import CONTINUED, flatten, order_columns
from catalog_import.open_format.workbook import MOST_CHARACTERS, WorkbookWriter

FORMATS = ("jsonl", "csv", "xlsx")
UTF8_MARK = b"\xef\xbb\xbf"  # by which spreadsheets recognise UTF-8


def write_records(records: Iterable[Record], stream: IO[bytes], *, format: str) -> int:
    """Write the records in one of FORMATS; return how many. Raises ValueError for more than a workbook holds."""
    if format == "jsonl":
        count = 0
        for record in records:
            stream.write(_line(record))
            count += 1
        return count
    with tempfile.TemporaryFile() as spool:  # columns are known when every product was seen
        columns: dict[str, None] = {}
        count = 0
        for record in records:
            cells = flatten(record)
            columns.update(dict.fromkeys(cells))
            spool.write(_line(cells))
            count += 1
        spool.seek(0)
        names = order_columns({"sku", "structure", *columns})
        rows = (json.loads(line) for line in spool)
        write = _write_csv if format == "csv" else _write_workbook
        write(names, ([cells.get(name, "") for name in names] for cells in rows), stream)
    return count


def _line(record: Record) -> bytes:
    return (json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _write_csv(names: Sequence[str], rows: Iterator[list[str]], stream: IO[bytes]) -> None:
    stream.write(UTF8_MARK)
    text = io.TextIOWrapper(stream, "utf-8", newline="", write_through=True)
    try:
        writer = csv.writer(text)
        writer.writerow(names)
        writer.writerows(rows)
        text.flush()
    finally:
        text.detach()


def _write_workbook(names: Sequence[str], rows: Iterator[list[str]], stream: IO[bytes]) -> None:
    writer = WorkbookWriter(stream)
    writer.add(names)
    for cells in rows:
        writer.add([cell[:MOST_CHARACTERS] for cell in cells])
        start = MOST_CHARACTERS
        while any(len(cell) > start for cell in cells):
            part = [cell[start : start + MOST_CHARACTERS] for cell in cells]
            sku, structure = names.index("sku"), names.index("structure")
            part[sku], part[structure] = cells[sku], CONTINUED
            writer.add(part)
            start += MOST_CHARACTERS
    writer.close()
