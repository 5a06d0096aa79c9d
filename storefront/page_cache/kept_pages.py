"""A page as it is kept, and the answer made of it."""

import gzip
import time
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import blake2b

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from storefront.page_cache.freshness import Kept

_NOT_KEPT = ("Content-Length", "Set-Cookie", "Date", "Vary", "Cache-Control", "ETag", "Content-Encoding")
_GZIP_LEVEL = 6


@dataclass(frozen=True, slots=True)
class KeptPage(Kept):
    """A page; the body is compressed."""

    headers: tuple[tuple[str, str], ...]
    etag: str
    body: bytes


def keep(response: HttpResponse, *, clock: int, keys: Collection[str], until: float) -> KeptPage:
    """Return the page of an answer."""
    headers = tuple(each for each in response.headers.items() if each[0] not in _NOT_KEPT)
    return KeptPage(
        clock=clock,
        until=until,
        keys=tuple(sorted(keys)),
        headers=headers,
        etag=f'W/"{blake2b(response.content, digest_size=12).hexdigest()}"',
        body=gzip.compress(response.content, _GZIP_LEVEL, mtime=0),
    )


def answer(request: HttpRequest, page: KeptPage, *, is_hit: bool) -> HttpResponse:
    """Return the page to a visitor, or that theirs is still the same."""
    is_same = page.etag.removeprefix("W/") in request.headers.get("If-None-Match", "")
    if is_same:
        response = HttpResponse(status=304)
        del response.headers["Content-Type"]
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(page.body if request.method == "GET" else b"")
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(page.body))
    else:
        response = HttpResponse(gzip.decompress(page.body))
        response.headers["Content-Length"] = str(len(response.content))
        if request.method == "HEAD":
            response.content = b""
    headers = response.headers
    for name, value in page.headers:
        if not is_same or name != "Content-Type":
            headers[name] = value
    headers["ETag"] = page.etag
    headers["Cache-Control"] = _cache_control(page)
    headers["Vary"] = "Accept-Encoding, Accept-Language, Cookie" if request.path == "/" else "Accept-Encoding"
    headers["X-Page-Cache"] = "hit" if is_hit else "miss"
    if settings.CDN_SECONDS:
        headers["Surrogate-Key"] = " ".join(page.keys)
        headers["Cache-Tag"] = ",".join(page.keys)
    return response


def _cache_control(page: KeptPage) -> str:
    """Browsers always ask whether their page still holds; a CDN may keep it for as long as the merchant allows."""
    seconds = min(settings.CDN_SECONDS, int(page.until - time.time()))
    if seconds <= 0:
        return "public, max-age=0, must-revalidate"
    stale = seconds // 4  # no page of the CDN is older than `seconds`
    return f"public, max-age=0, s-maxage={seconds - stale}, stale-while-revalidate={stale}"
