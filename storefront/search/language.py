"""Words as the index keeps them: lower case, without accents, each as its stem in the language."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import snowballstemmer

_ALGORITHMS = {"en": "english", "de": "german", "fr": "french", "it": "italian", "es": "spanish"}
_WORD = re.compile(r"[^\W_]+")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]")
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_TYPOS = ((4, 0), (6, 1), (100, 2))  # up to this many letters, that many mistakes


def split_words(text: str) -> list[str]:
    """Return the words of a text in lower case, accents kept; Chinese and Japanese as pairs of characters."""
    words: list[str] = []
    for word in _WORD.findall(unicodedata.normalize("NFKC", text).lower()):
        if _CJK.search(word) and len(word) > 2:
            words += [word[start : start + 2] for start in range(len(word) - 1)]
        else:
            words.append(word)
    return words


def fold(word: str) -> str:
    """Return a word without accents: grün is grun, weiß is weiss."""
    plain = unicodedata.normalize("NFKD", word.replace("ß", "ss"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


@lru_cache(maxsize=50_000)
def stems_of(word: str, language: str) -> tuple[str, ...]:
    """Return what a word is indexed as: its stem, and in German also the one of ü spelt as ue."""
    spellings = [word]
    if language.startswith("de"):
        spellings.append(word.translate(_SPELT_OUT))
    return tuple(dict.fromkeys(fold(_stem(spelling, language)) for spelling in spellings))


def to_terms(texts: Iterable[str], language: str) -> str:
    """Return the stems of texts, separated by spaces."""
    return " ".join(stem for text in texts for word in split_words(text) for stem in stems_of(word, language))


def mistakes_allowed(word: str) -> int:
    """Return how many letters of a word may be wrong: none of a short one, two of a long one."""
    return next(allowed for length, allowed in _TYPOS if len(word) <= length)


def count_mistakes(word: str, other: str, *, most: int) -> int:
    """Return how many letters to add, drop, change or swap lead from one word to another; `most` + 1 if more."""
    if abs(len(word) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(word, start=1):
        current = [i]
        for j, compared in enumerate(other, start=1):
            cost = min(row[j] + 1, current[j - 1] + 1, row[j - 1] + (letter != compared))
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == compared:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        if min(current) > most:
            return most + 1
        before, row = row, current
    return row[-1]


def _stem(word: str, language: str) -> str:
    algorithm = _ALGORITHMS.get(language.partition("-")[0])
    if algorithm is None or len(word) < 4 or any(letter.isdigit() for letter in word):
        return word
    return str(_stemmer(algorithm).stemWord(word))


@lru_cache
def _stemmer(algorithm: str):  # type: ignore[no-untyped-def]
    return snowballstemmer.stemmer(algorithm)
