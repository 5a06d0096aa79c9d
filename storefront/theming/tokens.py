"""A theme's tokens, read from its style sheets, and the pairs of colours that must be told apart."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from storefront.theming.colours import contrast, read_colour
from storefront.theming.themes import Theme

TEXT, MARK = 4.5, 3.0  # WCAG 2.2: 1.4.3 for text, 1.4.11 for borders, stars and the ring of the focus
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_DARK = re.compile(r"@media\s*\(prefers-color-scheme:\s*dark\)\s*\{")
_TOKEN = re.compile(r"(--[\w-]+)\s*:\s*([^;}]+)")

PAIRS: tuple[tuple[str, str, float], ...] = (
    *((text, ground, TEXT) for text in ("ink", "ink-2", "link") for ground in ("page", "surface")),
    ("on-primary", "primary", TEXT),
    ("on-primary", "primary-hover", TEXT),
    ("on-accent", "accent", TEXT),
    ("on-band", "band", TEXT),
    ("on-band-2", "band", TEXT),
    *(("on-tint", f"tint-{number}", TEXT) for number in range(1, 5)),
    *((status, "page", TEXT) for status in ("sale", "ok", "warn", "danger")),
    *((status, f"{status}-soft", TEXT) for status in ("ok", "warn", "danger")),
    *((mark, "page", MARK) for mark in ("line-strong", "star", "focus")),
)


@dataclass(frozen=True)
class Faint:
    """Two tokens whose colours are too close to each other."""

    text: str
    ground: str
    ratio: float
    needed: float
    is_dark: bool

    def __str__(self) -> str:
        scheme = "dark" if self.is_dark else "light"
        return (
            f"--c-{self.text} on --c-{self.ground} ({scheme}): {self.ratio:.2f} to 1, "
            f"{self.needed:g} to 1 is needed"
        )


def read_tokens(css: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the tokens a style sheet sets, without `--`: those for everyone, and those for the dark alone."""
    light, dark = _take_dark_out(_COMMENT.sub("", css))
    return _read(light), _read(dark)


def theme_tokens(theme: Theme) -> tuple[dict[str, str], dict[str, str]]:
    """Return the tokens in force in the light and in the dark.

    A theme's layer comes after the base's, so that what it sets for everyone holds in the dark too.
    """
    base_light, base_dark = _read_file(theme.folders[-1] / "static/css/tokens.css")
    own_light, own_dark = _read_file(theme.folders[0] / "static/css/theme.css")
    return {**base_light, **own_light}, {**base_light, **base_dark, **own_light, **own_dark}


def faint_pairs(tokens: Mapping[str, str], *, is_dark: bool) -> list[Faint]:
    """Return which PAIRS of a theme's tokens cannot be told apart well enough; what is no hex colour is left out."""
    found = []
    for text, ground, needed in PAIRS:
        colours = read_colour(tokens.get(f"c-{text}", "")), read_colour(tokens.get(f"c-{ground}", ""))
        if colours[0] and colours[1] and (ratio := contrast(colours[0], colours[1])) < needed:
            found.append(Faint(text, ground, ratio, needed, is_dark))
    return found


def _read_file(sheet: Path) -> tuple[dict[str, str], dict[str, str]]:
    return read_tokens(sheet.read_text(encoding="utf-8")) if sheet.is_file() else ({}, {})


def _read(css: str) -> dict[str, str]:
    return {match[1].removeprefix("--"): match[2].strip() for match in _TOKEN.finditer(css)}


def _take_dark_out(css: str) -> tuple[str, str]:
    light, dark = "", ""
    while match := _DARK.search(css):
        depth, end = 1, match.end()
        while depth and end < len(css):
            depth += {"{": 1, "}": -1}.get(css[end], 0)
            end += 1
        light += css[: match.start()]
        dark += css[match.end() : end]
        css = css[end:]
    return light + css, dark
