"""Rows to PostgreSQL by COPY; a thread of its own can send them while the next ones are made."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    from psycopg import Copy


def copy_rows(connection: BaseDatabaseWrapper, into: str, rows: Iterable[Sequence[Any]]) -> None:
    """Write rows into a table, `into` being its name with columns; by the thread that sends ahead, if there is one."""
    statement = f"COPY {into} FROM STDIN"
    sender = next((each for each in connection.execute_wrappers if isinstance(each, _Sender)), None)
    with connection.wrap_database_errors:
        if sender is None:
            with connection.cursor() as cursor, cursor.copy(statement) as copy:
                _write(copy, rows)
        else:
            from psycopg import Copy  # here: a shop on SQLite is installed without it

            parts = _Parts()
            with Copy(connection.connection.cursor(), binary=False, writer=parts) as copy:
                _write(copy, rows)
            sender.send(statement, parts)


def _write(copy: "Copy", rows: Iterable[Sequence[Any]]) -> None:
    for row in rows:
        copy.write_row(row)


@contextmanager
def sending_ahead() -> Iterator[None]:
    """Have rows sent while the next ones are made; any other statement waits for them, and so does the end.

    References are looked at as each table is written, not at the commit, where nothing is left to be done meanwhile.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with ThreadPoolExecutor(1, "copy") as thread:
        sender = _Sender(connection, thread)
        with connection.execute_wrapper(sender):
            try:
                yield
                sender.wait()
            finally:
                thread.shutdown(cancel_futures=True)


class _Sender:
    """Sends what is copied in turn; as a wrapper of statements it lets each wait until everything is sent."""

    def __init__(self, connection: BaseDatabaseWrapper, thread: ThreadPoolExecutor):
        self._connection, self._thread = connection, thread
        self._sent: list[Future[None]] = []

    def __call__(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        self.wait()
        return execute(sql, params, many, context)

    def send(self, statement: str, parts: "_Parts") -> None:
        cursor = self._connection.connection.cursor()
        self._sent.append(self._thread.submit(_send, cursor, statement, parts))

    def wait(self) -> None:
        sent, self._sent = self._sent, []
        with self._connection.wrap_database_errors:
            for each in sent:
                each.result()


def _send(cursor: Any, statement: str, parts: "_Parts") -> None:
    with cursor.copy(statement) as copy:
        for part in parts.bytes:
            copy.write(part)


class _Parts:
    """What is to be sent, as the bytes of a COPY; psycopg's `Copy` takes it for a writer."""

    def __init__(self) -> None:
        self.bytes: list[Any] = []

    def write(self, data: Any) -> None:
        self.bytes.append(data)

    def finish(self, exc: BaseException | None = None) -> None:
        """Nothing is left to do at the end."""
