"""Where each edition is found, and who is sent where."""

import random
import re

import pytest
from django.core.management import call_command

from storefront.markets.editions import open_editions
from tests.catalogue.factories import make_category, make_single, make_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def lamp(markets, price):
    """A lamp with German words, sold in both markets."""
    lamp = make_single("Lamp", price="12.00", category=make_category("Garden"))
    make_text(lamp, language="de", title="Leuchte")
    price(lamp, markets["de"], "1299.00")
    return lamp


def read(client, path, **headers):
    response = client.get(path, headers=headers)
    assert response.status_code == 200, path
    return response.content.decode()


def alternates(page):
    return dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', page))


def test_each_edition_speaks_its_language_and_writes_its_prices(client, lamp):
    path = lamp.get_absolute_url()

    us, de, de_en = (read(client, prefix + path) for prefix in ("", "/de", "/de-en"))

    assert '<html lang="en"' in us and "<h1>Lamp</h1>" in us and "$12.00" in us
    assert '<html lang="de"' in de and "<h1>Leuchte</h1>" in de and "1.299,00\xa0€" in de
    assert '<html lang="en"' in de_en and "<h1>Lamp</h1>" in de_en and "€1,299.00" in de_en


def test_a_deep_link_is_never_redirected(client, lamp):
    path = lamp.get_absolute_url()

    assert "$12.00" in read(client, path, accept_language="de-DE,de;q=0.9")
    assert "1.299,00\xa0€" in read(client, f"/de{path}", accept_language="en-US")


@pytest.mark.parametrize(
    ("accept_language", "target"),
    [("de-DE,de;q=0.9,en;q=0.5", "/de/"), ("de-AT", "/de/"), ("en-US,en", None), ("fr", None), ("", None)],
)
def test_the_first_visit_of_the_front_page_follows_the_browser(client, markets, accept_language, target):
    response = client.get("/", headers={"accept-language": accept_language})

    assert response.headers.get("Location") == target
    if target:
        assert {"Accept-Language", "Cookie"} <= set(response["Vary"].split(", "))


def test_a_choice_is_remembered_and_the_browser_not_asked_again(client, markets):
    response = client.get("/editions/us-en/?to=/products/")

    assert (response.status_code, response["Location"]) == (302, "/products/")
    assert client.cookies["edition"].value == "us-en"
    assert "Location" not in client.get("/", headers={"accept-language": "de"})


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example/", "x", ""])
def test_a_choice_leads_nowhere_else(client, markets, target):
    assert client.get("/editions/de-de/", {"to": target})["Location"] == "/de/"


@pytest.mark.parametrize("path", ["/xx/products/", "/fr/products/", "/de-fr/products/", "/editions/fr-fr/"])
def test_an_unknown_or_closed_edition_is_not_found(client, markets, path):
    assert client.get(path).status_code == 404


def test_every_edition_of_a_page_names_all_of_them(client, lamp):
    path = lamp.get_absolute_url()
    expected = {
        "en-US": f"http://testserver{path}",
        "de-DE": f"http://testserver/de{path}",
        "en-DE": f"http://testserver/de-en{path}",
        "x-default": f"http://testserver{path}",
    }

    for prefix in ("", "/de", "/de-en"):
        page = read(client, prefix + path)
        assert alternates(page) == expected
        assert f'<link rel="canonical" href="http://testserver{prefix}{path}">' in page


def test_a_lists_canonical_address_is_in_its_own_edition(client, lamp):
    page = read(client, "/de/products/?sort=price")

    assert '<link rel="canonical" href="http://testserver/de/products/">' in page


@pytest.mark.parametrize("path", ["/de/products/", "/de/search/?q=leuchte", "/de/basket/"])
def test_links_of_a_page_stay_in_its_edition(client, lamp, path):
    page = read(client, path)
    page = re.sub(r'<nav class="drawer drawer--end" id="markets".*?</nav>', "", page, flags=re.DOTALL)
    links = re.findall(r'<a [^>]*href="(/[^"]*)"|<form [^>]*action="(/[^"]*)"', page)
    inner = {link for pair in links for link in pair if link}

    assert inner
    assert not {link for link in inner if not link.startswith("/de/")}


@pytest.mark.parametrize("path", ["/admin/login/", "/static/img/favicon.svg", "/payments/webhook/"])
def test_what_is_no_shop_page_has_one_address(client, markets, path):
    plain = client.post(path) if "webhook" in path else client.get(path)

    assert plain.status_code in (200, 400)
    assert client.get(f"/de{path}").status_code != 200


def test_editions_never_mix_in_caches(client, lamp):
    paths = [lamp.get_absolute_url(), lamp.categories.get().get_absolute_url(), "/products/", "/search/?q=l"]
    words = {"": ("$12.00", "Lamp"), "/de": ("1.299,00\xa0€", "Leuchte"), "/de-en": ("€1,299.00", "Lamp")}
    visits = [(prefix, path) for prefix in words for path in paths] * 5
    random.Random(7).shuffle(visits)
    call_command("update_search_index")  # menus have what lists have

    for prefix, path in visits[:50]:
        page = read(client, prefix + path)
        main, menu = page[page.index("<main") :], re.findall(r'<a href="([^"?]+category[^"?]+)"', page)
        assert all(word in main for word in words[prefix])
        assert menu and all(link.startswith(f"{prefix}/products/category/") for link in menu)


def test_the_default_edition_has_the_plain_address(markets):
    assert [edition.prefix for edition in open_editions()] == ["", "/de", "/de-en"]
