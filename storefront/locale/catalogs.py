"""Read the translatable sentences out of the sources, keep the catalogues in step with them, compile them.

Django's own `templatize` turns a template into Python calls, and Babel reads those as it reads a module: no GNU
gettext is needed.
"""

import io
import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import pofile
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent.parent
LOCALE_DIR = Path(__file__).resolve().parent
SOURCE_DIRS = ("catalog_import", "storefront", "themes")
LANGUAGES = ("en", "en_GB", "de", "fr", "it", "es", "zh_Hans")
# The sources are written in British English: a new sentence is its own translation, for Americans with these words.
ENGLISH = ("en", "en_GB")
AMERICAN = {
    "authorised": "authorized",
    "basket": "cart",
    "baskets": "carts",
    "cancelled": "canceled",
    "catalogue": "catalog",
    "colour": "color",
    "coloured": "colored",
    "colours": "colors",
    "fulfil": "fulfill",
    "sanitised": "sanitized",
}

_SINGLE, _PLURAL, _CONTEXT, _CONTEXT_PLURAL = None, (1, 2), ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS = {
    "_": _SINGLE,
    "gettext": _SINGLE,
    "gettext_lazy": _SINGLE,
    "gettext_noop": _SINGLE,
    "ngettext": _PLURAL,
    "ngettext_lazy": _PLURAL,
    "pgettext": _CONTEXT,
    "pgettext_lazy": _CONTEXT,
    "npgettext": _CONTEXT_PLURAL,
    "npgettext_lazy": _CONTEXT_PLURAL,
}
_AMERICAN_WORD = re.compile(rf"(?<!%\()\b({'|'.join(AMERICAN)})\b", re.IGNORECASE)
# A catalogue changes when its sentences do, not with the day it was written on.
_WRITTEN_AT = datetime(2025, 1, 1, tzinfo=UTC)


def extract_messages() -> Catalog:
    """Return every translatable sentence of the sources, with the files that hold it."""
    template = Catalog(charset="utf-8")
    for path in _source_files():
        name = path.relative_to(ROOT).as_posix()
        for function, words, comments in _calls_in(path):
            context, message = _arguments(function, words)
            if message:
                template.add(message, locations=[(name, 1)], context=context, auto_comments=comments)
    return template


def read_catalog(language: str) -> Catalog:
    """Return the committed catalogue of a language, an empty one where there is none yet."""
    path = po_file(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return pofile.read_po(file, locale=language)


def update_catalog(language: str, template: Catalog) -> Catalog:
    """Return a language's catalogue with the template's sentences; those that are new are untranslated.

    A sentence that left the sources is kept as obsolete, so that its translation is there when it comes back.
    """
    catalog = read_catalog(language)
    for message in list(catalog.obsolete.values()):
        catalog[message.id] = message
    catalog.obsolete.clear()
    catalog.update(deepcopy(template), no_fuzzy_matching=True, update_header_comment=False)
    if language in ENGLISH:
        catalog.obsolete.clear()
        for message in sentences(catalog):
            if not is_translated(message):
                message.string = in_english(message.id, language)
    return catalog


def in_english(words: str | tuple[str, ...], language: str) -> str | tuple[str, ...]:
    """Return a sentence of the sources as the British, or in `en` the Americans, write it."""
    if isinstance(words, tuple):
        return tuple(in_english(form, language) for form in words)
    return _AMERICAN_WORD.sub(_to_american, words) if language == "en" else words


def po_text(catalog: Catalog) -> bytes:
    """Return a catalogue as it is committed: sorted, naming files without line numbers."""
    _fix_header(catalog)
    written = io.BytesIO()
    pofile.write_po(written, catalog, width=100, sort_output=True, include_lineno=False)
    return written.getvalue()


def mo_bytes(catalog: Catalog) -> bytes:
    """Return a catalogue as Django reads it."""
    _fix_header(catalog)
    written = io.BytesIO()
    write_mo(written, catalog)
    return written.getvalue()


def po_file(language: str) -> Path:
    """Return where a language's sentences are edited."""
    return LOCALE_DIR / language / "LC_MESSAGES" / "django.po"


def mo_file(language: str) -> Path:
    """Return where a language's sentences are read from at run time."""
    return po_file(language).with_suffix(".mo")


def sentences(catalog: Catalog) -> list[Message]:
    """Return a catalogue's entries without its header."""
    return [message for message in catalog if message.id]


def is_translated(message: Message) -> bool:
    """Tell whether an entry has all its forms."""
    forms = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    return bool(forms) and all(forms)


def _to_american(found: re.Match) -> str:
    word = found[0]
    american = AMERICAN[word.lower()]
    return american.capitalize() if word[0].isupper() else american


def _source_files() -> Iterator[Path]:
    for folder in SOURCE_DIRS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and not {"migrations", "static"} & set(path.parts):
                yield path


def _calls_in(path: Path) -> Iterator[tuple[str, object, list[str]]]:
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # The calls stand where the tags stood; Python's tokeniser wants them at the margin.
        source = "\n".join(line.lstrip() for line in templatize(source, origin=str(path)).splitlines())
    calls = extract_python(io.BytesIO(source.encode()), KEYWORDS, ["Translators:"], {"encoding": "utf-8"})
    for _line, function, words, comments in calls:
        yield function, words, comments


def _arguments(function: str, words: object) -> tuple[str | None, object]:
    """Return the context and the sentence of a call; no sentence where it is a variable."""
    given = words if isinstance(words, tuple) else (words,)
    positions = KEYWORDS[function] or (1,)
    context = given[0] if positions[0] == (1, "c") else None
    wanted = [position for position in positions if isinstance(position, int)]
    found = tuple(given[position - 1] if position <= len(given) else None for position in wanted)
    if not all(found):
        return None, None
    return context, found if len(found) > 1 else found[0]


def _fix_header(catalog: Catalog) -> None:
    catalog.fuzzy = False
    catalog.project, catalog.version = "storefront", "1"
    catalog.header_comment = (
        "# Translations are written here by hand; `make messages` adds and removes sentences."
    )
    catalog.creation_date = catalog.revision_date = _WRITTEN_AT
    catalog.last_translator = catalog.language_team = catalog.msgid_bugs_address = ""
