"""Rows per second of read -> plan -> apply without pictures, beside writing the very same rows to the same tables bare.

The floor is measured in the same run: what the import wrote is read out of its tables and put into empty ones, with
their keys, indexes and triggers, by COPY on PostgreSQL and by one prepared INSERT a table on SQLite.
"""

import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests.benchmarks.memory_watch import MemoryWatch
from tests.data.generate_listings import Maker, header

ROOT = Path(__file__).resolve().parents[2]
GENERATOR = ROOT / "tests" / "data" / "generate_listings.py"
SERVER = "postgres://postgres@127.0.0.1:5432/postgres"
SIZES = (10_000, 100_000)
ROWS_OF_A_FILE = 250_000
TABLES = (
    "catalogue_productclass", "catalogue_productattribute", "partner_partner", "catalogue_category",
    "markets_categorytext", "catalogue_product", "partner_stockrecord", "catalogue_productattributevalue",
    "catalogue_productcategory", "markets_producttext", "markets_optiontext", "markets_marketprice",
    "markets_pricechange", "catalog_import_amazonlisting",
)  # fmt: skip
KEEP = ("catalogue_productclass", "catalogue_productattribute", "partner_partner")  # a new shop has some


@dataclass(frozen=True)
class Measured:
    """Wall seconds, seconds of CPU of the command's processes, and the most memory they had together, in MB.

    A page that two of them share counts once.
    """

    seconds: float
    cpu_seconds: float
    megabytes: float


