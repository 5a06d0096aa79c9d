"""English sentences that remember what they were made of, so that a page can say them in its reader's language."""

from collections.abc import Iterable, Mapping
from typing import Any


class Said(str):
    """A sentence in English; `sentence` is the text before its `values` are in it, which may be Said themselves."""

    __slots__ = ("sentence", "values")

    sentence: str
    values: Mapping[str, Any]


def say(sentence: str, /, **values: Any) -> Said:
    """Return the sentence with its values; imported as `_`, it is found by whoever translates.

    Without values it stays as it is, per cent signs too.
    """
    said = Said(sentence % values if values else sentence)
    said.sentence, said.values = sentence, values
    return said


def keep(text: str) -> list[Any]:
    """Return what is stored of a sentence, to be said again: [sentence, values] as JSON, empty for other text."""
    if not isinstance(text, Said):
        return []
    values = {name: _keep_value(value) for name, value in text.values.items()}
    return [text.sentence, values]


def keep_notes(notes: Iterable[str]) -> list[dict[str, Any]]:
    """Return sentences as they are stored, each once: the English `text` and what it was `said` of."""
    return [{"text": str(note), "said": keep(note)} for note in dict.fromkeys(notes)]


def _keep_value(value: Any) -> Any:
    if isinstance(value, Said):
        return keep(value)
    return value if isinstance(value, int) else str(value)
