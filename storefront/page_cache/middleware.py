"""The door of the page cache: a page that is kept is answered here, before sessions, editions and views.

Kept are the answers of `SHARED_VIEWS` to visitors who are nobody in particular, where they set no cookie. Whoever has
a basket, a message waiting or a session gets a page of their own from the views.
"""

import time
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from storefront.page_cache import shown
from storefront.page_cache.addresses import is_anybody, page_key, read_query
from storefront.page_cache.announcing import announce_changes
from storefront.page_cache.change_log import CLOCK_KEY, change_log
from storefront.page_cache.freshness import next_moment
from storefront.page_cache.kept_pages import KeptPage, answer, keep

OUTSIDE = ("/admin/", "/static/", "/media/", "/documents/", "/healthz/", "/payments/")
SHARED_VIEWS = frozenset(
    {"catalogue:index", "catalogue:category", "catalogue:detail", "search:search", "wagtail_serve"}
)
_PRIVATE = "private, no-cache"
SHOPPER_COOKIE = "shopper"  # tells scripts that the visitor has something of their own; read nowhere else
_SHOPPER_SECONDS = 30 * 24 * 60 * 60


class PageCacheMiddleware:
    """Answer from the kept pages, and keep what may be."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response
        self._looked_at = 0.0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.is_for_everybody = False  # type: ignore[attr-defined]  # templates ask
        if not settings.PAGE_CACHE or request.path_info.startswith(OUTSIDE):
            return self.get_response(request)
        self._look_for_changes()
        query = read_query(request) if is_anybody(request) else None
        key = None if query is None else page_key(request, query=query)
        if query is None or key is None:
            with shown.collect(clock=change_log.follow(cache.get(CLOCK_KEY))):  # fragments are for all
                return _mark_private(request, self.get_response(request))
        found = cache.get_many([key, CLOCK_KEY])
        clock, page = change_log.follow(found.get(CLOCK_KEY)), found.get(key)
        if isinstance(page, KeptPage) and page.holds():
            return answer(request, page, is_hit=True)
        request.META["QUERY_STRING"] = query
        return self._make(request, key=key, clock=clock)

    def _make(self, request: HttpRequest, *, key: str, clock: int) -> HttpResponse:
        request.is_for_everybody = True  # type: ignore[attr-defined]
        with shown.collect(clock=clock) as noted:
            now = timezone.now()
            response = self.get_response(request)
        if not (noted.is_for_everybody and _is_shared(request, response)):
            return _mark_private(request, response)
        page = keep(response, clock=clock, keys=noted.keys, until=next_moment(now=now, clock=clock))
        cache.set(key, page, max(1, int(page.until - time.time())))
        return answer(request, page, is_hit=False)

    def _look_for_changes(self) -> None:
        if time.monotonic() - self._looked_at > settings.PAGE_CACHE_LOOK_SECONDS:
            self._looked_at = time.monotonic()
            announce_changes(is_own=False)


def _is_shared(request: HttpRequest, response: HttpResponse) -> bool:
    match = request.resolver_match
    return (
        request.method == "GET"
        and match is not None
        and match.view_name in SHARED_VIEWS
        and response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "Cache-Control" not in response.headers
        and response.headers.get("Content-Type", "").startswith("text/html")
    )


def _mark_private(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if response.headers.get("Content-Type", "").startswith("text/html"):
        response.headers.setdefault("Cache-Control", _PRIVATE)
    is_known = SHOPPER_COOKIE in request.COOKIES
    given = (response.cookies[name].value for name in settings.PERSONAL_COOKIES if name in response.cookies)
    if not is_known and any(given):
        response.set_cookie(
            SHOPPER_COOKIE, "1", max_age=_SHOPPER_SECONDS, secure=request.is_secure(), samesite="Lax"
        )
    return response
