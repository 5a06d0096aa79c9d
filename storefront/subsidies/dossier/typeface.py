"""The typeface of the index: Noto Sans SC (SIL OFL 1.1) with every character of GBK, embedded as far as it is used."""

from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

NAME = "NotoSansSC"
_FILE = Path(__file__).parent.parent / "data" / "fonts" / "NotoSansSC-Regular-GBK.ttf"


@cache
def _drawn() -> frozenset[int]:
    font = TTFont(NAME, str(_FILE))
    pdfmetrics.registerFont(font)
    return frozenset(font.face.charToGlyph)


def use_typeface() -> str:
    """Make the typeface known to the PDF maker, and return its name."""
    _drawn()
    return NAME


def drawable(text: str) -> str:
    """Return `text` with each character that the typeface lacks written as its number, so that none is lost."""
    drawn = _drawn()
    plain = text.replace("\r\n", "\n").replace("\t", " ")
    return "".join(one if one == "\n" or ord(one) in drawn else f"[U+{ord(one):04X}]" for one in plain)
