"""Sitemaps as search engines read them: version 0.9 of sitemaps.org, with pictures and the editions of each page.

The protocol is sitemaps.org/protocol.html, with Google's extensions for pictures and for localized versions, which are
at developers.google.com/search/docs under crawling-indexing/sitemaps/image-sitemaps and
specialty/international/localized-versions.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.utils.xmlutils import SimplerXMLGenerator

SITEMAP_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
IMAGE_NAMESPACE = "http://www.google.com/schemas/sitemap-image/1.1"
XHTML_NAMESPACE = "http://www.w3.org/1999/xhtml"
MAX_URLS = 50_000
MAX_BYTES = 50 * 1024 * 1024
MAX_PICTURES = 10  # 1,000 are allowed; more than a page shows would only cost bytes


@dataclass(frozen=True)
class SitemapEntry:
    """A page: its address, its pictures' and, by hreflang, those of its editions; all absolute."""

    url: str
    changed_at: datetime | None = None
    pictures: tuple[str, ...] = ()
    alternates: tuple[tuple[str, str], ...] = ()


def write_urlset(entries: Iterable[SitemapEntry], output: BinaryIO) -> None:
    """Write a sitemap of these pages to a file, one after the other, as UTF-8."""
    xml = _start(output, "urlset", {"xmlns:image": IMAGE_NAMESPACE, "xmlns:xhtml": XHTML_NAMESPACE})
    for entry in entries:
        xml.startElement("url", {})
        _write_address(xml, entry.url, entry.changed_at)
        for hreflang, url in entry.alternates:
            xml.addQuickElement("xhtml:link", "", {"rel": "alternate", "hreflang": hreflang, "href": url})
        for picture in entry.pictures[:MAX_PICTURES]:
            xml.startElement("image:image", {})
            xml.addQuickElement("image:loc", picture)
            xml.endElement("image:image")
        xml.endElement("url")
    xml.endElement("urlset")
    xml.endDocument()


def write_index(sitemaps: Iterable[tuple[str, datetime | None]], output: BinaryIO) -> None:
    """Write an index of sitemaps, each with its address and when the newest of its pages changed."""
    xml = _start(output, "sitemapindex", {})
    for url, changed_at in sitemaps:
        xml.startElement("sitemap", {})
        _write_address(xml, url, changed_at)
        xml.endElement("sitemap")
    xml.endElement("sitemapindex")
    xml.endDocument()


def _start(output: BinaryIO, root: str, namespaces: dict[str, str]) -> SimplerXMLGenerator:
    xml = SimplerXMLGenerator(output, "utf-8", short_empty_elements=True)
    xml.startDocument()
    xml.startElement(root, {"xmlns": SITEMAP_NAMESPACE, **namespaces})
    return xml


def _write_address(xml: SimplerXMLGenerator, url: str, changed_at: datetime | None) -> None:
    xml.addQuickElement("loc", url)
    if changed_at is not None:
        xml.addQuickElement("lastmod", changed_at.isoformat(timespec="seconds"))
