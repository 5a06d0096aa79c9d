"""Write the whole catalogue in the open format: to take it elsewhere, to look at it in a spreadsheet, to keep it."""

from collections.abc import Iterator
from datetime import datetime
from typing import IO

from catalog_import.open_format import write_records
from catalog_import.oscar_catalogue.export import stream_catalogue


def export_catalogue(stream: IO[bytes], *, format: str, now: datetime, with_amazon: bool = False) -> int:
    """Write every product, sorted by SKU, as jsonl, csv or xlsx; return how many.

    Two exports of the same catalogue are the same bytes. `with_amazon` adds what was last imported of each listing.
    Raises ValueError for more products than a workbook has rows.
    """
    records: Iterator = stream_catalogue(now=now, with_amazon=with_amazon)
    return write_records(records, stream, format=format)
