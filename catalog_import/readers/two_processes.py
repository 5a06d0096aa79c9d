"""A long table read by two processes: each walks through all its rows and makes something of every other block."""

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from multiprocessing.connection import Connection
from typing import Any, TypeVar

Row = TypeVar("Row")
Made = TypeVar("Made")
BLOCK = 500  # rows


def read_in_two(
    rows: Callable[[], Iterator[Row]], make: Callable[[Sequence[Row]], Sequence[Made]]
) -> Iterator[Made]:
    """Yield what `make` makes of the rows, in their order; both functions must do the same in either process.

    Whatever the second process cannot do, if only because it was killed, the first one does itself: that error is
    raised here, too.
    """
    with _second_process(rows, make) as answers:
        for number, block in enumerate(_blocks(rows())):
            made: Sequence[Made] | None = _receive(answers) if number % 2 else None
            yield from make(block) if made is None else made


def can_be_two() -> bool:
    """Return whether there is a second core to read with, and no other thread that may hold a lock at the fork."""
    return sys.platform == "linux" and threading.active_count() == 1 and len(os.sched_getaffinity(0)) > 1


def _blocks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while block := list(islice(rows, BLOCK)):
        yield block


@contextmanager
def _second_process(
    rows: Callable[[], Iterator[Row]], make: Callable[[Sequence[Row]], Sequence[Made]]
) -> Iterator[Connection]:
    """Start it; it is gone at the end."""
    context = multiprocessing.get_context("fork")
    answers, ours = context.Pipe(duplex=False)
    second = context.Process(target=_work, args=(rows, make, answers, ours), daemon=True)
    second.start()
    ours.close()
    try:
        yield answers
    finally:
        answers.close()
        second.kill()
        second.join()


def _work(
    rows: Callable[[], Iterator[Row]],
    make: Callable[[Sequence[Row]], Sequence[Made]],
    answers: Connection,
    ours: Connection,
) -> None:
    answers.close()  # or this process would never see that the first one is gone
    try:
        for number, block in enumerate(_blocks(rows())):
            if number % 2:
                ours.send(make(block))
    except BaseException:  # the first process comes upon it, too, and says so
        os._exit(1)
    os._exit(0)  # without what a process does at its end: connections to the database are the first one's


def _receive(answers: Connection) -> Any:
    """Return the next answer; None where the second process is gone."""
    try:
        return answers.recv()
    except (EOFError, OSError):
        return None
