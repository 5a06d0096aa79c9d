"""Tasks on database connections of their own: while one waits for PostgreSQL, another's rows are made."""

import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import translation

Result = TypeVar("Result")
AT_ONCE = 2  # as many as keep both busy: the process that makes rows, and the server that takes them
_TURN = (
    0.0005  # seconds; by Python's own 5 ms a task that the server has answered would wait long for its turn
)


class SideBySide(Generic[Result]):
    """Runs tasks in threads, as many at once as help; results come in the order of the tasks.

    SQLite has one writer at a time, and a transaction belongs to one connection: there each runs as it is started.
    """

    def __init__(self, at_once: int | None = None) -> None:
        here = connections[DEFAULT_DB_ALIAS]
        self._is_possible = here.vendor == "postgresql" and not here.in_atomic_block
        self.at_once = (at_once or AT_ONCE) if self._is_possible else 1
        self._language = translation.get_language()
        self._connections: list[BaseDatabaseWrapper] = []
        self._threads = ThreadPoolExecutor(self.at_once, "side_by_side", initializer=self._begin)
        self._running: deque[Future[Result]] = deque()

    def _begin(self) -> None:
        if self._language:
            translation.activate(self._language)
        connection = connections[DEFAULT_DB_ALIAS]
        connection.inc_thread_sharing()  # another thread closes it
        self._connections.append(connection)

    def __enter__(self) -> "SideBySide[Result]":
        self._turn = sys.getswitchinterval()
        sys.setswitchinterval(_TURN)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for what runs; what has not begun, if an error came up, never does."""
        self._threads.shutdown(cancel_futures=True)
        sys.setswitchinterval(self._turn)
        for connection in self._connections:
            connection.close()

    def start(self, task: Callable[[], Result]) -> None:
        """Run a task, now or in turn."""
        if self._is_possible:
            self._running.append(self._threads.submit(task))
            return
        done: Future[Result] = Future()
        done.set_result(task())
        self._running.append(done)

    def results(self, *, leaving: int = 0) -> Iterator[Result]:
        """Yield what tasks returned, the first one first, until `leaving` are left to run; raise their errors."""
        while len(self._running) > leaving:
            yield self._running.popleft().result()