def main(arguments: list[str] | None = None) -> None:
    """Print the figures of both databases, or of those that are there."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks import")
    parser.add_argument("--rows", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--million", action="store_true", help="A million rows, too.")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], nargs="*")
    parser.add_argument("--no-workbook", action="store_true")
    options = parser.parse_args(arguments or [])
    sizes = [*options.rows, *([1_000_000] if options.million else [])]
    with tempfile.TemporaryDirectory() as folder:
        for name in options.database or ("sqlite", "postgresql"):
            shop = (SqliteShop if name == "sqlite" else PostgresShop)(Path(folder) / name)
            startup = shop.manage("import_amazon", "--help")
            print(f"{name}: start-up {startup.seconds:.1f} s, {startup.cpu_seconds:.1f} s of CPU", flush=True)
            for rows in sizes:
                _measure(shop, generate(Path(folder), rows, ".txt"), rows, startup)
            if not options.no_workbook:
                shop.empty()
                done = shop.manage("import_amazon", "plan", str(generate(Path(folder), 50_000, ".xlsx")),
                                   "--marketplace", "us")  # fmt: skip
                print(f"  {50_000:>9,} rows of xlsx planned: {done.megabytes:.0f} MB at most", flush=True)
            shop.close()


def _measure(shop: "_Shop", report: Path, rows: int, startup: Measured) -> None:
    shop.empty()
    import_ = ("import_amazon", "apply", str(report), "--marketplace", "us", "--no-pictures")
    first = shop.manage(*import_)
    again = shop.manage(*import_)
    floor = shop.write_bare()
    seconds, unchanged = first.seconds - startup.seconds, again.seconds - startup.seconds
    cpu, unchanged_cpu = first.cpu_seconds - startup.cpu_seconds, again.cpu_seconds - startup.cpu_seconds
    print(
        f"  {rows:>9,} rows: first {rows / seconds:,.0f} rows/s ({1e6 * cpu / rows:.0f} µs of CPU a row), "
        f"floor {rows / floor:,.0f} rows/s, {100 * floor / seconds:.0f} % of it; "
        f"unchanged {rows / unchanged:,.0f} rows/s, {seconds / unchanged:.1f} x ({cpu / unchanged_cpu:.1f} x in CPU); "
        f"{max(first.megabytes, again.megabytes):.0f} MB at most in all",
        flush=True,
    )


def generate(folder: Path, rows: int, ending: str) -> Path:
    """Return an export of that many rows, made where there is none yet; a folder of several files if it is long."""
    report = folder / f"report-{rows}{ending}"
    if not report.exists():
        command = [sys.executable, str(GENERATOR), "--rows", str(rows), "--format", "clr", "--seed", "7"]
        subprocess.run([*command, "--out", str(report)], check=True, capture_output=True)
        if rows > ROWS_OF_A_FILE:
            _split(report)
    return report


def _split(report: Path) -> None:
    """Put a folder of files with a part of the rows each in the place of a file that the import finds too large."""
    whole = report.rename(report.with_suffix(".whole"))
    report.mkdir()
    with whole.open("rb") as lines:
        head = list(islice(lines, len(header(Maker("clr", "us", "7")))))
        for number in count(1):
            part = list(islice(lines, ROWS_OF_A_FILE))
            if not part:
                break
            (report / f"part-{number}.txt").write_bytes(b"".join([*head, *part]))
    whole.unlink()


class _Shop:
    """A shop of its own: its folder and the database that `environment` names."""

    def __init__(self, folder: Path, **environment: str):
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self._environment = {
            **{
                name: value
                for name, value in os.environ.items()
                if name not in ("DATABASE_URL", "SQLITE_FILE")
            },
            "VAR_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "storefront.settings.dev",
            "DEBUG": "false",  # as in production: with DEBUG Django writes every statement out a second time
            **environment,
        }

    def manage(self, *arguments: str) -> Measured:
        """Run a command in a process of its own."""
        log = self.folder / "log.txt"
        began = time.monotonic()
        with log.open("wb") as stream:
            child = subprocess.Popen(
                [sys.executable, "manage.py", *arguments],
                cwd=ROOT, env=self._environment, stdout=stream, stderr=stream,
            )  # fmt: skip
            memory = MemoryWatch(child.pid)
            memory.start()
            _pid, status, usage = os.wait4(child.pid, 0)
            seconds = time.monotonic() - began
            memory.join()
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in (0, 1):
            raise RuntimeError(log.read_text()[-2000:])
        cpu = usage.ru_utime + usage.ru_stime
        return Measured(seconds, cpu, memory.most / 1024)

    def empty(self) -> None:
        """Begin with a new shop."""
        raise NotImplementedError

    def write_bare(self) -> float:
        """Write what the import wrote into empty tables; return the seconds."""
        raise NotImplementedError

    def close(self) -> None:
        """Leave nothing behind."""


class SqliteShop(_Shop):
    """A shop on SQLite."""

    def __init__(self, folder: Path):
        self._file, self._seed = folder / "shop.sqlite3", folder / "seed.sqlite3"
        super().__init__(folder, SQLITE_FILE=str(self._file))
        self.manage("prepare_database")
        self._checkpoint()
        self._seed.write_bytes(self._file.read_bytes())

    def _checkpoint(self) -> None:
        with sqlite3.connect(self._file) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def empty(self) -> None:
        for ending in ("-wal", "-shm"):
            self._file.with_name(self._file.name + ending).unlink(missing_ok=True)
        self._file.write_bytes(self._seed.read_bytes())

    def write_bare(self) -> float:
        target = self.folder / "bare.sqlite3"
        target.write_bytes(self._seed.read_bytes())
        source = sqlite3.connect(self._file)
        bare = sqlite3.connect(target)
        bare.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
        content = {table: source.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}  # noqa: S608
        for table in reversed(TABLES):
            bare.execute(f"DELETE FROM {table}")  # noqa: S608
        bare.commit()
        began = time.monotonic()
        for table, rows in content.items():
            if rows:
                places = ", ".join("?" * len(rows[0]))
                bare.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608
        bare.commit()
        seconds = time.monotonic() - began
        source.close()
        bare.close()
        return seconds


class PostgresShop(_Shop):
    """A shop on PostgreSQL."""

    NAME = "bench_import"

    def __init__(self, folder: Path):
        self._server = os.environ.get("DATABASE_URL", SERVER)
        super().__init__(folder, DATABASE_URL=self._address(self.NAME))
        self._make(self.NAME, "template1")
        self.manage("prepare_database")
        self._make(f"{self.NAME}_seed", self.NAME)

    def _address(self, name: str) -> str:
        return urlunsplit(urlsplit(self._server)._replace(path=f"/{name}"))

    def _make(self, name: str, template: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')  # type: ignore[arg-type]
            server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')  # type: ignore[arg-type]

    def empty(self) -> None:
        self._make(self.NAME, f"{self.NAME}_seed")

    def write_bare(self) -> float:
        bare = f"{self.NAME}_bare"
        self._make(bare, f"{self.NAME}_seed")
        with (
            psycopg.connect(self._address(self.NAME)) as source,
            psycopg.connect(self._address(bare)) as target,
        ):
            for table in TABLES:
                with (
                    source.cursor().copy(f"COPY {table} TO STDOUT") as copy,
                    self._part(table).open("wb") as part,
                ):
                    for chunk in copy:
                        part.write(chunk)
            for table in reversed(KEEP):
                target.execute(f"DELETE FROM {table}")  # type: ignore[arg-type]  # noqa: S608
            target.commit()
            began = time.monotonic()
            for table in TABLES:
                with (
                    target.cursor().copy(f"COPY {table} FROM STDIN") as copy,
                    self._part(table).open("rb") as part,
                ):
                    while chunk := part.read(1 << 20):
                        copy.write(chunk)
            target.commit()
            seconds = time.monotonic() - began
        self._drop(bare)
        return seconds

    def _part(self, table: str) -> Path:
        return self.folder / f"{table}.copy"

    def _drop(self, name: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')  # type: ignore[arg-type]

    def close(self) -> None:
        for name in (self.NAME, f"{self.NAME}_seed"):
            self._drop(name)
