"""Say things in the language of whoever is reading."""

from django.utils.functional import lazy
from django.utils.translation import get_language

from storefront.subsidies.words import say_in


def say(key: str, **values: object) -> str:
    """Return the sentence `key` in the reader's language: Chinese, or English for everybody else."""
    return say_in(get_language() or "en", key, **values)


# For what is written down when the program starts, such as a model's name.
say_lazy = lazy(say, str)
