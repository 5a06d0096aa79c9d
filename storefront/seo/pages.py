"""The merchant's own pages in a sitemap: home page, texts, blog and articles in the edition's language."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import F, QuerySet
from wagtail.models import Page

from storefront.cms.selectors import content_language, has_products, page_path
from storefront.markets.editions import Edition
from storefront.seo.addresses import Addresses
from storefront.seo.ranges import keys_of, newest_by_range
from storefront.seo.sitemap_files import SitemapEntry

_HOME_DEPTH = 2


def newest_pages(addresses: Addresses) -> dict[int, datetime | None]:
    """Return the files of pages and when the newest of each changed."""
    return newest_by_range(_spoken_in(addresses.edition), key="pk", changed_at="last_published_at")


def list_pages(addresses: Addresses, number: int) -> Iterator[SitemapEntry]:
    """Yield the pages of a file that this edition shows; three queries.

    A home page without products is left out: it says that the shop is being prepared.
    """
    shown = list(_spoken_in(addresses.edition).filter(pk__range=keys_of(number)))
    translations: defaultdict[Any, list[Any]] = defaultdict(list)
    for page in _public().filter(translation_key__in={page.translation_key for page in shown}):
        translations[page.translation_key].append(page)
    for page in shown:
        if not _is_in(page, addresses.edition) or (page.depth == _HOME_DEPTH and not has_products()):
            continue
        yield SitemapEntry(
            url=addresses.at(addresses.edition, _inner_path(page, addresses)),
            changed_at=page.last_published_at,
            pictures=(addresses.absolute(default_storage.url(page.picture)),) if page.picture else (),
            alternates=addresses.alternates(_pages_by_edition(translations[page.translation_key], addresses)),
        )


def _pages_by_edition(translations: list[Any], addresses: Addresses) -> Iterator[tuple[Edition, str]]:
    by_language = {page.locale.language_code: page for page in translations}
    for edition in addresses.editions:
        page = by_language.get(content_language(edition.language))
        if page is not None and _is_in(page, edition):
            yield edition, _inner_path(page, addresses)


def _inner_path(page: Any, addresses: Addresses) -> str:
    return addresses.inner_path(page_path(page))


def _is_in(page: Any, edition: Edition) -> bool:
    return not page.only_in or edition.market.code in page.only_in


def _spoken_in(edition: Edition) -> QuerySet:
    return _public().filter(locale__language_code=content_language(edition.language))


def _public() -> QuerySet:
    """Return the pages anybody may read, with the markets that show them and their picture."""
    return (
        Page.objects.live()
        .public()
        .not_exact_type(Page)  # Wagtail's own root and welcome page
        .filter(depth__gte=_HOME_DEPTH)
        .select_related("locale")
        .annotate(only_in=F("contentpage__only_in"), picture=F("articlepage__picture__file"))
        .order_by("path")
    )
