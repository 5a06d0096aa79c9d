"""The rows behind a figure: read from the file that was frozen, page by page or as a sample."""

import csv
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice

from storefront.evidence.selectors import read_blob
from storefront.subsidies.dossier.sampling import AmountSample, Row, sample_by_amount, sample_rows

PAGE_ROWS = 100
MOST_SAMPLED = 500


@dataclass(frozen=True)
class Rows:
    """Some rows of a file, each with its number from 1, under the file's header."""

    header: Row
    numbered: list[tuple[int, Row]]
    has_more: bool = False


def rows_page(*, sha256: str, name: str, page: int) -> Rows:
    """Return a page of the rows; raises EvidenceBroken where the file was changed."""
    with closing(read_blob(sha256=sha256, name=name)) as chunks:
        reader = csv.reader(_lines(chunks))
        header = next(reader, [])
        first = (page - 1) * PAGE_ROWS
        found = list(islice(enumerate(reader, start=1), first, first + PAGE_ROWS + 1))
    return Rows(header, found[:PAGE_ROWS], has_more=len(found) > PAGE_ROWS)


def sampled_rows(*, sha256: str, name: str, seed: str, size: int) -> Rows:
    """Return the rows a seed chooses; raises EvidenceBroken where the file was changed."""
    reader = csv.reader(_lines(read_blob(sha256=sha256, name=name)))
    header = next(reader, [])
    return Rows(header, sample_rows(reader, seed=seed, size=min(size, MOST_SAMPLED)))


def rows_by_amount(
    *, sha256: str, name: str, basis: str, seed: str, size: int
) -> tuple[Rows, AmountSample | None]:
    """Return the rows a seed chooses by the column of a figure's amounts; nothing where the file has no such column.

    Raises EvidenceBroken where the file was changed.
    """
    header = next(csv.reader(_lines(read_blob(sha256=sha256, name=name))), [])
    column = f"{basis}_in_unit"
    if column not in header:
        return Rows(header, []), None

    def rows() -> Iterator[Row]:
        return islice(csv.reader(_lines(read_blob(sha256=sha256, name=name))), 1, None)

    found = sample_by_amount(rows, column=header.index(column), seed=seed, size=min(size, MOST_SAMPLED))
    return Rows(header, found.numbered), found


def _lines(chunks: Iterator[bytes]) -> Iterator[str]:
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line.decode("utf-8") + "\n"
    if rest:
        yield rest.decode("utf-8")
