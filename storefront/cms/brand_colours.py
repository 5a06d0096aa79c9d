"""From a shop's two colours to the tokens of a theme, in the light and in the dark; plain values in and out."""

from dataclasses import dataclass

from django.conf import settings

from storefront.theming.colours import (
    Rgb,
    contrast,
    mix,
    read_colour,
    readable_on,
    until_readable,
    write_colour,
)
from storefront.theming.tokens import MARK, TEXT, theme_tokens

BLACK, WHITE = (17, 17, 17), (255, 255, 255)


@dataclass(frozen=True)
class Grounds:
    """What a theme's pages are painted with."""

    light: Rgb
    dark: Rgb


def read_grounds() -> Grounds:
    """Return the grounds of the theme in use."""
    light, dark = (read_colour(tokens.get("c-page", "")) for tokens in theme_tokens(settings.THEME))
    return Grounds(light or WHITE, dark or BLACK)


def find_faint(colour: str, *, grounds: Grounds) -> float:
    """Return how far a colour stands out from the light page where that is not enough for a button, else 0."""
    read = read_colour(colour)
    ratio = contrast(read, grounds.light) if read else 0.0
    return ratio if read and ratio < MARK else 0.0


def brand_tokens(*, primary: str, accent: str, grounds: Grounds) -> tuple[dict[str, str], dict[str, str]]:
    """Return the tokens that two colours set for everyone, and those for the dark alone."""
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    if main := read_colour(primary):
        light |= _primary(main, grounds.light)
        dark |= _primary(until_readable(main, on=grounds.dark, ratio=TEXT, towards=WHITE), grounds.dark)
    if second := read_colour(accent):
        light |= {
            "c-accent": write_colour(second),
            "c-on-accent": write_colour(readable_on(second, BLACK, WHITE)),
        }
    return light, dark


def _primary(colour: Rgb, ground: Rgb) -> dict[str, str]:
    text = readable_on(colour, BLACK, WHITE)
    away = BLACK if text == WHITE else WHITE  # what is hovered stands out more from its text
    return {
        "c-primary": write_colour(colour),
        "c-primary-hover": write_colour(mix(colour, away, 0.18)),
        "c-on-primary": write_colour(text),
        "c-primary-soft": write_colour(mix(ground, colour, 0.1)),
    }
