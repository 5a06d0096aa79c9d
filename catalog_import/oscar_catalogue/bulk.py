"""Inserts many rows with the columns they need: a fraction of what `bulk_create` takes for wide models.

`bulk_create` prepares every column of every row, and Oscar's tables have many that an import leaves at their default.
PostgreSQL gets each column as one array in one statement; SQLite, which has no network between, row by row.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

MAX_PARAMETERS = 900  # SQLite's limit is 999 in older builds
# Their values go to the database as they are: asking each field would take a third of the time of writing.
_AS_THEY_ARE = frozenset(
    [
        *(models.CharField, models.TextField, models.SlugField, models.ForeignKey, models.BooleanField),
        *(models.IntegerField, models.SmallIntegerField, models.PositiveIntegerField),
        models.PositiveSmallIntegerField,
    ]
)
_FEW_VALUES = (
    models.DateTimeField,
    models.DecimalField,
)  # most rows have the same ones: each is prepared once
Rows = Sequence[Sequence[Any]]


def insert_rows(
    model: type[models.Model], columns: Sequence[str], rows: Rows, *, unique: Sequence[str] = ()
) -> None:
    """Insert rows given as values of the named fields; columns not named must be nullable.

    With `unique` (fields of a unique constraint) a row that exists gets the values of the other columns instead; of
    rows that are alike in those fields the last counts.
    """
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    ending = ""
    if unique:
        places = [columns.index(name) for name in unique]
        rows = list({tuple(row[place] for place in places): row for row in rows}.values())
        others = [_column(model, name) for name in columns if name not in unique]
        action = ", ".join(f"{name} = EXCLUDED.{name}" for name in others)
        target = ", ".join(_column(model, name) for name in unique)
        ending = f" ON CONFLICT ({target}) DO " + (f"UPDATE SET {action}" if others else "NOTHING")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(*_one_statement(model, columns, rows, ending))
        else:
            sql = f"{_insert_into(model, columns)} VALUES ({', '.join(['%s'] * len(columns))}){ending}"
            cursor.executemany(sql, list(_prepare(model, columns, rows)))


def insert_returning_ids(model: type[models.Model], columns: Sequence[str], rows: Rows) -> list[int]:
    """Insert rows as `insert_rows` does and return their ids in the same order."""
    ids: list[int] = []
    if not rows:
        return ids
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(*_one_statement(model, columns, rows, " RETURNING id"))
            return [row[0] for row in cursor.fetchall()]
        place = f"({', '.join(['%s'] * len(columns))})"
        size = MAX_PARAMETERS // len(columns)
        for start in range(0, len(rows), size):
            part = rows[start : start + size]
            values = [value for row in _prepare(model, columns, part) for value in row]
            places = ", ".join([place] * len(part))
            cursor.execute(f"{_insert_into(model, columns)} VALUES {places} RETURNING id", values)
            ids += (row[0] for row in cursor.fetchall())
    return ids


def _one_statement(
    model: type[models.Model], columns: Sequence[str], rows: Rows, ending: str
) -> tuple[str, list[list[Any]]]:
    """Return an INSERT of all rows, in their order, with its parameters: an array for each column."""
    connection = connections[DEFAULT_DB_ALIAS]
    types = [str(model._meta.get_field(name).db_type(connection)).partition("(")[0] for name in columns]
    arrays = ", ".join(f"%s::{each}[]" for each in types)
    sql = f"{_insert_into(model, columns)} SELECT * FROM unnest({arrays}){ending}"  # noqa: S608
    return sql, [list(column) for column in zip(*_prepare(model, columns, rows), strict=True)]


def _insert_into(model: type[models.Model], columns: Sequence[str]) -> str:
    table = connections[DEFAULT_DB_ALIAS].ops.quote_name(model._meta.db_table)
    return f"INSERT INTO {table} ({', '.join(_column(model, name) for name in columns)})"


def _column(model: type[models.Model], name: str) -> str:
    return connections[DEFAULT_DB_ALIAS].ops.quote_name(model._meta.get_field(name).column)


def _prepare(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Iterator[list[Any]]:
    fields = [model._meta.get_field(name) for name in columns]
    converted = [
        (index, _preparer(field)) for index, field in enumerate(fields) if type(field) not in _AS_THEY_ARE
    ]
    for row in rows:
        values = list(row)
        for index, prepare in converted:
            values[index] = prepare(values[index])
        yield values


def _preparer(field: Any) -> Callable[[Any], Any]:
    connection = connections[DEFAULT_DB_ALIAS]
    if type(field) is models.JSONField and field.encoder is None:
        return json.dumps
    if not isinstance(field, _FEW_VALUES):
        return lambda value: field.get_db_prep_save(value, connection)
    known: dict[Any, Any] = {}

    def prepare(value: Any) -> Any:
        if value not in known:
            known[value] = field.get_db_prep_save(value, connection)
        return known[value]

    return prepare
