"""How long something that was made for a page holds: until what it shows changes, or the time of day makes it wrong."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.apps import apps
from django.db.models import Min, Q

from storefront.page_cache.change_log import change_log

LONGEST_SECONDS = 60 * 60
_price_moment: tuple[int, datetime | None] = (-1, None)


@dataclass(frozen=True, slots=True)
class Kept:
    """What was made at a clock of what the keys name. `until` is when the time of day alone makes it wrong."""

    clock: int
    until: float
    keys: tuple[str, ...]

    def holds(self) -> bool:
        """Say whether it may still be shown, as far as this process has read the log of changes."""
        return self.until > time.time() and change_log.is_fresh(keys=self.keys, made_at=self.clock)


def next_moment(*, now: datetime, clock: int) -> float:
    """Return until when what is made now may be shown: a price begins or ends, the day is over, or an hour passed."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    moments = [midnight, now + timedelta(seconds=LONGEST_SECONDS), _next_price(now=now, clock=clock)]
    return min(filter(None, moments)).timestamp()


def _next_price(*, now: datetime, clock: int) -> datetime | None:
    """Return when the next price begins or ends; read once for each change of the shop, and when one has come."""
    global _price_moment
    known_at, moment = _price_moment
    if known_at != clock or (moment and moment <= now):
        prices = apps.get_model("markets", "MarketPrice").objects
        found = prices.aggregate(
            begins=Min("valid_from", filter=Q(valid_from__gt=now)),
            ends=Min("valid_until", filter=Q(valid_until__gt=now)),
        )
        moment = min(filter(None, found.values()), default=None)
        _price_moment = (clock, moment)
    return moment
