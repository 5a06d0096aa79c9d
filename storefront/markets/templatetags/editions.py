"""The market switcher and the links between editions of one page."""

from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote_plus

from django import template
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from wagtail.models import Locale, Page

from storefront.markets.editions import Edition, current_edition, open_editions
from storefront.page_cache.parts import part
from storefront.page_cache.shown import page_clock
from storefront.theming.page_card import absolute_by

register = template.Library()

_TRANSLATIONS_SECONDS = 60


class EditionLink(NamedTuple):
    """An edition of the page being shown: its own address, and the one that also remembers the choice."""

    edition: Edition
    url: str
    choose_url: str
    is_current: bool
    has_page: bool


@register.simple_tag
def return_days() -> int | None:
    """Return for how many days the merchant takes goods back in the visitor's market; None without a word of theirs."""
    edition = current_edition()
    return edition.market.return_days if edition else None


@register.simple_tag(takes_context=True)
def edition_links(context: template.Context) -> list[EditionLink]:
    """Return this page in every edition, in the merchant's order; empty where there is nothing to choose."""
    request = context.get("request")
    if not hasattr(request, "_edition_links"):
        request._edition_links = _links(request, context.get("page"))
    return request._edition_links


@register.simple_tag(takes_context=True)
def alternate_links(context: template.Context) -> SafeString:
    """Return links to the editions that have this page, by language and country, and to the default one.

    Empty where the page is nobody's to find, is shown at another address, or is in this edition alone.
    """
    request, card = context.get("request"), context.get("page_card")
    if request is None or card is None:
        return SafeString()
    absolute = absolute_by(request)
    if absolute(request.path) != card.url:
        return SafeString()
    links = [
        (link.edition.hreflang, absolute(link.url.partition("?")[0]))
        for link in edition_links(context)
        if link.has_page and (card.market_codes is None or link.edition.market.code in card.market_codes)
    ]
    if len(links) < 2:
        return SafeString()
    links.append(("x-default", links[0][1]))
    return format_html_join("\n", '<link rel="alternate" hreflang="{}" href="{}">', links)


def _links(request: HttpRequest, page: object) -> list[EditionLink]:
    current = getattr(request, "edition", None)
    editions = open_editions() if current else []
    if len(editions) < 2:
        return []
    paths = _paths(request, page)
    quoted = {path: quote_plus(path) for path in {"/", *paths.values()}}
    links = []
    for edition in editions:
        path = paths.get(edition.language, "/")
        # An edition's prefix has nothing to quote but its slash.
        to = f"{edition.prefix.replace('/', '%2F')}{quoted[path]}"
        links.append(
            EditionLink(
                edition,
                edition.address(path),
                f"{_choosing(edition.code, get_script_prefix())}?to={to}",
                is_current=edition.prefix == current.prefix,
                has_page=edition.language in paths,
            )
        )
    return links


@lru_cache
def _choosing(code: str, prefix: str) -> str:
    """Return the address at which an edition is chosen; reverse() writes the prefix of the one that is shown."""
    return reverse("choose-edition", args=[code])


def _paths(request: HttpRequest, page: object) -> dict[str, str]:
    """Return the path of this page by language, without prefix; a page of the CMS may have another one, or none."""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    shown = {edition.language for edition in open_editions()}
    if not isinstance(page, Page) or request.path_info.startswith("/search/"):
        return dict.fromkeys(shown, f"{request.path_info}{query}")
    if page_clock() is None:
        paths = _translated_paths(request, page)
    else:
        name = f"markets.translations.{page.pk}.{request.edition.code}.{request.get_host()}"
        paths = part(name, lambda: _translated_paths(request, page), seconds=_TRANSLATIONS_SECONDS)
    return {language: paths[_base(language, paths)] for language in shown if _base(language, paths)}


def _translated_paths(request: HttpRequest, page: Page) -> dict[str, str]:
    """Return the path of each translation that visitors may see, by the language it is written in."""
    prefix = request.edition.prefix
    by_locale = {page.locale_id: page, **{other.locale_id: other for other in page.get_translations().live()}}
    return {
        locale.language_code: (translated.get_url(request) or "/").removeprefix(prefix) or "/"
        for locale in Locale.objects.all()
        if (translated := by_locale.get(locale.pk))
    }


def _base(language: str, paths: dict[str, str]) -> str:
    """Return the language itself or, for en-gb, the one it is written in here; empty where there is neither."""
    return next((code for code in (language, language.partition("-")[0]) if code in paths), "")
