"""Consent: nothing of others before a yes, a yes and a no are equally easy, each choice is logged."""

import json
import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from storefront.consent.models import Choice, Service
from storefront.consent.services import forget_old_choices
from storefront.markets.services.markets import ensure_markets
from tests.catalogue.factories import make_single

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter():
    return Service.objects.create(
        name="Counter",
        purpose="statistics",
        provider="Count GmbH, Germany",
        script="https://count.example/js/script.js",
        site_key="shop.example",
    )


@pytest.fixture
def page(client):
    lamp = make_single("Lamp")
    return lambda: client.get(lamp.get_absolute_url())


def choose(client, **data):
    return client.post("/consent/", data)


def test_a_shop_that_measures_nothing_asks_nothing(page, client):
    answer = page()
    assert "data-consent" not in answer.content.decode()
    assert "There is nothing to choose" in client.get("/consent/").content.decode()


def test_banner_names_services_and_offers_no_and_yes_alike(page, counter):
    html = page().content.decode()
    assert "Counter (Count GmbH, Germany)" in html
    buttons = re.findall(r'<button class="([^"]+)" name="consent" value="(\w+)"', html)
    assert buttons[:2] == [("btn btn--ghost", "reject"), ("btn btn--ghost", "accept")]
    assert "checked" not in re.search(r'<input[^>]*value="statistics"[^>]*>', html)[0]
    assert re.search(r'<section class="consent"[^>]* hidden>', html)


@pytest.mark.parametrize(
    ("days", "shown", "gezeigt"),
    [
        (1, "kept for 1 day", "1 Tag gespeichert"),
        (45, "kept for 45 days", "45 Tage gespeichert"),
        (420, "kept for 14 months", "14 Monate gespeichert"),
        (730, "kept for 2 years", "2 Jahre gespeichert"),
    ],
)
def test_banner_and_settings_say_how_long_a_service_keeps_what_it_learns(
    page, client, counter, days, shown, gezeigt
):
    ensure_markets()
    counter.kept_days = days
    counter.save()
    for html in (page().content.decode(), client.get("/consent/").content.decode()):
        assert f"Counter (Count GmbH, Germany), {shown}" in html
    assert f", {gezeigt}" in client.get("/de/consent/").content.decode()


def test_service_of_which_nobody_has_said_it_yet_names_no_time(page, counter):
    assert "Counter (Count GmbH, Germany)</span>" in page().content.decode()


def test_merchant_says_how_long_a_service_keeps_what_it_learns(client, django_user_model):
    client.force_login(django_user_model.objects.create_superuser(email="staff@example.test", password="x"))
    form = {
        "name": "Counter",
        "purpose": "statistics",
        "provider": "Count GmbH, Germany",
        "script": "https://count.example/x.js",
        "is_enabled": "on",
    }
    for days in ("", "0", "4000"):
        refused = client.post("/admin/measuring-services/new/", {**form, "kept_days": days})
        assert (refused.status_code, Service.objects.count()) == (200, 0)
    assert client.post("/admin/measuring-services/new/", {**form, "kept_days": "420"}).status_code == 302
    assert Service.objects.get().kept_days == 420


def test_page_loads_no_script_of_others_by_itself(page, counter):
    html = page().content.decode()
    assert not re.search(r'<(script|img|iframe|link)[^>]+(src|href)="https://count', html)
    services = json.loads(re.search(r'id="consent-services">(.*?)</script>', html)[1])
    assert services == [
        {"purpose": "statistics", "script": "https://count.example/js/script.js", "key": "shop.example"}
    ]


def test_policy_allows_the_host_of_a_service_in_use_alone(page, counter):
    policy = dict(part.split(" ", 1) for part in page()["Content-Security-Policy"].split("; "))
    assert policy["script-src"].endswith(" https://count.example")
    assert policy["connect-src"].endswith(" https://count.example")
    assert "count.example" not in policy["frame-src"] + policy["default-src"] + policy["form-action"]
    counter.is_enabled = False
    counter.save()
    assert "count.example" not in page()["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("data", "purposes"),
    [
        ({"consent": "reject"}, []),
        ({"consent": "reject", "purpose": ["statistics"]}, []),
        ({"consent": "accept"}, ["marketing", "statistics"]),
        ({"consent": "some", "purpose": ["statistics", "nonsense"]}, ["statistics"]),
        ({}, []),
    ],
)
def test_choice_is_logged_and_kept_in_a_cookie(client, counter, data, purposes):
    answer = choose(client, **data)
    row = Choice.objects.get()
    assert (answer.status_code, row.purposes, row.asked) == (302, purposes, ["Counter"])
    assert client.cookies["consent"].value == ".".join([str(row.token), *purposes])
    shown = client.get("/consent/?saved").content.decode()
    assert "Your choice is saved" in shown
    assert ("checked" in re.search(r'<input[^>]*value="statistics"[^>]*>', shown)[0]) is (
        "statistics" in purposes
    )


def test_change_of_mind_is_another_row_of_the_same_browser(client, counter):
    choose(client, consent="accept")
    choose(client, consent="reject")
    assert [row.purposes for row in Choice.objects.order_by("pk")] == [["marketing", "statistics"], []]
    assert len(set(Choice.objects.values_list("token", flat=True))) == 1


def test_a_script_gets_no_page_back(client, counter):
    answer = client.post("/consent/", {"consent": "reject"}, headers={"Sec-Fetch-Dest": "empty"})
    assert answer.status_code == 204


def test_form_on_another_site_is_refused(client, counter):
    assert client.post("/consent/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert not Choice.objects.exists()


@pytest.mark.parametrize("cookie", ["", "x", "a.b.c", "é.statistics", "'; drop table"])
def test_a_cookie_that_is_not_ours_is_no_choice(client, counter, cookie):
    client.cookies["consent"] = cookie
    assert client.get("/consent/").status_code == 200


@pytest.mark.parametrize(
    "address", ["http://count.example/x.js", "https://a.example/x;script-src *", "https://a.example/'x", "x"]
)
def test_an_address_that_could_widen_the_policy_is_refused(address):
    service = Service(name="X", purpose="statistics", provider="X", kept_days=30, script=address)
    with pytest.raises(ValidationError):
        service.full_clean()


def test_services_are_read_once_for_many_pages(page, counter):
    page()
    with CaptureQueriesContext(connection) as queries:
        page()
    assert not [query for query in queries.captured_queries if "consent_service" in query["sql"]]


def test_old_choices_are_forgotten(client, counter):
    choose(client, consent="reject")
    now = timezone.now()
    assert forget_old_choices(now=now + timedelta(days=3 * 365)) == 0
    assert forget_old_choices(now=now + timedelta(days=3 * 367)) == 1


def test_back_office_shows_the_log_and_lets_nobody_change_it(client, counter, django_user_model):
    choose(client, consent="accept")
    client.force_login(django_user_model.objects.create_superuser(email="staff@example.test", password="x"))
    assert str(Choice.objects.get().token) in client.get("/admin/consent-log/").content.decode()
    assert client.get("/admin/measuring-services/").status_code == 200
    for path in ("new/", f"edit/{Choice.objects.get().pk}/", f"delete/{Choice.objects.get().pk}/"):
        assert client.get(f"/admin/consent-log/{path}").status_code in (302, 403, 404)
