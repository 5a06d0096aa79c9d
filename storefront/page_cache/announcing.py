"""From a change in the database to its announcement: right after the commit, whoever made it.

Triggers write each change of what shoppers see into the table of catalogue changes. A process that wrote to a
watched table reads that table after its commit. What others wrote, with SQL by hand, is found by looking from time
to time.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Max

from storefront.page_cache.change_log import announce
from storefront.page_cache.shown import EVERYTHING, LISTS, SITE
from storefront.page_cache.tasks import tell_cdn_of

MOST_CHANGES = 500  # more at once, and all pages are made anew
_WRITE = re.compile(r"\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|MERGE\s+INTO|COPY)\s+\"?(\w+)", re.IGNORECASE)
_OWN_KEYS = ("page:", "under:")
_watched: set[str] = set()
_seen: set[int] = set()
_pile = 0
_is_paused = False


def watch(tables: Iterable[str]) -> None:
    """Name the tables whose writes leave catalogue changes."""
    _watched.update(tables)


def listen(*, connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Have a new connection announce what it changes, once it is committed."""
    if _notice not in connection.execute_wrappers:
        connection.execute_wrappers.append(_notice)


def pause(**kwargs: Any) -> None:
    """Be silent while tables are made and changed; what migrations write is found by the next look."""
    global _is_paused
    _is_paused = True


def resume(**kwargs: Any) -> None:
    """Announce again."""
    global _is_paused
    _is_paused = False


def will_change(connection: BaseDatabaseWrapper, table: str) -> None:
    """Announce after the commit that a table was written to; to be told of writes that Django does not see: COPY."""
    if settings.PAGE_CACHE and not _is_paused and table in _watched and not _is_noticed(connection):
        transaction.on_commit(announce_changes, using=connection.alias, robust=True)


def announce_changes(*, is_own: bool = True) -> None:
    """Announce the pending catalogue changes that this process has not announced yet; one query, or two.

    Of a pile, as an import makes it, only the last one is compared, unless they are this process's own. A CDN is
    told by who made a change, and again by who indexes it: not by each process that sees it.
    """
    global _seen, _pile
    changes = apps.get_model("storefront_search", "CatalogueChange").objects.filter(is_indexed=False)
    rows = list(
        changes.order_by("pk").values_list("pk", "product_id", "is_on_lists", "tag")[: MOST_CHANGES + 1]
    )
    if len(rows) > MOST_CHANGES:
        last = changes.aggregate(last=Max("pk"))["last"] or 0
        if is_own or last != _pile:
            _tell([EVERYTHING], with_cdn=is_own)
        _pile = last
        return
    new = [row[1:] for row in rows if row[0] not in _seen]
    if new:
        _tell(keys_of(new), with_cdn=is_own)
    _seen = {row[0] for row in rows}


def announce_everywhere(keys: Collection[str]) -> None:
    """Announce to every process and to the CDN, if there is one."""
    _tell(keys, with_cdn=True)


def _tell(keys: Collection[str], *, with_cdn: bool) -> None:
    announce(keys)
    if keys and with_cdn:
        tell_cdn_of(keys)


def keys_of(rows: Sequence[tuple[int | None, bool, str]]) -> list[str]:
    """Return the keys that changes name, each (product, whether lists show it, tag): one query for the families."""
    if len(rows) > MOST_CHANGES:
        return [EVERYTHING]
    products = {product_id for product_id, _is_on_lists, _tag in rows if product_id is not None}
    families: dict[int, int] = {}
    if products:
        variants = apps.get_model("catalogue", "Product").objects.filter(pk__in=products).exclude(parent=None)
        families = dict(variants.values_list("pk", "parent_id"))
    keys: set[str] = set()
    for product_id, is_on_lists, tag in rows:
        if product_id is None:
            keys |= {tag or SITE}
            keys |= set() if tag == LISTS or tag.startswith(_OWN_KEYS) else {SITE}
            continue
        shown = {product_id, families.get(product_id, product_id)}
        keys |= {f"product:{shown_id}" for shown_id in shown}
        if is_on_lists:
            keys |= {LISTS, *(f"card:{shown_id}" for shown_id in shown)}
    return sorted(keys)


def _notice(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    result = execute(sql, params, many, context)
    if settings.PAGE_CACHE and isinstance(sql, str) and (found := _WRITE.match(sql)):
        will_change(context["connection"], found[1])
    return result


def _is_noticed(connection: BaseDatabaseWrapper) -> bool:
    return any(waiting[1] is announce_changes for waiting in connection.run_on_commit)
