"""The rules of sitemaps.org's schemas, version 0.9, and of Google's picture extension 1.1, written as checks.

Sources: sitemaps.org/schemas/sitemap/0.9/{sitemap,siteindex}.xsd: `loc` first, 12 to 2,048 characters, then `lastmod`
as xsd:date or xsd:dateTime, then elements of other namespaces, 1 to 50,000 entries and nothing else;
google.com/schemas/sitemap-image/1.1/sitemap-image.xsd: at most 1,000 pictures a page, each with `loc`. That a file has
at most 50 MB is in the protocol's text.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from defusedxml import ElementTree

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
IMAGE = "{http://www.google.com/schemas/sitemap-image/1.1}"
XHTML = "{http://www.w3.org/1999/xhtml}"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?)?")


@dataclass
class SitemapUrl:
    """An entry as it was read: what it names, when it changed, pictures, and addresses by hreflang."""

    loc: str
    lastmod: str = ""
    pictures: list[str] = field(default_factory=list)
    alternates: dict[str, str] = field(default_factory=dict)


def read_urlset(content: bytes) -> list[SitemapUrl]:
    """Return the entries of a sitemap that keeps every rule."""
    return _read(content, root="urlset", child="url", may_be_empty=False)


def read_index(content: bytes) -> list[SitemapUrl]:
    """Return the entries of an index that keeps every rule."""
    return _read(content, root="sitemapindex", child="sitemap", may_be_empty=True)


def _read(content: bytes, *, root: str, child: str, may_be_empty: bool) -> list[SitemapUrl]:
    assert len(content) <= 50 * 1024 * 1024
    assert content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    document = ElementTree.fromstring(content)
    assert document.tag == f"{SITEMAP}{root}" and not document.attrib
    assert (0 if may_be_empty else 1) <= len(document) <= 50_000
    entries = []
    for element in document:
        assert element.tag == f"{SITEMAP}{child}" and not element.attrib
        entries.append(_read_entry(element, is_page=child == "url"))
    addresses = [entry.loc for entry in entries]
    assert len(set(addresses)) == len(addresses)
    return entries


def _read_entry(element, *, is_page: bool) -> SitemapUrl:
    loc, *rest = list(element)
    assert loc.tag == f"{SITEMAP}loc"
    entry = SitemapUrl(_address(loc.text))
    if rest and rest[0].tag == f"{SITEMAP}lastmod":
        entry.lastmod = rest.pop(0).text
        assert _MOMENT.fullmatch(entry.lastmod)
    assert is_page or not rest
    for other in rest:
        if other.tag == f"{XHTML}link":
            assert other.get("rel") == "alternate" and set(other.attrib) == {"rel", "hreflang", "href"}
            assert other.get("hreflang") not in entry.alternates
            entry.alternates[other.get("hreflang")] = _address(other.get("href"))
        else:
            assert other.tag == f"{IMAGE}image"
            (picture,) = other
            assert picture.tag == f"{IMAGE}loc"
            entry.pictures.append(_address(picture.text))
    assert len(entry.pictures) <= 1_000
    assert not entry.alternates or entry.loc in entry.alternates.values(), (
        "a page names itself among its editions"
    )
    return entry


def _address(text: str) -> str:
    parts = urlsplit(text)
    assert 12 <= len(text) <= 2048 and parts.scheme in ("http", "https") and parts.netloc and text.isascii()
    return text
