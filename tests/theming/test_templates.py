"""Every template that another one names is there: an order's page once named one that was not."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"""{%-?\s*(?:extends|include)\s+["']([^"']+\.(?:html|txt))["']""")
TEMPLATES = sorted(
    path
    for folder in ("themes", "storefront", "catalog_import")
    for path in (ROOT / folder).glob("**/templates/**/*")
    if path.suffix in {".html", ".txt"}
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_template_names_is_there(path):
    for name in NAMED.findall(path.read_text(encoding="utf-8")):
        get_template(name)
