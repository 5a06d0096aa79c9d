"""The rows behind a figure: read from the file that was frozen, page by page or as a sample."""

import csv
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice

from storefront.evidence.selectors import read_blob
from storefront.subsidies.dossier.sampling import Row, sample_rows

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


def _lines(chunks: Iterator[bytes]) -> Iterator[str]:
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line.decode("utf-8") + "\n"
    if rest:
        yield rest.decode("utf-8")
