"""Who is answered from the kept pages, who never is, and what every answer says about being kept."""

import gzip

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from storefront.search.indexing import update_index
from tests.catalogue import factories

pytestmark = pytest.mark.django_db(transaction=True)
_COUNT = '<span class="count" aria-hidden="true">{}</span>'


@pytest.fixture
def lamp():
    made = factories.make_single("Lamp", category=factories.make_category("Garden"))
    update_index(now=timezone.now())
    return made


@pytest.mark.parametrize("view", ["catalogue:index", "search:search"])
def test_no_cookie_and_no_token_on_a_kept_page(visitor, lamp, view):
    answer = visitor(reverse(view))

    assert answer.headers["X-Page-Cache"] == "miss"
    assert not answer.cookies
    assert "csrfmiddlewaretoken" not in answer.text
    assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_visitor_with_a_basket_gets_a_page_of_their_own(visitor, lamp):
    visitor(lamp.get_absolute_url())
    shopper = Client()
    shopper.post(reverse("basket:add", kwargs={"pk": lamp.pk}), {"quantity": 2})

    answer = shopper.get(lamp.get_absolute_url())

    assert "X-Page-Cache" not in answer.headers
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert _COUNT.format(2) in answer.text
    assert _COUNT.format(2) not in visitor(lamp.get_absolute_url()).text


def test_signed_in_shopper_gets_a_page_of_their_own(visitor, lamp, django_user_model):
    shopper = Client()
    shopper.force_login(django_user_model.objects.create_user(email="ann@example.test", password="x"))

    assert "X-Page-Cache" not in shopper.get(lamp.get_absolute_url()).headers


@pytest.mark.parametrize("name", ["basket:summary", "customer:login", "consent:choose"])
def test_personal_pages_are_kept_for_nobody(visitor, lamp, name):
    visitor(reverse(name))

    answer = visitor(reverse(name))

    assert "X-Page-Cache" not in answer.headers
    assert "public" not in answer.headers["Cache-Control"]


def test_browser_that_has_the_page_is_told_it_still_holds(visitor, lamp):
    first = visitor(lamp.get_absolute_url())

    again = visitor(lamp.get_absolute_url(), if_none_match=first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")

    lamp.stockrecords.update(num_in_stock=1)
    changed = visitor(lamp.get_absolute_url(), if_none_match=first.headers["ETag"])
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_kept_page_is_sent_compressed_to_who_reads_that(visitor, lamp):
    plain = visitor(lamp.get_absolute_url())

    packed = visitor(lamp.get_absolute_url(), accept_encoding="gzip, zstd")

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content


def test_address_of_an_advertisement_is_the_same_page(visitor, lamp):
    visitor(f"{lamp.get_absolute_url()}?utm_source=mail&gclid=1")

    answer = visitor(f"{lamp.get_absolute_url()}?fbclid=2")

    assert answer.headers["X-Page-Cache"] == "hit"
    assert "utm_source" not in answer.text


def test_unknown_parameter_is_kept_for_nobody(visitor, lamp):
    assert "X-Page-Cache" not in visitor(f"{lamp.get_absolute_url()}?x=1").headers


def test_front_page_still_leads_to_the_market_the_browser_prefers(visitor, markets, lamp):
    assert visitor("/", accept_language="en-US").status_code == 200
    assert visitor("/", accept_language="en-US").headers["X-Page-Cache"] == "hit"

    german = visitor("/", accept_language="de-DE")

    assert (german.status_code, german.headers["Location"]) == (302, "/de/")


def test_each_edition_and_host_has_a_page_of_its_own(visitor, markets, price, lamp):
    price(lamp, markets["de"], "20.00")
    plain, german = visitor(lamp.get_absolute_url()), visitor(f"/de{lamp.get_absolute_url()}")

    assert "$10.00" in plain.text and "20,00" in german.text
    assert "20,00" in visitor(f"/de{lamp.get_absolute_url()}").text
    other = Client(headers={"host": "shop.example"}).get(lamp.get_absolute_url())
    assert other.headers["X-Page-Cache"] == "miss"


def test_cdn_is_told_how_long_and_by_which_keys(visitor, lamp, settings):
    settings.CDN_SECONDS = 60

    answer = visitor(lamp.get_absolute_url())

    assert answer.headers["Cache-Control"] == "public, max-age=0, s-maxage=45, stale-while-revalidate=15"
    assert f"product:{lamp.pk}" in answer.headers["Surrogate-Key"].split()


def test_search_without_a_find_is_counted_each_time(visitor, lamp):
    from storefront.search.models import SearchMiss

    visitor("/search/?q=xylophone")
    visitor("/search/?q=xylophone")

    assert SearchMiss.objects.get().times == 2


def test_kept_page_asks_the_database_nothing(visitor, lamp, settings, django_assert_num_queries):
    settings.PAGE_CACHE_LOOK_SECONDS = 1_000_000
    visitor(lamp.get_absolute_url())

    with django_assert_num_queries(0):
        assert visitor(lamp.get_absolute_url()).headers["X-Page-Cache"] == "hit"


def test_fragment_has_the_visitors_basket_and_message_and_is_kept_nowhere(lamp):
    shopper = Client()
    shopper.post(reverse("basket:add", kwargs={"pk": lamp.pk}), {"quantity": 2})

    answer = shopper.get("/fragments/me/")

    assert answer.headers["Cache-Control"] == "private, no-store"
    assert _COUNT.format(2) in answer.text
    assert "Lamp" in answer.text
    assert "Lamp" not in shopper.get("/fragments/me/").text  # a message is read once


def test_scripts_learn_that_a_visitor_has_something_of_their_own(visitor, lamp):
    page = visitor(lamp.get_absolute_url())
    assert 'data-me="/fragments/me/" data-for-all' in page.text
    assert "shopper" not in page.cookies
    shopper = Client()

    added = shopper.post(reverse("basket:add", kwargs={"pk": lamp.pk}), {"quantity": 2})

    assert added.cookies["shopper"].value == "1"
    assert "data-for-all" not in shopper.get(lamp.get_absolute_url()).text
