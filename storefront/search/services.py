"""What a search writes: what was looked for in vain."""

from datetime import datetime

from django.conf import settings
from django.db.models import F

from storefront.markets.editions import current_edition
from storefront.search.models import SearchMiss

MISSES_KEPT = 5000


def record_miss(*, query: str, now: datetime) -> None:
    """Count a search that found nothing in the shopper's edition; nothing is kept of the shopper."""
    edition = current_edition()
    code = edition.code if edition else settings.LANGUAGE_CODE
    misses = SearchMiss.objects.filter(edition=code, query=query.lower()[:100])
    if misses.update(times=F("times") + 1, last_at=now):
        return
    if SearchMiss.objects.count() < MISSES_KEPT:  # a robot must not fill the table
        SearchMiss.objects.get_or_create(
            edition=code, query=query.lower()[:100], defaults={"times": 1, "last_at": now}
        )
