"""Rows whose value is among thousands of others: one parameter instead of one a value."""

import json
from collections.abc import Collection
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BooleanField, F, Func, QuerySet, Value

_SQL = {
    "sqlite": (" IN (SELECT value FROM json_each(", "))"),
    # Not joined with the values: PostgreSQL then reads the whole table, for each batch anew.
    "postgresql": (" = ANY(", "::{kind}[])"),
}
# Sorts what was found; by the plain key PostgreSQL may read the whole table in its order to find it.
BY_ID = F("id") + 0


def among(rows: Any, name: str, values: Collection[int] | Collection[str]) -> QuerySet[Any]:
    """Return the rows whose field `name` has one of the values.

    Django's `__in` prepares and binds each value: for some hundred that takes longer than the query itself. Narrow the
    rows further in Python, not by a column with an index of its own, which PostgreSQL may take instead.
    """
    if not values:
        return rows.none()
    before, after = _SQL[connections[DEFAULT_DB_ALIAS].vendor]
    is_text = isinstance(next(iter(values)), str)
    listed = json.dumps(list(values)) if "json" in before else _array(values)
    is_listed = Func(
        F(name),
        Value(listed),
        template=f"%(expressions)s{after.format(kind='text' if is_text else 'bigint')}",
        arg_joiner=before,
        output_field=BooleanField(),
    )
    return rows.filter(is_listed)


def _array(values: Collection[int] | Collection[str]) -> str:
    """Return the values as PostgreSQL writes an array; psycopg makes one a value at a time."""
    if not isinstance(next(iter(values)), str):
        return "{" + ",".join(map(str, values)) + "}"
    quoted = "\0".join(map(str, values)).replace("\\", "\\\\").replace('"', '\\"').replace("\0", '","')
    return '{"' + quoted + '"}'
