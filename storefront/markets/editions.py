"""An edition: one market in one language, at an address of its own.

The first open market in its first language has the plain addresses (/products/…); every other edition has a
prefix: /de/products/… is the German market in German, /de-en/products/… the same market in English.
"""

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urljoin

from babel import Locale
from django.conf import settings
from django.urls import get_script_prefix
from django.utils.translation.trans_real import parse_accept_lang_header

from storefront.markets.models import Market
from storefront.markets.models.market import EDITIONS_PART
from storefront.markets.selectors.markets import enabled_markets
from storefront.page_cache.parts import part

_CACHE_SECONDS = 60
_current: ContextVar["Edition | None"] = ContextVar("current_edition", default=None)


@dataclass(frozen=True)
class Edition:
    """A market in a language; `prefix` is empty or begins with a slash and ends without one."""

    market: Market
    language: str
    prefix: str

    @property
    def code(self) -> str:
        """What a cookie and the switcher call it: de-en."""
        return f"{self.market.code}-{self.language}"

    @property
    def language_name(self) -> str:
        """The language's name in itself: Deutsch."""
        return _name_language(self.language)

    @property
    def locale(self) -> str:
        """How numbers are written here: de_DE, en_GB."""
        return self.market.locale(self.language)

    @property
    def hreflang(self) -> str:
        """The code search engines know this edition by: de-DE, en-DE; a language with a region keeps its own."""
        language, _, region = self.language.partition("-")
        return f"{language}-{region.upper() or self.market.main_country}"

    def address(self, path: str) -> str:
        """Return where `path`, written without any prefix, is found in this edition."""
        return f"{self.prefix}{path}"


def open_editions() -> list[Edition]:
    """Return every edition that shoppers can visit, the default one first; empty while no market is open."""
    return part(EDITIONS_PART, _read_editions, seconds=_CACHE_SECONDS)


def edition_at(path: str) -> Edition | None:
    """Return the edition an address belongs to, the default one where it has no prefix."""
    editions = open_editions()
    first = f"/{path.split('/', 2)[1]}" if path.startswith("/") else ""
    return next((found for found in editions if found.prefix == first), editions[0] if editions else None)


def edition_by_code(code: str) -> Edition | None:
    """Return the open edition the switcher calls `code`, if there is one."""
    return next((edition for edition in open_editions() if edition.code == code), None)


def address_in_edition(path: str, *, market_code: str, language: str) -> str:
    """Return the whole address of a path of the shop, in this edition while it is open: for links in mails."""
    bare = f"/{path.removeprefix(get_script_prefix())}"
    edition = edition_by_code(f"{market_code}-{language}")
    return urljoin(settings.WAGTAILADMIN_BASE_URL, edition.address(bare) if edition else path)


def preferred_edition(accept_language: str) -> Edition | None:
    """Return the edition that suits a browser's Accept-Language best, the default one where none does.

    A region beats a language alone: de-AT finds a market that delivers to Austria before one that speaks German.
    """
    editions = open_editions()
    for wanted, _quality in parse_accept_lang_header(accept_language.lower()):
        if found := _match(wanted, editions):
            return found
    return editions[0] if editions else None


def current_edition() -> Edition | None:
    """Return the edition of the request being answered; None outside one, and in the back office."""
    return _current.get()


def set_current_edition(edition: Edition | None) -> None:
    """Name the edition of the request being answered."""
    _current.set(edition)


@lru_cache
def _name_language(language: str) -> str:
    name = Locale.parse(language, sep="-").get_display_name() or language
    return name[:1].upper() + name[1:]


def _match(wanted: str, editions: Sequence[Edition]) -> Edition | None:
    language, _, region = wanted.partition("-")
    speaking = [edition for edition in editions if edition.language.partition("-")[0] == language]
    by_region = [edition for edition in speaking if region.upper() in edition.market.countries]
    by_main_language = [
        edition for edition in speaking if edition.language == edition.market.default_language
    ]
    return next(iter([*by_region, *by_main_language]), None)


def _read_editions() -> list[Edition]:
    editions = []
    for market in enabled_markets():
        for language in market.languages:
            if not editions:
                prefix = ""
            elif language == market.default_language:
                prefix = f"/{market.code}"
            else:
                prefix = f"/{market.code}-{language}"
            editions.append(Edition(market=market, language=language, prefix=prefix))
    return editions
