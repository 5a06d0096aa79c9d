"""What an import said in English, in the reader's language; what older runs keep stays English."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext, override

from catalog_import.models import ImportProblem


def say_again(kept: list[Any], *, otherwise: str) -> str:
    """Return a kept sentence (`said.keep`) in the language of the page, else the text it was."""
    if not kept:
        return otherwise
    sentence, values = kept
    if not values:
        return gettext(sentence)
    return gettext(sentence) % {
        name: say_again(value, otherwise="") if isinstance(value, list) else value
        for name, value in values.items()
    }


def say_problem(problem: ImportProblem) -> tuple[str, str]:
    """Return what is wrong and what happened with it."""
    return (
        say_again(problem.said.get("message", []), otherwise=problem.message),
        say_again(problem.said.get("action", []), otherwise=problem.action),
    )


def saying_in(language: str) -> Callable[[ImportProblem], tuple[str, str]]:
    """Return `say_problem` in a language, whichever is in force when it is called."""

    def say(problem: ImportProblem) -> tuple[str, str]:
        with override(language):
            return say_problem(problem)

    return say
