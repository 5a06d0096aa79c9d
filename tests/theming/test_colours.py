"""Contrast, checked against figures of WCAG's own examples."""

import pytest

from storefront.theming.colours import contrast, mix, read_colour, readable_on, until_readable, write_colour

BLACK, WHITE = (0, 0, 0), (255, 255, 255)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("#abc", (170, 187, 204)), (" #0B5275 ", (11, 82, 117)), ("red", None), ("#abcd", None), ("", None)],
)
def test_reading_a_colour(text, expected):
    assert read_colour(text) == expected


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [(BLACK, WHITE, 21.0), (WHITE, WHITE, 1.0), ((0x76, 0x76, 0x76), WHITE, 4.54), ((255, 0, 0), WHITE, 4.0)],
)
def test_the_contrast_of_two_colours(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


def test_the_better_of_two_texts_is_chosen():
    assert readable_on((20, 20, 90), BLACK, WHITE) == WHITE
    assert readable_on((250, 220, 90), BLACK, WHITE) == BLACK


def test_a_colour_moves_only_as_far_as_it_must():
    moved = until_readable((250, 220, 90), on=WHITE, ratio=4.5, towards=BLACK)

    assert contrast(moved, WHITE) >= 4.5
    assert contrast(mix(moved, (250, 220, 90), 0.15), WHITE) < 4.5
    assert until_readable(BLACK, on=WHITE, ratio=4.5, towards=WHITE) == BLACK


def test_a_colour_is_written_as_it_is_read():
    assert read_colour(write_colour((1, 2, 250))) == (1, 2, 250)
