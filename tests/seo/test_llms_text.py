"""llms.txt: an edition in a page of Markdown."""

import re

import pytest
from django.utils import timezone

from storefront.cms.services import create_first_pages
from storefront.search.indexing import update_index
from tests.catalogue.factories import make_category, make_single

pytestmark = pytest.mark.django_db


def test_an_edition_is_described_with_links_that_answer(client, markets, price):
    create_first_pages(shop_name="Wharf & Sons")
    lamp = make_single("Lamp [new]", category=make_category("Garden"))
    price(lamp, markets["de"], "9.00")
    update_index(now=timezone.now())

    response = client.get("/de/llms.txt")
    lines = response.content.decode().splitlines()

    assert response["Content-Type"] == "text/plain; charset=utf-8" and not response.cookies
    assert lines[0] == "# Storefront" and lines[2] == "> Online-Shop, der nach Deutschland liefert."
    assert "- Preise sind in EUR und enthalten die Steuer." in lines
    assert "- Standardversand: 4.90 EUR, 2 bis 4 Werktage." in lines
    assert f"- [Lamp \\[new\\]](http://testserver/de{lamp.get_absolute_url()})" in lines
    assert [line for line in lines if line.startswith("##")] == [
        "## Kategorien",
        "## Neu im Shop",
        "## Über den Shop",
        "## Optional",
    ]
    links = re.findall(r"\]\((http://testserver[^)]+)\)", "\n".join(lines))
    assert len(links) > 6
    for link in links:
        assert client.get(link.removeprefix("http://testserver")).status_code == 200, link


def test_nothing_is_described_while_no_market_is_open(client, open_markets):
    open_markets([])

    assert client.get("/llms.txt").status_code == 404
