import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.core.management import call_command

from storefront.theming.staticfiles import bundle_style_sheet


def make_paths(**files):
    """Return what collectstatic found: the files by name, underscores in names as slashes."""
    storage = InMemoryStorage()
    for name, text in files.items():
        storage.save(f"{name.replace('_', '/')}.css", ContentFile(text.encode()))
    return {f"{name.replace('_', '/')}.css": (storage, f"{name.replace('_', '/')}.css") for name in files}


def test_an_import_becomes_a_layer():
    paths = make_paths(
        css_site='@layer reset, tokens;\n@import "a.css" layer(reset);\n@import "parts/b.css";',
        css_a="/* said */ a { color: red }",
        css_parts_b='b { background: url("../../img/b.svg"); mask: url("data:image/svg+xml,x") }',
    )

    assert bundle_style_sheet(paths, name="css/site.css") == (
        "@layer reset, tokens;\n@layer reset {\na { color: red }\n}\n"
        'b { background: url("../img/b.svg"); mask: url("data:image/svg+xml,x") }'
    )


def test_an_import_that_leads_nowhere_stops_the_build():
    with pytest.raises(FileNotFoundError, match="which no theme has"):
        bundle_style_sheet(make_paths(css_site='@import "gone.css";'), name="css/site.css")


@pytest.fixture
def collected(tmp_path, settings):
    """The theme's own static files as production serves them."""
    settings.STATIC_ROOT = tmp_path
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "storefront.theming.staticfiles.BundledStaticFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def test_production_serves_one_style_sheet_under_the_name_of_its_content(collected):
    (sheet,) = [
        path
        for path in (collected / "css").glob("site.*.css")
        if re.fullmatch(r"site\.\w{12}\.css", path.name)
    ]
    text = sheet.read_text()

    assert "@import" not in text
    assert "@layer components {" in text
    assert len((sheet.parent / f"{sheet.name}.gz").read_bytes()) <= 16 * 1024


def test_modules_import_each_other_under_those_names(collected):
    (script,) = [
        path for path in (collected / "js").glob("site.*.js") if re.fullmatch(r"site\.\w{12}\.js", path.name)
    ]

    assert re.search(r"from ['\"]\./gallery\.\w{12}\.js", script.read_text())


def test_every_import_of_the_style_sheet_is_there():
    css = Path(settings.THEMES_DIR) / "base/static/css"

    for name in re.findall(r'@import "([^"]+)"', (css / "site.css").read_text()):
        assert (css / name).is_file(), name
