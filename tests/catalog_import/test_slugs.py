"""An imported product has the slug that Oscar gives its title, whatever the title is made of."""

import random

import pytest
from oscar.core.utils import slugify

from catalog_import.oscar_catalogue.slugs import make_slugs

SIGNS = [chr(code) for code in range(128)] + list("--  __ aAzZ09ß日é")
CHANCE = random.Random(7)
TITLES = ["", "-", 'Lamp, 12" x 8', "Größe  XL -- rot", "a" * 300, "_a_", "日本の茶"] + [
    "".join(CHANCE.choices(SIGNS, k=CHANCE.randrange(30))) for _ in range(3000)
]
REVERSING = "tests.catalog_import.test_slugs.reverse"


def reverse(value, allow_unicode=False):
    return value[::-1]


@pytest.mark.parametrize(
    "settings_",
    [
        {},
        {"OSCAR_SLUG_MAP": {"12": "dozen", "A": "b c"}},
        {"OSCAR_SLUG_BLACKLIST": ["a", "lamp"]},
        {"OSCAR_SLUG_ALLOW_UNICODE": True},
        {"OSCAR_SLUG_FUNCTION": REVERSING},
    ],
)
def test_slug_is_the_one_that_oscar_makes(settings_, settings):
    for name, value in settings_.items():
        setattr(settings, name, value)

    assert make_slugs(TITLES) == [slugify(title)[:255] for title in TITLES]
