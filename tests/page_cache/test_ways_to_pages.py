"""The ways to the merchant's pages: a shopper with a basket, for whom no page is kept, sees every change at once."""

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Locale, PageViewRestriction, Site

from storefront.cms.models import ContentPage, HomePage
from storefront.cms.services import create_first_pages
from storefront.search.indexing import update_index
from tests.catalogue import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home(markets):
    create_first_pages(shop_name="Wharf")
    factories.make_single("Lamp")
    update_index(now=timezone.now())
    return HomePage.objects.get(locale__language_code="en")


@pytest.fixture
def about(home):
    return home.add_child(instance=ContentPage(title="Workshop", slug="workshop"))


@pytest.fixture
def ask():
    """Return a function that asks for a page as a shopper with a basket, in the market they have chosen."""
    client = Client()
    client.cookies["basket"] = "1:of-nobody"
    client.cookies["edition"] = "us-en"
    return client.get


def _publish(page, **values):
    for name, value in values.items():
        setattr(page, name, value)
    page.save_revision().publish()


def test_home_page_is_read_with_two_queries(home, ask, settings):
    """The page itself, and whether the index is in step."""
    settings.PAGE_CACHE_LOOK_SECONDS = settings.PARTS_KEPT_SECONDS = 1_000_000
    ask("/")

    with CaptureQueriesContext(connection) as captured:
        assert ask("/").status_code == 200

    assert len(captured) == 2, captured.captured_queries


def test_home_page_changes_at_once(home, ask):
    assert "<title>Wharf of old" not in ask("/").text

    _publish(home, seo_title="Wharf of old")

    assert "<title>Wharf of old" in ask("/").text


def test_each_language_has_its_own_home_page(home, ask):
    _publish(HomePage.objects.get(locale__language_code="de"), seo_title="Die Werft")
    _publish(home, seo_title="The wharf")

    for _time in range(2):
        assert "<title>The wharf" in ask("/").text
        assert "<title>Die Werft" in ask("/de/").text
        assert "<title>The wharf" in ask("/de-en/").text


def test_home_page_that_is_taken_back_is_gone(home, ask):
    assert ask("/de/").status_code == 200

    german = HomePage.objects.get(locale__language_code="de")
    german.unpublish()

    assert "<title>Wharf of old" not in ask("/de/").text
    _publish(home, seo_title="Wharf of old")
    assert "<title>Wharf of old" in ask("/de/").text  # the page it was translated from stands in


def test_another_home_page_is_shown_at_once(home, ask):
    ask("/")
    root = home.get_parent()
    other = root.add_child(instance=HomePage(title="Winter", slug="winter", seo_title="Wharf in winter"))
    site = Site.objects.get()
    site.root_page = other
    site.save()

    assert "<title>Wharf in winter" in ask("/").text


def test_page_that_is_closed_asks_for_its_password_at_once(home, about, ask):
    assert "<h1>Workshop" in ask("/workshop/").text

    PageViewRestriction.objects.create(page=home, restriction_type="password", password="open sesame")

    for address in ("/workshop/", "/"):
        assert 'name="password"' in ask(address).text, address

    PageViewRestriction.objects.all().delete()

    assert "<h1>Workshop" in ask("/workshop/").text


def test_page_that_is_moved_under_a_closed_one_is_closed(home, about, ask):
    closed = home.add_child(instance=ContentPage(title="Trade", slug="trade"))
    PageViewRestriction.objects.create(page=closed, restriction_type="password", password="open sesame")
    assert "<h1>Workshop" in ask("/workshop/").text

    about.move(closed, pos="last-child")

    assert 'name="password"' in ask("/trade/workshop/").text


def test_translation_is_linked_once_it_is_public_and_where_it_is(about, ask):
    german = 'hreflang="de-DE" href="http://testserver/de/'
    assert german not in ask("/workshop/").text

    translated = about.copy_for_translation(Locale.objects.get(language_code="de"))
    _publish(translated, title="Werkstatt", slug="werkstatt")
    assert f'{german}werkstatt/"' in ask("/workshop/").text

    _publish(translated, slug="unsere-werkstatt")
    assert f'{german}unsere-werkstatt/"' in ask("/workshop/").text

    ContentPage.objects.get(pk=translated.pk).unpublish()
    assert german not in ask("/workshop/").text


def test_language_that_is_written_otherwise_is_linked_at_once(about, ask):
    translated = about.copy_for_translation(Locale.objects.get(language_code="de"))
    _publish(translated, title="Werkstatt", slug="werkstatt")
    german = 'rel="alternate" hreflang="de-DE"'
    assert german in ask("/workshop/").text

    Locale.objects.filter(language_code="de").update(language_code="ja")

    assert german not in ask("/workshop/").text


def test_shop_that_gets_its_first_product_shows_its_home_page(markets, ask):
    create_first_pages(shop_name="Wharf")
    template = apps.get_model("cms", "HomePage").template
    before = ask("/")
    assert template not in [each.name for each in before.templates]

    factories.make_single("Lamp")

    assert template in [each.name for each in ask("/").templates]
