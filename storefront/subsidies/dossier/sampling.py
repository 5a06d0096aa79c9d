"""Choose rows by a seed in a way that anybody can repeat with any program."""

import hashlib
import heapq
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

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


@dataclass(frozen=True)
class AmountSample:
    """Rows chosen by their amounts, and how: every `interval` from `start` on, in the amounts added up row by row."""

    numbered: list[tuple[int, Row]]
    total: Decimal
    interval: Decimal
    start: Decimal


def sample_by_amount(rows: Callable[[], Iterable[Row]], *, column: int, seed: str, size: int) -> AmountSample:
    """Choose about `size` rows so that each unit of money has the same chance (monetary-unit sampling, ISA 530).

    The interval is the total over `size`, in whole hundredths; it starts at SHA-256 of the seed modulo the interval,
    plus a hundredth. A row of an interval or more is always chosen; one of nothing or less never. `rows` is read twice.
    """
    total = sum(_hundredths(row, column) for row in rows())
    interval = max(total // size, 1)
    start = int(hashlib.sha256(seed.encode()).hexdigest(), 16) % interval + 1
    chosen, added, point = [], 0, start
    for number, row in enumerate(rows(), start=1):
        added += _hundredths(row, column)
        if point <= added:
            chosen.append((number, row))
            point += ((added - point) // interval + 1) * interval
    return AmountSample(chosen, *(Decimal(one) / 100 for one in (total, interval, start)))


def _hundredths(row: Row, column: int) -> int:
    try:
        return max(int(Decimal(row[column]) * 100), 0)
    except (InvalidOperation, IndexError):  # an empty cell: an order that does not count
        return 0
