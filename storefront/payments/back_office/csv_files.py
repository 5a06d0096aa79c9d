"""Lines of Stripe's books as a CSV file, streamed: any number of rows in constant memory."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import astuple, fields

from django.http import StreamingHttpResponse

from storefront.payments.selectors import OrderMoney

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_HEADINGS = [field.name for field in fields(OrderMoney)]


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def stream_csv(rows: Iterable[OrderMoney], *, name: str) -> StreamingHttpResponse:
    """Return the rows as a file for a spreadsheet: UTF-8 with a mark, so that Excel reads it as such."""
    return StreamingHttpResponse(
        _lines(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _lines(rows: Iterable[OrderMoney]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield writer.writerow(_HEADINGS)
    for row in rows:
        yield writer.writerow([_safe(value) for value in astuple(row)])


def _safe(value: object) -> object:
    """Keep a text from being run as a formula; numbers, also negative ones, stay numbers."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_DANGEROUS) else value
