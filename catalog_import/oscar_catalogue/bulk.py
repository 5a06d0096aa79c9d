"""Bulk writes of prepared values: nothing is made of a row but what the database needs.

Twice as fast as `bulk_create`, which builds a model, looks at every field of every row, and writes every column of
every row, and Oscar's tables have many that an import leaves at their default.
PostgreSQL gets new rows by COPY and others as one array a column; SQLite, which has no network between, row by row.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any

import orjson
from django.db import DEFAULT_DB_ALIAS, connections, models
from oscar.models.fields import NullCharField
from oscar.models.fields.slugfield import SlugField

from catalog_import.oscar_catalogue.copying import copy_rows
from storefront.page_cache.announcing import will_change

# Their values go to the database as they are: asking each field would take a third of the time of writing.
_AS_THEY_ARE = frozenset(
    [
        *(models.CharField, models.TextField, models.SlugField, models.BooleanField),
        *(models.ForeignKey, models.OneToOneField, SlugField),
        *(models.IntegerField, models.SmallIntegerField, models.PositiveIntegerField),
        *(models.PositiveSmallIntegerField, models.AutoField, models.BigAutoField),
    ]
)
_FEW_VALUES = (
    models.DateTimeField,
    models.DecimalField,
)  # most rows have the same ones: each is prepared once
_NEXT_IDS = (  # the sequence is looked for once, not for every number
    "WITH found AS MATERIALIZED (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS sequence)"
    " SELECT nextval(sequence) FROM found, generate_series(1, %s)"
)
Rows = Sequence[Sequence[Any]]


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Rows) -> None:
    """Insert rows given as values of the named fields; columns not named must be nullable or have a default."""
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            cursor.executemany(_insert_one(model, columns), list(_prepare(model, columns, rows)))
        return
    will_change(connection, model._meta.db_table)
    copy_rows(connection, _named(model, columns), _prepare_columns(model, columns, rows))


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """Return ids that the database gives to nobody else; call it inside the transaction that uses them."""
    table = model._meta.db_table
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_NEXT_IDS, [table, count])
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or (0,))[0]
        return list(range(last + 1, last + 1 + count))


def refresh_statistics(tables: Iterable[type[models.Model]]) -> None:
    """Have PostgreSQL see how large its tables have become: by itself it looks once a minute, and may till then read
    a whole table where the index would do. Only what rows are looked up by is looked at: texts would take longest.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(_named(model, _looked_up_by(model)) for model in tables)}")


def _looked_up_by(model: type[models.Model]) -> list[str]:
    """Return the fields of a model that an index begins with or goes on with."""
    fields = [field for field in model._meta.local_concrete_fields if field.db_index or field.unique]
    rules = [*model._meta.indexes, *model._meta.constraints]
    names = [name for rule in rules for name in getattr(rule, "fields", ())]
    names += [name for group in model._meta.unique_together for name in group]
    return list(dict.fromkeys([*(field.name for field in fields), *(name.lstrip("-") for name in names)]))


def upsert_rows(
    model: type[models.Model], columns: Sequence[str], rows: Rows, *, unique: Sequence[str]
) -> None:
    """Insert rows; one that exists gets the values of the other columns instead.

    `unique` are the fields of a unique constraint; of rows that are alike in them the last counts.
    """
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    rows = last_of_each(columns, rows, unique=unique)
    others = [_column(model, name) for name in columns if name not in unique]
    action = ", ".join(f"{name} = EXCLUDED.{name}" for name in others)
    target = ", ".join(_column(model, name) for name in unique)
    ending = f" ON CONFLICT ({target}) DO " + (f"UPDATE SET {action}" if others else "NOTHING")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            new = f"SELECT * FROM unnest({_arrays(model, columns)})"  # noqa: S608
            sql = f"INSERT INTO {_named(model, columns)} {new}{ending}"
            cursor.execute(sql, [list(each) for each in zip(*_prepare(model, columns, rows), strict=True)])
        else:
            cursor.executemany(_insert_one(model, columns) + ending, list(_prepare(model, columns, rows)))


