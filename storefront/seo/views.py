"""What a crawler asks for first: robots.txt for the whole site, a sitemap for each edition."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, NamedTuple

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import get_script_prefix, reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from storefront.markets.editions import open_editions
from storefront.search.indexing import ensure_index
from storefront.seo.addresses import Addresses, current_addresses
from storefront.seo.categories import list_categories, newest_categories
from storefront.seo.llms_text import write_llms_text
from storefront.seo.pages import list_pages, newest_pages
from storefront.seo.products import list_products, newest_products
from storefront.seo.sitemap_files import SitemapEntry, write_index, write_urlset

CACHE_SECONDS = 3600
_KEPT_IN_MEMORY_BYTES = 4_000_000
# Pages that are the shopper's own, lists without end, and what only sets a cookie. The checkout sends whoever has no
# basket away, and an order's pages say themselves that they are for nobody else: a crawler must be let in to read that.
_NOT_FOR_CRAWLERS = ("account", "basket", "editions", "payments", "search", "wishlists")


class _Section(NamedTuple):
    """A part of a sitemap: `newest` tells its files and when they changed, `entries` reads one of them."""

    newest: Callable[[Addresses], Mapping[int, datetime | None]]
    entries: Callable[[Addresses, int], Iterator[SitemapEntry]]


_SECTIONS = {
    "pages": _Section(newest_pages, list_pages),
    "categories": _Section(newest_categories, list_categories),
    "products": _Section(newest_products, list_products),
}


@require_safe
@cache_control(public=True, max_age=CACHE_SECONDS)
def robots(request: HttpRequest) -> HttpResponse:
    """Say which addresses are no pages of the shop's, and where each edition's sitemap is (RFC 9309)."""
    if request.edition is not None and request.edition.prefix:
        raise Http404("A site has one robots.txt, without a prefix.")
    root = get_script_prefix().rstrip("/")
    editions = open_editions()
    prefixes = [edition.prefix for edition in editions] or [""]
    lines = ["User-agent: *", f"Disallow: {root}/admin/"]
    lines += [f"Disallow: {root}{prefix}/{part}/" for prefix in prefixes for part in _NOT_FOR_CRAWLERS]
    lines += [
        "",
        *(
            f"Sitemap: {request.build_absolute_uri(root + edition.address('/sitemap.xml'))}"
            for edition in editions
        ),
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=CACHE_SECONDS)
def sitemap_index(request: HttpRequest) -> FileResponse:
    """List the edition's sitemaps; sections without a page have none."""
    addresses = _addresses(request)
    ensure_index()
    files = (
        (_file_address(request, name, number), changed_at)
        for name, section in _SECTIONS.items()
        for number, changed_at in section.newest(addresses).items()
    )
    return _send(lambda output: write_index(files, output))


@require_safe
@cache_control(public=True, max_age=CACHE_SECONDS)
def sitemap(request: HttpRequest, section: str, number: int) -> FileResponse:
    """List the pages of one sitemap, complete before it is sent, as the feeds are."""
    addresses = _addresses(request)
    if section not in _SECTIONS:
        raise Http404("There is no such sitemap.")
    entries = _SECTIONS[section].entries(addresses, number)
    first = next(entries, None)
    if first is None:
        raise Http404("There is no such sitemap.")
    return _send(lambda output: write_urlset(chain([first], entries), output))


@require_safe
@cache_control(public=True, max_age=CACHE_SECONDS)
def llms_text(request: HttpRequest) -> HttpResponse:
    """Describe the edition to assistants."""
    if request.edition is None:
        raise Http404("No market is open: there is nothing to describe.")
    text = write_llms_text(request=request, edition=request.edition)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _addresses(request: HttpRequest) -> Addresses:
    addresses = current_addresses(request.build_absolute_uri)
    if addresses is None:
        raise Http404("No market is open: there is nothing to list.")
    return addresses


def _file_address(request: HttpRequest, name: str, number: int) -> str:
    return request.build_absolute_uri(reverse("sitemap", kwargs={"section": name, "number": number}))


def _send(write: Callable[[BinaryIO], None]) -> FileResponse:
    file = SpooledTemporaryFile(max_size=_KEPT_IN_MEMORY_BYTES)  # noqa: SIM115 - the response closes it
    write(file)
    file.seek(0)
    return FileResponse(file, content_type="application/xml; charset=utf-8")
