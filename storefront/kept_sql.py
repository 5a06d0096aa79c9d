"""Queries that every page asks: Django writes their SQL once a process, PostgreSQL plans it once a connection.

Building one with Django takes about as long as five take to be answered. A kept query is built with `Given` in place
of what is only known when it is asked, and answers with plain tuples.
"""

import json
import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models import BigIntegerField, Expression, Field, Model, QuerySet

AnyModel = TypeVar("AnyModel", bound=Model)


class Given(Expression):
    """A value of a kept query that is known by this name when it is asked."""

    def __init__(self, name: str, output_field: Field[Any, Any]):
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        return "%s", [self]

    def prepare(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        """Return the value as the database takes it."""
        return self.output_field.get_db_prep_value(value, connection)


class GivenAmong(Given):
    """Any number of values as one parameter, for `__in`; whole numbers, or with another field its kind."""

    def __init__(self, name: str, output_field: Field[Any, Any] | None = None):
        super().__init__(name, output_field or BigIntegerField())

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        if connection.vendor != "postgresql":
            return "(SELECT value FROM json_each(%s))", [self]
        kind = "bigint" if isinstance(self.output_field, BigIntegerField) else "text"
        return f"(SELECT unnest(%s::{kind}[]))", [self]

    def prepare(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        """Return the values as the database takes them."""
        if connection.vendor != "postgresql":
            return json.dumps(list(value))
        if isinstance(self.output_field, BigIntegerField):  # psycopg takes as long for each as this for ten
            return f"{{{','.join(map(str, value))}}}"
        return list(value)


class Among(GivenAmong):
    """Many whole numbers that are known already, as one parameter: Django binds each of a list."""

    def __init__(self, values: Sequence[int]):
        super().__init__("values")
        self.values = values

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        sql, _parameters = super().as_sql(compiler, connection)
        return sql, [self.prepare(self.values, connection)]


def columns_of(model: type[Model]) -> list[str]:
    """Return what a `values_list()` names to have all columns of a model, in the order of `from_row`."""
    return [column.attname for column in model._meta.concrete_fields]


def from_row(model: type[AnyModel], values: Sequence[Any]) -> AnyModel:
    """Return the object of a row of `columns_of`."""
    return model.from_db(DEFAULT_DB_ALIAS, columns_of(model), values)


_AMONG = re.compile(r"\bIN \(SELECT unnest\((%s::\w+\[\])\)\)")
# One for each connection: it need not learn again how values are read.
_cursors: WeakKeyDictionary[BaseDatabaseWrapper, Any] = WeakKeyDictionary()


@dataclass(frozen=True)
class _Statement:
    sql: str
    numbered: str  # the same for a `RawCursor`, which need not look for the places of the values each time
    parameters: tuple[Any, ...]
    converters: Mapping[int, tuple[list[Callable[..., Any]], Any]]


class KeptSql:
    """A query that `build` makes as a `values_list()` of `shape`: all that its text depends on."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]):
        self._build = build
        self._statements: dict[tuple[Hashable, ...], _Statement] = {}

    def __call__(self, *shape: Hashable, **given: Any) -> list[tuple[Any, ...]]:
        """Return the rows for what is given by name, in the order of the `values_list()`."""
        connection = connections[DEFAULT_DB_ALIAS]
        statement = self._statements.get((connection.vendor, *shape))
        if statement is None:
            statement = _write(self._build(*shape), connection)
            self._statements[connection.vendor, *shape] = statement
        parameters = [
            each.prepare(given[each.name], connection) if isinstance(each, Given) else each
            for each in statement.parameters
        ]
        cursor = _raw_cursor(connection)
        if cursor is not None:
            cursor.execute(statement.numbered, parameters)
        else:
            cursor = connection.cursor()
            cursor.execute(statement.sql, parameters)
        rows = cursor.fetchall()
        return _convert(rows, statement, connection) if statement.converters else rows


def _write(query: QuerySet[Any, Any], connection: BaseDatabaseWrapper) -> _Statement:
    compiler = query.query.get_compiler(connection=connection)
    sql, parameters = compiler.as_sql()
    if connection.vendor == "postgresql":  # `IN` would join the values, which takes twice as long for a few
        sql = _AMONG.sub(r"= ANY(\1)", sql)
    converters = compiler.get_converters([column[0] for column in compiler.select])
    return _Statement(sql, _number(sql), tuple(parameters), converters)


def _number(sql: str) -> str:
    """Return the SQL with $1, $2, … in place of each %s."""
    numbers = count(1)
    return re.sub("%[%s]", lambda found: "%" if found[0] == "%%" else f"${next(numbers)}", sql)


def _raw_cursor(connection: BaseDatabaseWrapper) -> Any | None:
    """Return a cursor that leaves the values to PostgreSQL: it plans the same text once (`prepare_threshold`).

    None for another database, and where queries are logged: a log would lack the text.
    """
    if connection.vendor != "postgresql" or connection.queries_logged:
        return None
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    cursor = _cursors.get(connection)
    if cursor is None or cursor.connection is not connection.connection:
        from psycopg import RawCursor

        cursor = _cursors[connection] = RawCursor(connection.connection)
    return CursorWrapper(cursor, connection)


def _convert(rows: list[Any], statement: _Statement, connection: BaseDatabaseWrapper) -> list[Any]:
    converted = [list(row) for row in rows]
    for place, (converters, column) in statement.converters.items():
        for row in converted:
            for convert in converters:
                row[place] = convert(row[place], column, connection)
    return [tuple(row) for row in converted]
