"""Slugs of titles as `Product.save()` makes them; of plain ASCII in a tenth of the time."""

from collections.abc import Iterable

from django.conf import settings
from oscar.core.utils import slugify

_LONGEST = 255
_OSCARS = "oscar.core.utils.default_slugifier"


def _write_sign(sign: str) -> str:
    if sign == "-" or sign.isspace():
        return "-"
    return sign.lower() if sign.isalnum() or sign == "_" else ""


_SIGNS = str.maketrans({sign: _write_sign(sign) for sign in map(chr, range(128))})


def make_slugs(titles: Iterable[str]) -> list[str]:
    """Return the slug of each title."""
    is_oscars = settings.OSCAR_SLUG_FUNCTION == _OSCARS and not (
        settings.OSCAR_SLUG_MAP or settings.OSCAR_SLUG_BLACKLIST
    )
    make = _make if is_oscars else slugify
    return [str(make(title))[:_LONGEST] for title in titles]


def make_slug(title: str) -> str:
    """Return the slug of a title."""
    return make_slugs([title])[0]


def _make(title: str) -> str:
    """Return what Oscar's own function makes of a title."""
    if not title.isascii():
        return str(slugify(title))
    slug = title.translate(_SIGNS)
    while "--" in slug:
        slug = slug.replace("--", "-")
    return slug.strip("-_")
