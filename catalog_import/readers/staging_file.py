"""Where listings are staged: a SQLite database in a file that another process can open, and that nobody finds later."""

import os
import sqlite3
import tempfile
import weakref
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

_PREFIX, _ENDING = "amazon-listings-", ".sqlite3"
_DISK = "/var/tmp"  # noqa: S108  # other than /tmp it is never memory


class StagingFile:
    """A database in a file of its own, for the process that makes it; SQLite looks for a place in the same order.

    The file is locked for as long as its process lives: what a process that was killed left behind goes with the next
    one that begins.
    """

    def __init__(self) -> None:
        folder = _find_folder()
        _sweep(folder)
        self._lock, self._path = _make(folder)
        self.database = sqlite3.connect(self._path, isolation_level=None)
        self._first = self.database  # lives on in a forked process, which is not to close it
        self._end = weakref.finalize(self, _close, self._first, self._lock, self._path)

    def open_again(self) -> None:
        """Go on in a process that was forked from the one that made it: read only, on a connection of its own."""
        address = f"file:{quote(self._path)}?mode=ro&immutable=1"
        self.database = sqlite3.connect(address, uri=True, isolation_level=None)

    def close(self) -> None:
        """Leave nothing behind."""
        self._end()


def _make(folder: str) -> tuple[int, str]:
    """Return a new file, locked, and its path; another process may sweep it away before it is locked."""
    while True:
        file, path = tempfile.mkstemp(_ENDING, _PREFIX, folder)
        if _lock(file) and Path(path).exists():
            return file, path
        os.close(file)


def _close(database: sqlite3.Connection, lock: int, path: str) -> None:
    database.close()
    os.close(lock)
    Path(path).unlink(missing_ok=True)


def _find_folder() -> str:
    folders = (os.environ.get("SQLITE_TMPDIR"), os.environ.get("TMPDIR"), _DISK)
    return next(
        (each for each in folders if each and os.access(each, os.W_OK | os.X_OK)), tempfile.gettempdir()
    )


def _sweep(folder: str) -> None:
    for path in Path(folder).glob(f"{_PREFIX}*{_ENDING}"):
        with suppress(OSError):  # somebody else's, or gone
            file = os.open(path, os.O_RDWR)
            try:
                if _lock(file):
                    path.unlink()
            finally:
                os.close(file)


def _lock(file: int) -> bool:
    """Lock a file, where the system can; return whether nobody else had locked it."""
    try:
        import fcntl
    except ImportError:  # Windows, which does not remove an open file either
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
