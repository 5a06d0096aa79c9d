"""Parts of every page, such as menus: kept by the cache for all processes, and by each for a few seconds.

A part is read anew once anything that pages or lists show everywhere may have changed (`change_log.generation`).
"""

from collections.abc import Callable
from time import monotonic
from typing import TypeVar

from django.conf import settings
from django.core.cache import cache

from storefront.page_cache.change_log import change_log, fresh_key

Value = TypeVar("Value")

_MOST_PARTS = 1000
_here: dict[str, tuple[str, float, object]] = {}


def part(name: str, read: Callable[[], Value], *, seconds: int) -> Value:
    """Return what `read` returned for this name; no older than `seconds`, and PARTS_KEPT_SECONDS beside them.

    All who ask share the value: nobody may change it.
    """
    generation = change_log.generation
    kept = _here.get(name)
    if kept and kept[0] == generation and monotonic() < kept[1]:
        return kept[2]  # type: ignore[return-value]
    value = cache.get_or_set(fresh_key(name), read, seconds)
    if len(_here) >= _MOST_PARTS:
        _here.clear()
    _here[name] = (generation, monotonic() + settings.PARTS_KEPT_SECONDS, value)
    return value


def forget_part(name: str) -> None:
    """Have it read anew by who changed it, before the change is announced."""
    _here.pop(name, None)
    cache.delete(fresh_key(name))
