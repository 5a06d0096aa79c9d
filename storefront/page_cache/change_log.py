"""The log of what changed, shared by all processes through the cache, and what one process knows of it.

Each change has a number, the clock. A page remembers the clock it was made at and holds while nothing it shows
changed later. What the cache lost counts as a change of everything: it can make pages anew, never keep a stale one.
"""

import threading
import time
from collections.abc import Iterable

from django.core.cache import cache

from storefront.core.remembered import Remembered
from storefront.page_cache.release import release
from storefront.page_cache.shown import EVERYTHING, LISTS, SITE

CLOCK_KEY = "pages.clock"
KEPT_SECONDS = 2 * 60 * 60  # longer than any page
_READ_AT_ONCE = 500
_KNOWN_KEYS = 5000


class ChangeLog:
    """What one process knows: the clock it read last, and when each key last changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.clock = self._floor = 0
        self._changed_at: dict[str, int] = {}

    def follow(self, clock: int | None) -> int:
        """Read what was announced up to `clock`, the value of CLOCK_KEY, and return the clock to make pages at."""
        if clock is None:
            clock = _start_clock()
        if clock > self.clock:
            with self._lock:
                if clock > self.clock:  # another thread may have read further
                    self._read_up_to(clock)
        return clock

    def is_fresh(self, *, keys: Iterable[str], made_at: int) -> bool:
        """Say whether nothing these keys name changed since a page was made."""
        changed_at = self._changed_at
        return made_at >= self._floor and not any(changed_at.get(key, 0) > made_at for key in keys)

    @property
    def generation(self) -> str:
        """What changes whenever the parts of every page, or lists, may have changed."""
        moments = (self._changed_at.get(key, 0) for key in (SITE, LISTS))
        return ".".join(str(max(self._floor, moment)) for moment in moments)

    def _read_up_to(self, clock: int) -> None:
        first = max(self.clock, clock - _READ_AT_ONCE) + 1
        numbers = range(first, clock + 1)
        found = cache.get_many([_change_key(number) for number in numbers])
        floor = first - 1 if first > self.clock + 1 else self._floor
        fresh: dict[str, int] = {}
        for number in numbers:
            keys = found.get(_change_key(number))
            if keys is None or EVERYTHING in keys:
                floor, keys = number, ()
            fresh.update(dict.fromkeys(keys, number))
        is_site_changed = floor > self._floor or SITE in fresh
        self._changed_at = {**self._changed_at, **fresh}
        if len(self._changed_at) > _KNOWN_KEYS:
            floor, self._changed_at = clock, {}
        self._floor, self.clock = floor, clock
        if is_site_changed:
            for value in Remembered.everything:
                value.forget()


change_log = ChangeLog()


def announce(keys: Iterable[str]) -> None:
    """Tell every process that what these keys name has changed; call it after the change is committed."""
    found = tuple(dict.fromkeys(keys))
    if not found:
        return
    try:
        number = cache.incr(CLOCK_KEY)
    except ValueError:
        _start_clock()
        number = cache.incr(CLOCK_KEY)
    cache.set(_change_key(number), found, KEPT_SECONDS)


def fresh_key(name: str) -> str:
    """Return a cache key for what every page or list reads: another one once it may have changed."""
    return f"{name}@{release()}.{change_log.generation}"


def _start_clock() -> int:
    """Begin above every number that was given out before: fewer changes than microseconds have passed."""
    start = time.time_ns() // 1000
    return start if cache.add(CLOCK_KEY, start, None) else cache.get(CLOCK_KEY, start)


def _change_key(number: int) -> str:
    return f"pages.change.{number}"
