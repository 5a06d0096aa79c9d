"""Colours as numbers: reading them, their contrast by WCAG 2.2, and the next colour that can be read."""

import re

_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_LINEAR_LIMIT = 0.04045  # IEC 61966-2-1

Rgb = tuple[int, int, int]


def read_colour(text: str) -> Rgb | None:
    """Return the red, green and blue of `#abc` or `#aabbcc`, or None for anything else."""
    text = text.strip()
    if not _HEX.fullmatch(text):
        return None
    digits = text[1:] if len(text) == 7 else "".join(digit * 2 for digit in text[1:])
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def write_colour(colour: Rgb) -> str:
    """Return a colour as `#aabbcc`."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def contrast(one: Rgb, other: Rgb) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2, contrast ratio)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(colour: Rgb, other: Rgb, share: float) -> Rgb:
    """Return `colour` with `share` (0 to 1) of another one in it."""
    red, green, blue = (
        round(part + (towards - part) * share) for part, towards in zip(colour, other, strict=True)
    )
    return red, green, blue


def readable_on(ground: Rgb, *choices: Rgb) -> Rgb:
    """Return that one of `choices` which stands out most on `ground`."""
    return max(choices, key=lambda choice: contrast(choice, ground))


def until_readable(colour: Rgb, *, on: Rgb, ratio: float, towards: Rgb) -> Rgb:
    """Return `colour`, moved as little towards another one as it takes to reach `ratio` on a ground."""
    for step in range(21):
        moved = mix(colour, towards, step / 20)
        if contrast(moved, on) >= ratio:
            return moved
    return towards


def _luminance(colour: Rgb) -> float:
    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= _LINEAR_LIMIT else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
