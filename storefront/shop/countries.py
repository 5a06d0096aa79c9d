"""Countries as forms offer them."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from storefront.core.countries import country_name, name_order


def country_choices(countries: Iterable[Any]) -> list[tuple[str, str]]:
    """Return (code, name) of countries in the active language, by name."""
    language = get_language() or settings.LANGUAGE_CODE
    choices = [
        (country.pk, country_name(code=country.pk, language=language) or country.printable_name)
        for country in countries
    ]
    return sorted(choices, key=lambda choice: (name_order(choice[1]), choice[0]))
