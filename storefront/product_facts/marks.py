"""The marks a product bears: what they are called, what they tell a shopper, and their drawings.

Drawn here are only marks whose geometry the law publishes for everybody to use: CE (Regulation (EC) 765/2008,
Annex II), UKCA (the same annex as it applies in Great Britain), the crossed-out bin of electrical equipment (Directive
2012/19/EU, Annex IX) and that of batteries (Regulation (EU) 2023/1542, Annex VI, Part B). Those of
certifiers are theirs.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mark(models.TextChoices):
    CE = "ce", _("CE marking")
    UKCA = "ukca", _("UKCA marking")
    WEEE = "weee", _("Crossed-out wheeled bin on electrical equipment (WEEE)")
    BATTERY = "battery", _("Crossed-out wheeled bin on batteries")


# A marking is the maker's own declaration: to call it a test or a certificate would mislead.
_SENTENCES = {
    Mark.CE: _("CE: the manufacturer declares that this product meets the requirements of EU law."),
    Mark.UKCA: _("UKCA: the manufacturer declares that this product meets the requirements of UK law."),
    Mark.WEEE: _(
        "Crossed-out wheeled bin: do not put this product into household waste. Hand it in where old electrical"
        " equipment is collected."
    ),
    Mark.BATTERY: _(
        "Crossed-out wheeled bin: do not put its batteries into household waste. Hand them in where old batteries"
        " are collected."
    ),
}


class ShownMark(NamedTuple):
    """A mark on a page: its drawing among the static files, and the sentence beside it."""

    drawing: str
    sentence: str


def show_marks(codes: Iterable[str]) -> tuple[ShownMark, ...]:
    """Return the marks with these codes in the order of Mark; a code that is none of them is left out."""
    known = set(codes)
    return tuple(
        ShownMark(f"img/marks/{mark.value}.svg", str(_SENTENCES[mark])) for mark in Mark if mark in known
    )
