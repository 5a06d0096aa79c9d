"""Telling a CDN which of its copies no longer hold, by the surrogate keys they came with.

`fastly`: the header Surrogate-Key, 256 keys a request (Fastly's Purge API, "Purge multiple surrogate key tags").
`cloudflare`: {"tags": […]}, 30 tags a request (Cloudflare's API, "Purge cached content by tag").
"""

import json
import urllib.request
from collections.abc import Collection, Sequence
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError

from django.conf import settings
from django.core.checks import CheckMessage, Error

from storefront.core.errors import StorefrontError
from storefront.page_cache.shown import EVERYTHING, SITE

TIMEOUT_SECONDS = 10
MOST_KEYS = {"fastly": 256, "cloudflare": 30}  # a request
_ANSWER_SHOWN = 300


class CdnNotTold(StorefrontError):
    """The CDN did not take a purge; its copies may be old."""


def purge(keys: Collection[str]) -> None:
    """Have the CDN drop every copy that came with one of these keys; raise CdnNotTold where it did not say yes."""
    wanted = [SITE] if {EVERYTHING, SITE} & set(keys) else sorted(keys)  # every page has the key of the site
    most = MOST_KEYS[settings.CDN_PURGE_FORMAT]
    for start in range(0, len(wanted), most):
        _send(wanted[start : start + most])


def check_settings(**kwargs: Any) -> list[CheckMessage]:
    """Say what of the CDN's settings cannot work."""
    found: list[CheckMessage] = []
    if not settings.CDN_PURGE_URL:
        return found
    if not settings.CDN_PURGE_URL.startswith(("https://", "http://")):
        found.append(
            Error("CDN_PURGE_URL is no web address. Copy it from docs/how-to/deploy.md.", id="cdn.E001")
        )
    if settings.CDN_PURGE_FORMAT not in MOST_KEYS:
        found.append(Error(f"CDN_PURGE_FORMAT must be one of {', '.join(MOST_KEYS)}.", id="cdn.E002"))
    if settings.CDN_SECONDS <= 0:
        hint = "A CDN keeps no page while CDN_SECONDS is 0. Set it to 3600, or empty CDN_PURGE_URL."
        found.append(Error(hint, id="cdn.E003"))
    return found


def _send(keys: Sequence[str]) -> None:
    if settings.CDN_PURGE_FORMAT == "cloudflare":
        headers = {
            "Authorization": f"Bearer {settings.CDN_PURGE_TOKEN}",
            "Content-Type": "application/json",
        }
        body = json.dumps({"tags": list(keys)}).encode()
    else:
        headers = {"Fastly-Key": settings.CDN_PURGE_TOKEN, "Surrogate-Key": " ".join(keys)}
        body = b""
    request = urllib.request.Request(  # noqa: S310 - check_settings allows http(s) only
        settings.CDN_PURGE_URL, body, {**headers, "Accept": "application/json"}, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:  # noqa: S310
            response.read()
    except HTTPError as error:
        said = error.read(_ANSWER_SHOWN).decode(errors="replace")
        raise CdnNotTold(
            f"The CDN at CDN_PURGE_URL answered {error.code} to a purge: {said}. With 401 or 403, check"
            " CDN_PURGE_TOKEN; with 404, CDN_PURGE_URL."
        ) from error
    except (OSError, HTTPException) as error:
        raise CdnNotTold(f"The CDN at CDN_PURGE_URL does not answer: {error}.") from error
