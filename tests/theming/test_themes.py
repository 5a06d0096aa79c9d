"""Themes as folders of data: what they hold, what the shop makes of them, what it says when one is wrong."""

import re

import pytest
from django.conf import settings
from django.core.management import call_command

from storefront.theming.checks import check_contrast
from storefront.theming.themes import ThemeProblem, read_theme
from storefront.theming.tokens import faint_pairs, theme_tokens
from tests.catalogue.factories import make_single

THEMES = sorted(path.parent.name for path in settings.THEMES_DIR.glob("*/theme.toml"))

# docs/how-to/make-a-theme.md shows these ten lines.
TEN_LINES = {
    "theme.toml": """\
name = "Paper"
description = "Ink on paper, one red."
hero = "panel"
mark = "M5 3h10l4 4v14H5z"
""",
    "static/css/theme.css": """\
:root { --c-primary: #8a1c2b; --c-primary-hover: #65121e; --c-link: #8a1c2b; --r-button: 0; --density: 1.1; }
@media (prefers-color-scheme: dark) {
  :root:not([data-scheme="light"]) {
    --c-primary: #f2a7b0; --c-primary-hover: #f8cdd2; --c-on-primary: #3c0a11; --c-link: #f2a7b0;
  }
}
""",
}


def write_theme(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def put_on(theme, settings):
    """Let the settings have `theme` as storefront.settings.base gives it to them."""
    settings.THEME = theme
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": theme.template_folders}]
    settings.STATICFILES_DIRS = theme.static_folders


@pytest.fixture
def paper(tmp_path, settings):
    folder = write_theme(tmp_path / "paper", TEN_LINES)
    theme = read_theme(str(folder), themes_folder=settings.THEMES_DIR)
    put_on(theme, settings)
    return theme


def test_the_example_has_ten_lines():
    assert sum(len(text.splitlines()) for text in TEN_LINES.values()) == 10


def test_the_example_is_the_one_that_the_guide_shows():
    guide = (settings.BASE_DIR / "docs/how-to/make-a-theme.md").read_text()

    for text in TEN_LINES.values():
        assert text in guide


@pytest.mark.django_db
def test_a_theme_of_ten_lines_dresses_every_page(client, paper):
    lamp = make_single("Lamp")

    for path in ("/products/", lamp.get_absolute_url(), "/basket/", "/no/such/page/"):
        page = client.get(path).content.decode()
        assert "M5 3h10l4 4v14H5z" in page
        assert '<main id="main">' in page


def test_a_theme_of_ten_lines_has_the_last_word_in_the_one_style_sheet(paper, tmp_path, settings):
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "storefront.theming.staticfiles.BundledStaticFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    sheet = next(
        path.read_text()
        for path in (tmp_path / "collected/css").glob("site.*.css")
        if re.fullmatch(r"site\.\w{12}\.css", path.name)
    )

    order = re.search(r"@layer ([\w, ]+);", sheet)[1].split(", ")
    assert order.index("theme") > order.index("components") > order.index("tokens")
    in_theme = sheet[sheet.index("@layer theme {") :]
    assert "--c-primary: #8a1c2b" in in_theme
    assert "--c-primary: #1d2b4f" in sheet  # the base theme's, in the layer that loses


def test_a_theme_of_ten_lines_can_be_read_in_the_light_and_in_the_dark(paper):
    assert check_contrast(None) == []


@pytest.mark.parametrize("name", THEMES)
def test_every_colour_of_a_theme_can_be_read(name):
    light, dark = theme_tokens(read_theme(name, themes_folder=settings.THEMES_DIR))

    assert [str(pair) for pair in faint_pairs(light, is_dark=False)] == []
    assert [str(pair) for pair in faint_pairs(dark, is_dark=True)] == []


@pytest.mark.parametrize("name", THEMES)
def test_a_theme_is_tokens_and_at_most_two_templates(name):
    theme = read_theme(name, themes_folder=settings.THEMES_DIR)
    if name == "base":
        return
    folder = theme.folders[0]

    assert len(list((folder / "templates").rglob("*.html"))) <= 2
    assert [path.name for path in folder.rglob("*.css")] == ["theme.css"]
    assert not list(folder.rglob("*.js"))
    assert not list(folder.rglob("*.py"))


@pytest.mark.parametrize("name", THEMES)
def test_every_font_of_a_theme_is_there_with_its_licence(name):
    theme = read_theme(name, themes_folder=settings.THEMES_DIR)
    sheet = theme.folders[0] / "static/css/theme.css"

    for font in re.findall(r'url\("([^"]+)"\)', sheet.read_text()):
        assert (sheet.parent / font).resolve().is_file()
    for font in theme.preload_fonts:
        assert (theme.folders[0] / "static" / font).is_file()
    if theme.preload_fonts:
        assert list((theme.folders[0] / "static/fonts").glob("OFL-*.txt"))


def test_a_faint_colour_is_a_warning_that_names_the_pair(tmp_path, settings):
    css = ":root { --c-ink-2: #9a9a9a; }"
    folder = write_theme(tmp_path / "pale", {"theme.toml": 'name = "Pale"', "static/css/theme.css": css})
    put_on(read_theme(str(folder), themes_folder=settings.THEMES_DIR), settings)

    (on_page, *_) = [warning.msg for warning in check_contrast(None)]

    assert "--c-ink-2 on --c-page (light): 2.81 to 1, 4.5 to 1 is needed" in on_page


def test_what_a_theme_sets_for_everyone_holds_in_the_dark_too(tmp_path, settings):
    css = ":root { --c-primary: #0b5275; }"
    folder = write_theme(tmp_path / "half", {"theme.toml": 'name = "Half"', "static/css/theme.css": css})
    put_on(read_theme(str(folder), themes_folder=settings.THEMES_DIR), settings)

    warnings = " ".join(warning.msg for warning in check_contrast(None))

    assert "--c-on-primary on --c-primary (dark)" in warnings
    assert "(light)" not in warnings


@pytest.mark.parametrize(
    ("chosen", "toml", "said"),
    [
        ("nowhere", None, "Choose one of: base, grove, harbour"),
        ("here", 'name = "Here', "is not TOML"),
        ("here", 'name = "Here"\nheros = "panel"', "'heros' is not known"),
        ("here", 'name = "Here"\nhero = "round"', "it must be one of split, overlay, panel"),
        ("here", '[[fonts]]\ncode = "a"\nbody = "serif"', "one of [[fonts]] has no name"),
    ],
)
def test_a_theme_that_is_not_right_says_what_to_change(tmp_path, settings, chosen, toml, said):
    if toml is not None:
        chosen = str(write_theme(tmp_path / chosen, {"theme.toml": toml}))

    with pytest.raises(ThemeProblem, match=re.escape(said)):
        read_theme(chosen, themes_folder=settings.THEMES_DIR)
