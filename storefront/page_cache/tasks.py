"""What the worker does for the page cache: a CDN is told of changes, again and again until it has heard."""

import logging
import time
from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django_tasks import task

from storefront.page_cache.cdn import CdnNotTold, purge
from storefront.page_cache.freshness import LONGEST_SECONDS
from storefront.page_cache.release import release
from storefront.page_cache.shown import SITE

SOON = 20  # before mail: a price is wrong meanwhile
LONGEST_WAIT_SECONDS = 60
_RELEASE_KEY = "pages.release_at_cdn"
logger = logging.getLogger(__name__)


def tell_cdn_of(keys: Collection[str]) -> None:
    """Have the worker tell the CDN, if one is named; within a transaction the wish is committed with it."""
    if settings.CDN_PURGE_URL:
        tell_cdn.enqueue(sorted(keys), time.time())


def tell_cdn_of_release() -> None:
    """Tell the CDN, if one is named, that another release makes the pages; call it from time to time.

    Twice: when this process has seen the release, and the time after, when all others have it for sure.
    """
    known, this = cache.get(_RELEASE_KEY), release()
    if settings.CDN_PURGE_URL and known != (this, True):
        tell_cdn_of([SITE])
        cache.set(_RELEASE_KEY, (this, known == (this, False)), None)


@task(priority=SOON)
def tell_cdn(keys: list[str], changed_at: float, attempt: int = 1) -> str:
    """Purge what came with these keys before `changed_at` (seconds since 1970); where the CDN is away, try later.

    There is no need to any more once every copy of before has expired by itself. A purge may come twice.
    """
    if time.time() > changed_at + min(settings.CDN_SECONDS, LONGEST_SECONDS):
        return "expired"
    try:
        purge(keys)
    except CdnNotTold as error:
        logger.error("%s Attempt %d, %d keys.", error, attempt, len(keys))
        if not tell_cdn.get_backend().supports_defer:
            return "not told"
        wait = timedelta(seconds=min(2**attempt, LONGEST_WAIT_SECONDS))
        tell_cdn.using(run_after=timezone.now() + wait).enqueue(keys, changed_at, attempt + 1)
        return "later"
    return "told"
