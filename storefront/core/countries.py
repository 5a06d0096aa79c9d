"""What countries are called in a language, after the CLDR."""

import unicodedata
from functools import cache

from babel import Locale, UnknownLocaleError


def country_name(*, code: str, language: str) -> str:
    """Return the name of a country (ISO 3166-1 alpha-2) in a language such as zh-hans; empty where there is none."""
    return str(_locale(language).territories.get(code, ""))


def name_order(name: str) -> tuple[str, str]:
    """Return the key that sorts names as dictionaries do: Österreich beside Oman, not behind Zypern."""
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold(), name


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
