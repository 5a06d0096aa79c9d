"""Two releases beside each other on one cache: neither shows what the other made, both see every change."""

import os
from dataclasses import replace
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from storefront.page_cache.release import release
from storefront.search.indexing import update_index
from tests.catalogue import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def become(settings):
    """Return a function that makes this process one of a release that calls the shop by this name."""

    def begin_anew(name):
        settings.SHOP_NAME = name
        release.cache_clear()

    yield begin_anew
    release.cache_clear()


@pytest.fixture
def lamp():
    made = factories.make_single("Lamp")
    update_index(now=timezone.now())
    return made


@pytest.fixture
def theme(settings, tmp_path):
    """Return a template of a theme that is in use."""
    folder = tmp_path / "templates"
    folder.mkdir()
    settings.THEME = replace(settings.THEME, folders=(tmp_path,))
    template = folder / "card.html"
    template.write_text("<b>old</b>")
    yield template
    release.cache_clear()


def test_each_release_shows_its_own_pages(visitor, become, lamp):
    for name in ("Old wharf", "New wharf"):
        become(name)
        answer = visitor(lamp.get_absolute_url())
        assert (answer.headers["X-Page-Cache"], f"| {name}</title>" in answer.text) == ("miss", True)

    become("Old wharf")
    answer = visitor(lamp.get_absolute_url())
    assert (answer.headers["X-Page-Cache"], "| Old wharf</title>" in answer.text) == ("hit", True)


def test_what_one_release_changes_is_seen_by_the_other(visitor, become, lamp):
    for name in ("Old wharf", "New wharf"):
        become(name)
        visitor(lamp.get_absolute_url())

    lamp.stockrecords.update(price=Decimal("77.70"))

    for name in ("Old wharf", "New wharf"):
        become(name)
        assert "$77.70" in visitor(lamp.get_absolute_url()).text


def test_cards_are_drawn_by_each_release(become, lamp, django_assert_num_queries):
    client = Client()
    client.cookies["basket"] = "1:of-nobody"
    become("Old wharf")
    client.get("/products/")
    with django_assert_num_queries(1):
        client.get("/products/")
    become("New wharf")

    with pytest.raises(pytest.fail.Exception), django_assert_num_queries(1):
        client.get("/products/")


def test_release_is_told_by_contents_not_by_times(theme):
    old = release()

    os.utime(theme, (1, 1))
    release.cache_clear()
    assert release() == old

    theme.write_text("<b>new</b>")
    os.utime(theme, (1, 1))
    release.cache_clear()
    assert release() != old


def test_setting_that_pages_show_makes_another_release(settings, become):
    become("Wharf")
    first = release()
    settings.STRIPE_PUBLISHABLE_KEY = "pk_test_another"
    release.cache_clear()
    assert release() != first
