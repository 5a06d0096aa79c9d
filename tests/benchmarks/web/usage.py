"""What the processes of a measurement use: a gunicorn and its workers, and PostgreSQL's for one database."""

import os
import threading
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

SAMPLE_SECONDS = 0.2
_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """Return what a process and all under it have used."""
    parents, used = {}, {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and (fields := _stat(int(folder.name))):
            parents[int(folder.name)] = int(fields[1])
            used[int(folder.name)] = _own_seconds(fields)
    return sum(used[each] for each in used if each == pid or parents[each] == pid)


def worker_memory(pid: int) -> list[float]:
    """Return the proportional set size of each worker of a gunicorn, in MiB."""
    sizes = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and (fields := _stat(int(folder.name))) and int(fields[1]) == pid:
            lines = (folder / "smaps_rollup").read_text().splitlines()
            sizes.append(next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024)
    return sorted(sizes)


class Backends:
    """The CPU of the PostgreSQL processes that serve one database, from their /proc; looked at five times a second.

    A process that ends between two looks loses what it used since the last one: connections that stay open, as both
    shops keep them, lose nothing.
    """

    def __init__(self, address: str):
        self._address = address
        self._name = urlsplit(address).path.lstrip("/")
        self._used: dict[int, float] = {}
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look_again, daemon=True)

    def __enter__(self) -> "Backends":
        maintenance = urlunsplit(urlsplit(self._address)._replace(path="/postgres"))
        self._connection = psycopg.connect(maintenance, autocommit=True)
        own = self._connection.info.backend_pid
        if not _stat(own) or "postgres" not in (Path("/proc") / str(own) / "comm").read_text():
            raise SystemExit("PostgreSQL runs on another machine: its CPU time cannot be read here.")
        self._look()
        self._thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._is_over.set()
        self._thread.join()
        self._connection.close()

    def seconds(self) -> float:
        """Return what all its processes have used until now."""
        self._look()
        return sum(self._used.values())

    def _look(self) -> None:
        question = "SELECT pid FROM pg_stat_activity WHERE datname = %s"
        for (pid,) in self._connection.execute(question, [self._name]).fetchall():
            if fields := _stat(pid):
                self._used[pid] = _own_seconds(fields)

    def _look_again(self) -> None:
        while not self._is_over.wait(SAMPLE_SECONDS):
            self._look()


def _stat(pid: int) -> list[str] | None:
    """Return the fields of /proc/PID/stat after the name; None where the process has ended."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


def _own_seconds(fields: list[str]) -> float:
    return (int(fields[11]) + int(fields[12])) / _TICKS
