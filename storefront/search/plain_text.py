"""The words of HTML alone, and the first of them."""

import re
from html import unescape

from django.utils.html import strip_tags

_DESCRIPTION_LENGTH = 160
_BLOCK_TAG = re.compile(r"<(?=/?(?:p|br|li|ul|ol|div|h[1-6]|tr|td|th|table)\b)", re.IGNORECASE)


def plain_text(html: str) -> str:
    """Return what HTML says, in one line; the words of two paragraphs, items or cells stay apart."""
    return " ".join(unescape(strip_tags(_BLOCK_TAG.sub(" <", html))).split())


def shorten(text: str) -> str:
    """Return as much of a text, in whole words, as search engines show of a description."""
    if len(text) <= _DESCRIPTION_LENGTH:
        return text
    return text[: _DESCRIPTION_LENGTH - 1].rsplit(" ", 1)[0] + "…"
