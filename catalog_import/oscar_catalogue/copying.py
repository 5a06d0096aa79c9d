"""Rows to PostgreSQL by COPY; a thread of its own can send them while the next ones are made."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from catalog_import.oscar_catalogue.copy_text import write_as_text


def copy_rows(connection: BaseDatabaseWrapper, into: str, columns: Iterable[Iterable[Any]]) -> None:
    """Write rows, given as their columns, into a table, `into` being its name with the columns'.

    The thread that sends ahead writes them, if there is one.
    """
    statement = f"COPY {into} FROM STDIN"
    sender = next((each for each in connection.execute_wrappers if isinstance(each, _Sender)), None)
    rows = write_as_text(columns)
    with connection.wrap_database_errors:
        if sender is None:
            with connection.cursor() as cursor:
                _send(cursor, statement, rows)
        else:
            sender.send(statement, rows)


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

    def send(self, statement: str, rows: bytes) -> None:
        cursor = self._connection.connection.cursor()
        self._sent.append(self._thread.submit(_send, cursor, statement, rows))

    def wait(self) -> None:
        sent, self._sent = self._sent, []
        with self._connection.wrap_database_errors:
            for each in sent:
                each.result()


def _send(cursor: Any, statement: str, rows: bytes) -> None:
    with cursor.copy(statement) as copy:
        copy.write(rows)
