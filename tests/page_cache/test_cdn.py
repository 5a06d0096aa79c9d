"""A CDN in front: what it may keep, what a visitor behind it sees, and how it is told of changes."""

import http.client
from decimal import Decimal
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from storefront.page_cache import cdn as telling
from storefront.search.indexing import update_index
from tests.catalogue import factories
from tests.servers.cdn import CdnStandIn

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "a token of the CDN's"


class Answer(NamedTuple):
    """What the CDN did (hit, miss or pass), and what came."""

    state: str
    status: int
    text: str
    etag: str | None


@pytest.fixture(params=["fastly", "cloudflare"])
def cdn(request, live_server, settings):
    with CdnStandIn(origin=live_server.url, token=TOKEN, form=request.param) as running:
        settings.CDN_SECONDS = 3600
        settings.CDN_PURGE_URL, settings.CDN_PURGE_TOKEN = running.purge_url, TOKEN
        settings.CDN_PURGE_FORMAT = request.param
        yield running


@pytest.fixture
def ask(cdn):
    """Return a function that asks the CDN as a visitor."""

    def get(path, **headers):
        connection = http.client.HTTPConnection(urlsplit(cdn.url).netloc, timeout=30)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return Answer(answer.headers["X-CDN"], answer.status, text, answer.headers["ETag"])

    return get


@pytest.fixture
def lamp():
    return factories.make_single("Lamp", category=factories.make_category("Garden"))


@pytest.fixture
def chair():
    made = factories.make_single("Chair")
    update_index(now=timezone.now())
    return made


def _keep(ask, *products):
    for product in products:
        ask(product.get_absolute_url())
        assert ask(product.get_absolute_url()).state == "hit"


def test_new_price_is_seen_behind_the_cdn_and_other_pages_stay_there(ask, lamp, chair):
    _keep(ask, lamp, chair)

    lamp.stockrecords.update(price=Decimal("77.70"))

    answer = ask(lamp.get_absolute_url())
    assert (answer.state, "77.70" in answer.text) == ("miss", True)
    assert ask(chair.get_absolute_url()).state == "hit"


def test_cdn_that_is_not_told_shows_what_it_has(ask, lamp, chair, settings):
    _keep(ask, lamp)
    settings.CDN_PURGE_URL = ""

    lamp.stockrecords.update(price=Decimal("77.70"))

    answer = ask(lamp.get_absolute_url())
    assert (answer.state, "77.70" in answer.text) == ("hit", False)


def test_change_of_the_menu_drops_every_page(ask, cdn, lamp, chair):
    _keep(ask, lamp, chair)

    category = lamp.categories.get()
    category.name = "Outdoors"
    category.save()

    assert "Outdoors" in ask(chair.get_absolute_url()).text
    assert cdn.purges[-1] == ["site"]


def test_stock_that_runs_out_is_seen_on_a_list_behind_the_cdn(ask, lamp, chair):
    address = reverse("catalogue:index")
    ask(address)
    assert ask(address).state == "hit"

    lamp.stockrecords.update(num_in_stock=0)

    assert "Sold out" in ask(address).text


def test_indexing_tells_again_what_the_one_who_wrote_it_told(cdn, lamp, chair):
    """A page that was fetched before the change and reached the CDN after its purge goes with the second one."""
    lamp.stockrecords.update(price=Decimal("77.70"))
    cdn.purges.clear()

    update_index(now=timezone.now())

    assert any(f"product:{lamp.pk}" in keys for keys in cdn.purges)


def test_visitor_with_a_basket_goes_through_the_cdn(ask, lamp, chair):
    _keep(ask, lamp)
    shopper = Client()
    shopper.post(reverse("basket:add", kwargs={"pk": lamp.pk}), {"quantity": 2})

    answer = ask(lamp.get_absolute_url(), Cookie=f"basket={shopper.cookies['basket'].value}")

    assert answer.state == "pass"
    assert 'aria-hidden="true">2</span>' in answer.text
    assert ask(lamp.get_absolute_url()).state == "hit"


@pytest.mark.parametrize("path", ["/basket/", "/account/login/", "/fragments/me/"])
def test_what_is_personal_never_stays_there(ask, cdn, lamp, chair, path):
    assert [ask(path).state for _time in range(2)] == ["pass", "pass"]
    assert cdn.copies == {}


def test_copy_that_ran_out_is_asked_for_by_its_etag(ask, cdn, lamp, chair):
    first = ask(lamp.get_absolute_url())
    cdn.copies.clear()

    again = ask(lamp.get_absolute_url(), **{"If-None-Match": first.etag})

    assert again == ("pass", 304, "", first.etag)


def test_many_keys_go_in_as_many_requests_as_the_cdn_asks_for(cdn):
    telling.purge([f"product:{number}" for number in range(300)])

    most = telling.MOST_KEYS[cdn.form]
    assert max(map(len, cdn.purges)) == most
    assert len({key for keys in cdn.purges for key in keys}) == 300


def test_refused_purge_changes_nothing_else_and_the_log_says_what_to_check(
    cdn, lamp, chair, caplog, settings
):
    settings.CDN_PURGE_TOKEN = "of last year"
    cdn.purges.clear()

    lamp.stockrecords.update(price=Decimal("77.70"))

    assert "CDN_PURGE_TOKEN" in caplog.text
    assert "of last year" not in caplog.text
    assert cdn.purges == []
    assert lamp.stockrecords.get().price == Decimal("77.70")


def test_settings_that_cannot_work_are_said(settings):
    settings.CDN_SECONDS, settings.CDN_PURGE_URL, settings.CDN_PURGE_FORMAT = 0, "cdn.example/purge", "akamai"

    assert {"cdn.E001", "cdn.E002", "cdn.E003"} <= {each.id for each in run_checks()}


def test_nobody_is_told_where_no_cdn_is_named(cdn, lamp, chair, settings):
    settings.CDN_PURGE_URL = ""
    cdn.purges.clear()

    lamp.stockrecords.update(price=Decimal("77.70"))

    assert cdn.purges == []


def test_another_release_empties_the_cdn_when_it_is_seen_and_once_more(ask, lamp):
    _keep(ask, lamp)
    states = []
    for _time in range(3):
        call_command("tell_cdn_of_release")
        states += [ask(lamp.get_absolute_url()).state for _visitor in range(2)]

    assert states == ["miss", "hit", "miss", "hit", "hit", "hit"]
