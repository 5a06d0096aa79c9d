"""Long work done by two processes: each walks through all its parts and makes something of every other one."""

import gc
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from itertools import islice
from multiprocessing.connection import Connection
from typing import Any, TypeVar

Row = TypeVar("Row")
Part = TypeVar("Part")
Made = TypeVar("Made")
BLOCK = 500  # rows


def read_in_two(
    rows: Callable[[], Iterator[Row]], make: Callable[[Sequence[Row]], Sequence[Made]]
) -> Iterator[Made]:
    """Yield what `make` makes of the rows, in their order, a block of them being a part."""
    with closing(make_in_two(partial(_blocks, rows), make)) as blocks:
        for made in blocks:
            yield from made


def make_in_two(
    parts: Callable[[], Iterator[Part]],
    make: Callable[[Part], Made],
    *,
    begin: Callable[[], object] = lambda: None,
) -> Generator[Made]:
    """Yield what `make` makes of each part, in their order, never None; both must do the same in either process.

    The second process begins with `begin`. Whatever it cannot do, if only because it was killed, the first one does
    itself: that error is raised here, too.
    """
    with _second_process(parts, make, begin) as answers:
        for number, part in enumerate(parts()):
            made: Made | None = _receive(answers) if number % 2 else None
            yield make(part) if made is None else made


def can_be_two() -> bool:
    """Return whether there is a second core to work with, and no other thread that may hold a lock at the fork."""
    return sys.platform == "linux" and threading.active_count() == 1 and len(os.sched_getaffinity(0)) > 1


def _blocks(rows: Callable[[], Iterator[Row]]) -> Iterator[list[Row]]:
    all_rows = rows()
    while block := list(islice(all_rows, BLOCK)):
        yield block


@contextmanager
def _second_process(
    parts: Callable[[], Iterator[Part]], make: Callable[[Part], Made], begin: Callable[[], object]
) -> Iterator[Connection]:
    """Start it; it is gone at the end."""
    context = multiprocessing.get_context("fork")
    answers, ours = context.Pipe(duplex=False)
    second = context.Process(target=_work, args=(parts, make, begin, answers, ours), daemon=True)
    second.start()
    ours.close()
    try:
        yield answers
    finally:
        answers.close()
        second.kill()
        second.join()


def _work(
    parts: Callable[[], Iterator[Part]],
    make: Callable[[Part], Made],
    begin: Callable[[], object],
    answers: Connection,
    ours: Connection,
) -> None:
    answers.close()  # or this process would never see that the first one is gone
    gc.freeze()  # what the first one made is not this one's to end
    try:
        begin()
        for number, part in enumerate(parts()):
            if number % 2:
                ours.send(make(part))
    except BaseException:  # the first process comes upon it, too, and says so
        os._exit(1)
    os._exit(0)  # without what a process does at its end: connections to the database are the first one's


def _receive(answers: Connection) -> Any:
    """Return the next answer; None where the second process is gone."""
    try:
        return answers.recv()
    except (EOFError, OSError):
        return None
