"""The words of this trade in Chinese and English at once: a dossier prints both, whoever exports it."""

from functools import cache
from pathlib import Path

import yaml

_FOLDER = Path(__file__).parent / "data"


@cache
def all_words() -> dict[str, dict[str, str]]:
    """Return every entry of the words*.yaml files: key -> {"zh": …, "en": …}."""
    words: dict[str, dict[str, str]] = {}
    for path in sorted(_FOLDER.glob("words*.yaml")):
        words |= yaml.safe_load(path.read_text(encoding="utf-8"))
    return words


def say_in(language: str, key: str, **values: object) -> str:
    """Return the sentence `key` in Chinese for any zh, else in English, with `values` filled in."""
    return all_words()[key]["zh" if language.startswith("zh") else "en"].format(**values)
