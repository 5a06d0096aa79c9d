"""Which file of a sitemap a page is in.

A file holds what has its key in one range of RANGE_SIZE keys: it is found by an index of the database, never outgrows
the protocol's limits, and keeps its address when something else is deleted.
"""

from datetime import datetime

from django.db.models import F, IntegerField, Max, QuerySet
from django.db.models.expressions import ExpressionWrapper

RANGE_SIZE = 5_000


def newest_by_range(rows: QuerySet, *, key: str, changed_at: str) -> dict[int, datetime | None]:
    """Return for each range of keys with rows in it when the newest of them changed; one query."""
    number = ExpressionWrapper(F(key) / RANGE_SIZE, output_field=IntegerField())
    found = rows.order_by().values(number=number).annotate(newest=Max(changed_at)).order_by("number")
    return dict(found.values_list("number", "newest"))


def keys_of(number: int) -> tuple[int, int]:
    """Return the first and the last key of a range."""
    return number * RANGE_SIZE, (number + 1) * RANGE_SIZE - 1
