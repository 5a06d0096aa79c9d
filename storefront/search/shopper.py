"""Whom a list is made for: the market and the languages of the request being answered."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.translation import get_language

from storefront.markets.editions import current_edition
from storefront.markets.models import Market
from storefront.markets.selectors.titles import fallback_of


@dataclass(frozen=True)
class Shopper:
    """Where, in which language and when somebody looks; `market` is None while the shop has none.

    A text is shown whole in `language`, else whole in `fallback`, else as Oscar's own fields have it.
    """

    market: Market | None
    language: str
    fallback: str
    now: datetime


def current_shopper() -> Shopper:
    """Return whom the request being answered comes from."""
    edition = current_edition()
    language = get_language() or settings.LANGUAGE_CODE
    return Shopper(
        market=edition.market if edition else None,
        language=language,
        fallback=fallback_of(language),
        now=timezone.now(),
    )


def part_of_edition(name: str) -> str:
    """Return what a part is called here: names are in the language, reverse() writes the edition's prefix."""
    edition = current_edition()
    return f"{name}.{edition.code if edition else ''}.{get_language()}.{get_script_prefix()}"
