"""A freshly migrated SQLite database as one SQL text, loaded in a second instead of migrated in a minute.

Django renders every model's history for each migration; for Oscar and Wagtail that is some 45 seconds of work
whose result is always the same. The text is committed; `manage.py make_snapshot --check` proves it equal to
the migrated database, schema and rows.
"""

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

SNAPSHOT_FILE = Path(__file__).parent / "snapshot.sql"
# What differs from run to run and means nothing here: moments, random keys, the order of independent migrations.
_TIMESTAMP = re.compile(r"^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d")
_FIXED_MOMENT = "2026-01-01 00:00:00"
_RANDOM_KEY = re.compile(r"^[0-9a-f]{32}$")
_MIGRATIONS = "django_migrations"
_NUMBERED_MIGRATIONS = (
    "SELECT row_number() OVER (ORDER BY app, name), app, name, applied FROM django_migrations ORDER BY 1"
)


def dump_database(path: Path) -> str:
    """Return the whole database at `path` as SQL, the same text for the same content."""
    database = sqlite3.connect(path)
    try:
        return "\n".join(_statements(database)) + "\n"
    finally:
        database.close()


def load_snapshot(path: Path) -> None:
    """Make the SQLite file `path` from the committed snapshot; an existing one is replaced, whole or not at all."""
    partial = path.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    database = sqlite3.connect(partial)
    try:
        database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;")
        database.executescript(SNAPSHOT_FILE.read_text(encoding="utf-8"))
    finally:
        database.close()
    partial.replace(path)


def _statements(database: sqlite3.Connection) -> Iterator[str]:
    entries = database.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"
        " AND name NOT LIKE 'sqlite_%' ORDER BY name"
    ).fetchall()
    virtual = [name for _, name, _, sql in entries if sql.startswith("CREATE VIRTUAL TABLE")]
    shadow = tuple(f"{name}_" for name in virtual)
    tables = [
        (name, sql) for kind, name, _, sql in entries if kind == "table" and not name.startswith(shadow)
    ]
    yield "BEGIN;"
    for _, sql in tables:
        yield f"{sql};"
    for name, _ in tables:
        if name not in virtual:
            yield from _rows(database, name)
    for wanted in ("index", "trigger", "view"):
        for kind, _, _, sql in entries:
            if kind == wanted:
                yield f"{sql};"
    yield "COMMIT;"


def _rows(database: sqlite3.Connection, table: str) -> Iterator[str]:
    every_row = f'SELECT * FROM "{table}" ORDER BY 1'  # noqa: S608 - a name from sqlite_master
    for row in database.execute(_NUMBERED_MIGRATIONS if table == _MIGRATIONS else every_row):
        values = ", ".join(_literal(value, place=f"{table} {row[0]}") for value in row)
        yield f'INSERT INTO "{table}" VALUES ({values});'  # noqa: S608 - likewise


def _literal(value: object, *, place: str) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, bytes):
        return f"X'{value.hex()}'"
    text = str(value)
    if _TIMESTAMP.match(text):
        text = _FIXED_MOMENT
    elif _RANDOM_KEY.match(text):
        text = hashlib.md5(place.encode(), usedforsecurity=False).hexdigest()
    return "'" + text.replace("'", "''") + "'"
