"""Choose rows by a seed in a way that anybody can repeat with any program."""

import hashlib
import heapq
from collections.abc import Iterable, Sequence

Row = Sequence[str]


def sample_rows(rows: Iterable[Row], *, seed: str, size: int) -> list[tuple[int, Row]]:
    """Return `size` rows with their numbers, in order: those with the smallest SHA-256 of "seed:number".

    Rows are counted from 1, without the header. Only as many rows as are asked for are held.
    """
    numbered = ((row_rank(number, seed=seed), number, row) for number, row in enumerate(rows, start=1))
    chosen = heapq.nsmallest(size, numbered, key=lambda one: one[0])
    return sorted((number, row) for _, number, row in chosen)


def row_rank(number: int, *, seed: str) -> str:
    """Return by what a row is chosen."""
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()
