from decimal import Decimal

import pytest
from django.template import engines
from django.utils import translation
from django.utils.safestring import mark_safe


def render(source, **context):
    return engines["django"].from_string("{% load theme %}" + source).render(context).strip()


@pytest.mark.parametrize(
    ("language", "amount", "currency", "expected"),
    [
        ("en", "1234.5", "USD", "$1,234.50"),
        ("de", "1234.5", "EUR", "1.234,50\xa0€"),
        ("zh-hans", "1234", "JPY", "JP¥1,234"),
        ("en", None, "USD", ""),
    ],
)
def test_money_is_written_as_in_the_shoppers_language(language, amount, currency, expected):
    with translation.override(language):
        value = None if amount is None else Decimal(amount)
        assert render("{{ amount|money:currency }}", amount=value, currency=currency) == expected


def test_a_picture_offers_its_renditions():
    html = render('{% picture "products/ab/abc.jpg" alt=title sizes="50vw" %}', title='A "lamp"')

    assert "/media/products/ab/abc.400.webp 400w, /media/products/ab/abc.800.webp 800w" in html
    assert 'alt="A &quot;lamp&quot;"' in html
    assert 'loading="lazy"' in html
    assert 'width="800" height="800"' in html


def test_the_picture_a_page_is_about_is_fetched_first():
    html = render('{% picture "products/ab/abc.jpg" is_main=True %}')

    assert 'fetchpriority="high"' in html
    assert 'loading="eager"' in html


def test_a_drawing_stands_in_for_a_missing_picture():
    assert "no-picture.svg" in render("{% picture name %}", name="")


def test_an_icon_is_silent_unless_it_has_a_label():
    assert 'aria-hidden="true"' in render('{% icon "bag" %}')
    assert 'role="img" aria-label="Yes"' in render('{% icon "check" label="Yes" %}')


def test_every_icon_a_template_names_is_drawn():
    import re

    from django.conf import settings

    base = settings.THEMES_DIR / "base"
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (base / "static/img/icons.svg").read_text()))
    named = {
        name
        for template in (base / "templates").rglob("*.html")
        for name in re.findall(r'{% icon "([^"]+)"', template.read_text())
    }

    assert named <= drawn


def test_short_compounds_of_a_heading_stay_on_one_line():
    title = "Cable <b> USB-C to USB-A, E-Marker, up-to-date 240-W-Schnellladekabel"
    assert render("{{ title|keep_together }}", title=title) == (
        'Cable &lt;b&gt; <span class="nowrap">USB-C</span> to <span class="nowrap">USB-A,</span>'
        ' <span class="nowrap">E-Marker,</span> <span class="nowrap">up-to-date</span> 240-W-Schnellladekabel'
    )


def test_heading_is_escaped_even_where_it_is_said_to_be_safe():
    title = mark_safe('<img alt="a-b" onerror=x>')
    assert "<img" not in render("{{ title|keep_together }}", title=title)
