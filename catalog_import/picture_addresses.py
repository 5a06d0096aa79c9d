"""Amazon's picture addresses: which of several name one picture, and its address at full size."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

_SIZE = re.compile(r"(/(?:I|S/aplus-[^/]+)/[^/]+?)\._[^/]*_(\.\w+)$")
_HOST = re.compile(r"^https?://(?:[a-z0-9-]+\.)?(?:ssl-)?(?:images|media)-amazon\.com/", re.IGNORECASE)
_CONVERSION = re.compile(r"/images/W/[^/]+/images/I/")
AMAZON_PICTURES = "https://m.media-amazon.com/"
_PLACEHOLDER = re.compile(r"transparent-pixel\.|no-img-")


def canonical_address(url: str) -> str:
    """Return the address at the size the seller uploaded: `…/I/71abc._AC_SL500_.jpg` becomes `…/I/71abc.jpg`.

    Amazon's picture servers all have the same pictures: one of them stands for all, so that no picture comes twice.
    """
    if _HOST.match(url):
        url = _HOST.sub(AMAZON_PICTURES, url).partition("?")[0].replace("%2B", "+").replace("%2b", "+")
    return _SIZE.sub(r"\1\2", _CONVERSION.sub("/images/I/", url))


def distinct_addresses(pictures: Iterable[tuple[str, str]]) -> list[str]:
    """Return the addresses to show of (address, role) pairs, in order: no swatch, no placeholder, no picture twice."""
    chosen: dict[str, str] = {}
    for url, role in pictures:
        if role != "swatch" and not _PLACEHOLDER.search(url):
            chosen.setdefault(canonical_address(url), url)
    return list(chosen.values())


def file_name(url: str) -> str:
    """Return the last part of an address as a file name."""
    return PurePosixPath(unquote(urlsplit(url).path)).name
