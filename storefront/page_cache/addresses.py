"""Which requests one kept page may answer, and the key it is kept under."""

from hashlib import blake2b
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest

from storefront.page_cache.release import release

LONGEST_QUERY = 300
# What the pages of SHARED_VIEWS read of an address. Another parameter makes a page of its own, kept for nobody.
_PARAMETERS = frozenset({"page", "sort", "q", "category", "brand", "min", "max", "rating", "stock"})
_OPTION_PREFIX = "o_"
# What advertisers and mails put behind an address for scripts to read; no page shows it.
_TRACKING = frozenset(
    {"gclid", "gbraid", "wbraid", "dclid", "gad_source", "fbclid", "msclkid", "ttclid", "twclid", "li_fat_id"}
    | {"igshid", "mc_cid", "mc_eid", "srsltid", "yclid", "_ga", "_gl"}
)
_TRACKING_PREFIX = "utm_"


def is_anybody(request: HttpRequest) -> bool:
    """Say whether nothing tells this visitor from another: not signed in, no basket, no message waiting."""
    cookies = request.COOKIES
    return (
        request.method in ("GET", "HEAD")
        and "HTTP_AUTHORIZATION" not in request.META
        and not any(name in cookies for name in settings.PERSONAL_COOKIES)
    )


def read_query(request: HttpRequest) -> str | None:
    """Return the query without what only scripts read; None where it asks for a page of its own."""
    given = request.META.get("QUERY_STRING", "")
    if not given:
        return ""
    if len(given) > 2 * LONGEST_QUERY:
        return None
    pairs = [
        (name, value)
        for name, value in parse_qsl(given, keep_blank_values=True)
        if name not in _TRACKING and not name.startswith(_TRACKING_PREFIX)
    ]
    if any(name not in _PARAMETERS and not name.startswith(_OPTION_PREFIX) for name, _value in pairs):
        return None
    query = urlencode(pairs)
    return query if len(query) <= LONGEST_QUERY else None


def page_key(request: HttpRequest, *, query: str) -> str | None:
    """Return the key of the page asked for: its address, which names the edition and with it market and currency.

    The bare front page depends on what the browser prefers, until a market is chosen. None for a foreign host.
    """
    try:
        host = request.get_host()
    except DisallowedHost:
        return None
    prefers = ""
    if request.path == "/":
        prefers = (
            "*" if settings.EDITION_COOKIE in request.COOKIES else request.headers.get("Accept-Language", "")
        )
    address = "\0".join((request.scheme or "", host, request.path, query, prefers[:200]))
    return f"pages.page.{release()}.{blake2b(address.encode(), digest_size=16).hexdigest()}"
