"""What the head of a page says of it to search engines and to whoever shares it."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest

_PLAIN_PATH = re.compile(r"/(?!/)[\w.?=&%~/-]*", re.ASCII)  # nothing in it is to be quoted


@dataclass(frozen=True)
class PageCard:
    """A page anybody may read: `url` is its one address in this edition, `picture` absolute.

    `kind` is a type of ogp.me. `market_codes` are the markets that have the page, None where all have it.
    `structured_data` are objects of schema.org.
    """

    title: str
    url: str
    description: str = ""
    kind: str = "website"
    picture: str = ""
    price: Decimal | None = None
    currency: str = ""
    published_at: datetime | None = None
    changed_at: datetime | None = None
    market_codes: frozenset[str] | None = None
    structured_data: tuple[dict[str, Any], ...] = field(default=())


def absolute_by(request: HttpRequest) -> Callable[[str], str]:
    """Return what makes an address of this shop absolute: a page names dozens, and its host is asked for once."""
    origin = request.build_absolute_uri("/").removesuffix("/")

    def absolute(address: str) -> str:
        return origin + address if _PLAIN_PATH.fullmatch(address) else request.build_absolute_uri(address)

    return absolute


def describe_crumbs(crumbs: Iterable[tuple[str, str]], *, absolute: Callable[[str], str]) -> dict[str, Any]:
    """Return the way to a page as schema.org's BreadcrumbList; `crumbs` are names and paths, the page itself last."""
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": absolute(path)}
            for position, (name, path) in enumerate(crumbs, start=1)
        ],
    }
