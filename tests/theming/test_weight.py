"""What a page weighs before its pictures: every style sheet of a theme, every script but Stripe's.

No page loads all scripts: the card forms have pages of their own, without pictures, variants and drawer.
"""

import gzip

import pytest
from django.conf import settings

from storefront.theming.themes import read_theme

CSS_LIMIT, JS_LIMIT = 16 * 1024, 10 * 1024
EVERYWHERE = {"site.js", "me.js", "consent.js", "suggest.js"}
FORMS = {"checkout.js", "add-card.js", "address.js"}


def weigh(paths):
    return len(gzip.compress(b"".join(path.read_bytes() for path in paths), 9))


@pytest.mark.parametrize("name", ["base", "harbour", "grove"])
def test_style_sheets_and_scripts_keep_to_their_weight(name):
    folders = read_theme(name, themes_folder=settings.THEMES_DIR).static_folders
    files = {
        path.relative_to(folder): path
        for folder in reversed(folders)
        for kind in ("css", "js")
        for path in (folder / kind).rglob(f"*.{kind}")
    }
    scripts = {path for path in files.values() if path.suffix == ".js"}
    pages = [scripts - {path for path in scripts if path.name in FORMS}]
    pages += [{path for path in scripts if path.name in EVERYWHERE | {form, "address.js"}} for form in FORMS]
    weights = {
        "css": weigh(path for path in files.values() if path.suffix == ".css"),
        "js": max(weigh(sorted(page)) for page in pages),
    }
    print(name, weights)
    assert 0 < weights["css"] <= CSS_LIMIT
    assert 0 < weights["js"] <= JS_LIMIT
