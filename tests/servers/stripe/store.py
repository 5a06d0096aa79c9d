"""Keep the stand-in's objects: in memory, and in a SQLite file when they are to outlive the process."""

import contextlib
import json
import secrets
import sqlite3
import string
import threading
from collections.abc import Iterator
from typing import Any

_ALPHABET = string.ascii_letters + string.digits
Record = dict[str, Any]


def new_id(prefix: str, *, length: int = 24) -> str:
    """Return a fresh id such as pi_3Kq…; unguessable, as secrets and links are made of it too."""
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(length))


class Store:
    """Records by kind and id, in the order they were made. Read and write inside `change()` only."""

    def __init__(self, path: str | None = None) -> None:
        self.lock = threading.RLock()
        self._kinds: dict[str, dict[str, Record]] = {}
        self._dirty: dict[tuple[str, str], None] = {}
        self._depth = 0
        self._file = sqlite3.connect(path, check_same_thread=False) if path else None
        if self._file:
            # The file outlives the process, not a power cut.
            self._file.execute("PRAGMA synchronous = OFF")
            self._file.execute(
                "CREATE TABLE IF NOT EXISTS record (number INTEGER PRIMARY KEY AUTOINCREMENT,"
                " kind TEXT, id TEXT, body TEXT, UNIQUE (kind, id))"
            )
            for kind, identifier, body in self._file.execute(
                "SELECT kind, id, body FROM record ORDER BY number"
            ):
                self._kinds.setdefault(kind, {})[identifier] = json.loads(body)

    @contextlib.contextmanager
    def change(self) -> Iterator["Store"]:
        """Hold the lock; what was put is written to the file when the outermost block ends, also on an error.

        An error does not undo: a declined card raises, and the decline is part of the state.
        """
        with self.lock:
            self._depth += 1
            try:
                yield self
            finally:
                self._depth -= 1
                if not self._depth:
                    self._write()

    def put(self, kind: str, identifier: str, record: Record) -> Record:
        """Keep a record, new or changed, and return it."""
        self._kinds.setdefault(kind, {})[identifier] = record
        self._dirty[kind, identifier] = None
        return record

    def get(self, kind: str, identifier: str) -> Record | None:
        """Return a record, None when there is none."""
        return self._kinds.get(kind, {}).get(identifier)

    def every(self, kind: str) -> list[Record]:
        """Return the records of a kind, oldest first."""
        return list(self._kinds.get(kind, {}).values())

    def clear(self) -> None:
        """Forget everything."""
        with self.lock:
            self._kinds.clear()
            self._dirty.clear()
            if self._file:
                self._file.execute("DELETE FROM record")
                self._file.commit()

    def close(self) -> None:
        """Close the file; the records stay readable in memory."""
        with self.lock:
            if self._file:
                self._file.close()
                self._file = None

    def _write(self) -> None:
        if self._file and self._dirty:
            rows = [(kind, key, json.dumps(self._kinds[kind][key])) for kind, key in self._dirty]
            self._file.executemany(
                "INSERT INTO record (kind, id, body) VALUES (?, ?, ?)"
                " ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
                rows,
            )
            self._file.commit()
        self._dirty.clear()