def update_rows(
    model: type[models.Model], columns: Sequence[str], rows: Rows, *, unique: Sequence[str]
) -> None:
    """Give the rows that there are, told by the `unique` fields, the values of the other columns where they differ."""
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    table = connection.ops.quote_name(model._meta.db_table)
    names = {name: _column(model, name) for name in columns}
    others = [column for name, column in names.items() if name not in unique]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            which = [f"{table}.{names[name]} = new.{names[name]}" for name in unique]
            values = ", ".join(f"{name} = new.{name}" for name in others)
            differ = " OR ".join(f"{table}.{name} IS DISTINCT FROM new.{name}" for name in others)
            new = f"unnest({_arrays(model, columns)}) AS new ({', '.join(names.values())})"
            sql = f"UPDATE {table} SET {values} FROM {new} WHERE {' AND '.join(which)} AND ({differ})"  # noqa: S608
            cursor.execute(sql, [list(each) for each in zip(*_prepare(model, columns, rows), strict=True)])
            return
        values = ", ".join(f"{name} = %s" for name in others)
        which = [f"{names[name]} = %s" for name in unique]
        order = [columns.index(name) for name in (*(n for n in columns if n not in unique), *unique)]
        sql = f"UPDATE {table} SET {values} WHERE {' AND '.join(which)}"  # noqa: S608
        cursor.executemany(sql, [[row[index] for index in order] for row in _prepare(model, columns, rows)])


def last_of_each(columns: Sequence[str], rows: Rows, *, unique: Sequence[str]) -> Rows:
    """Return the rows without those that are alike in the `unique` fields with a later one."""
    key = itemgetter(*(columns.index(name) for name in unique))
    return list({key(row): row for row in rows}.values())


def _arrays(model: type[models.Model], columns: Sequence[str]) -> str:
    """Return a parameter for each column that takes its values as one array."""
    fields = map(model._meta.get_field, columns)
    types = (str(field.db_type(connections[DEFAULT_DB_ALIAS])).partition("(")[0] for field in fields)
    return ", ".join(f"%s::{each}[]" for each in types)


def _insert_one(model: type[models.Model], columns: Sequence[str]) -> str:
    return f"INSERT INTO {_named(model, columns)} VALUES ({', '.join(['%s'] * len(columns))})"  # noqa: S608


def _named(model: type[models.Model], columns: Sequence[str]) -> str:
    table = connections[DEFAULT_DB_ALIAS].ops.quote_name(model._meta.db_table)
    return f"{table} ({', '.join(_column(model, name) for name in columns)})"


def _column(model: type[models.Model], name: str) -> str:
    return connections[DEFAULT_DB_ALIAS].ops.quote_name(model._meta.get_field(name).column)


def _prepare(model: type[models.Model], columns: Sequence[str], rows: Rows) -> Iterator[tuple[Any, ...]]:
    """Yield the rows with their values as the database takes them."""
    return zip(*_prepare_columns(model, columns, rows), strict=True)


def _prepare_columns(model: type[models.Model], columns: Sequence[str], rows: Rows) -> list[Iterable[Any]]:
    """Return the values as the database takes them, column by column."""
    values: list[Iterable[Any]] = list(zip(*rows, strict=True))
    for index, name in enumerate(columns):
        field = model._meta.get_field(name)
        if type(field) not in _AS_THEY_ARE:
            values[index] = map(_preparer(field), values[index])
    return values


def _preparer(field: Any) -> Callable[[Any], Any]:
    connection = connections[DEFAULT_DB_ALIAS]
    if type(field) is models.JSONField and field.encoder is None:
        return _as_json
    if type(field) is NullCharField:
        return lambda value: value or None
    if not isinstance(field, _FEW_VALUES):
        return lambda value: field.get_db_prep_save(value, connection)
    known: dict[Any, Any] = {}

    def prepare(value: Any) -> Any:
        if value not in known:
            known[value] = field.get_db_prep_save(value, connection)
        return known[value]

    return prepare


def _as_json(value: Any) -> str:
    return orjson.dumps(value).decode()
