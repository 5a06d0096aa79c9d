"""Fragments that many pages have: a product's card, the footer. Kept as whole pages are, dropped by the same keys.

They are the same for everybody in an edition, so that pages of visitors with a basket are made of them, too. Outside
of a page, where nobody has read the log of changes, everything is made anew.
"""

import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.cache import cache
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.translation import get_language

from storefront.page_cache import shown
from storefront.page_cache.freshness import Kept, next_moment
from storefront.page_cache.release import release

Value = TypeVar("Value")

_MOST_BY_A_PROCESS = 200  # of one place: its editions, times what else it differs by


@dataclass(frozen=True, slots=True)
class Fragment(Kept):
    """A part of a page, as data or as HTML."""

    value: Any


class FragmentStore(Generic[Value]):
    """What one place of a template shows in each edition; each process has its own, as there are few."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, Fragment] = {}

    def read(self, make: Callable[[], Value], *, differs_by: Sequence[Hashable] = ()) -> Value:
        """Return what `make` returned in this edition for the same values of `differs_by`, while that holds."""
        clock = shown.page_clock()
        if clock is None:
            return make()
        name = (*_edition(), *differs_by)
        kept = self._kept.get(name)
        if kept is not None and kept.holds():
            shown.note(*kept.keys)
            return kept.value
        now = timezone.now()
        with shown.collect(clock=clock) as noted:
            value = make()
        if noted.is_for_everybody:
            if len(self._kept) >= _MOST_BY_A_PROCESS:
                self._kept.clear()
            until = next_moment(now=now, clock=clock)
            self._kept[name] = Fragment(clock, until, tuple(noted.keys), value)
        return value


def read_each(
    ids: Sequence[int], *, kind: str, make: Callable[[list[int]], Mapping[int, Value]]
) -> dict[int, Value]:
    """Return by id what `make` made of it in this edition; what no longer holds is made together, then kept for all.

    `kind` and id are what it is called, as "card:12", in the cache and in the log of changes. An id that `make`
    leaves out is asked for again.
    """
    clock = shown.page_clock()
    if clock is None or not ids:
        return dict(make(list(ids)))
    edition = ".".join(_edition())
    names = {each: f"pages.{kind}:{each}.{edition}.{release()}" for each in ids}
    found = cache.get_many(names.values())
    values: dict[int, Value] = {}
    for each, name in names.items():
        kept = found.get(name)
        if isinstance(kept, Fragment) and kept.holds():
            values[each] = kept.value
    missing = [each for each in names if each not in values]
    if missing:
        until = next_moment(now=timezone.now(), clock=clock)
        made = make(missing)
        fresh = {
            names[each]: Fragment(clock, until, (shown.SITE, f"{kind}:{each}"), value)
            for each, value in made.items()
        }
        if fresh:
            cache.set_many(fresh, max(1, int(until - time.time())))
        values.update(made)
    return values


def _edition() -> tuple[str, str]:
    """Return what names the edition that is shown; an edition outside of any has no prefix and its own language."""
    return get_language() or "", get_script_prefix()
