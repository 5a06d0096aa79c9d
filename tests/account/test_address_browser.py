"""An address of the account in a real Chromium: its labels follow the country, as the checkout's do."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from storefront.markets.services.markets import ensure_markets
from storefront.payments.services import ensure_countries
from tests.journeys.accessibility import find_violations, fits
from tests.journeys.chromium import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_labels_follow_the_country_that_is_chosen(browser, live_server, signed_in, anna):
    ensure_countries()
    ensure_markets()
    context = browser.new_context(viewport=PHONE, locale="en-US")
    cookie = signed_in.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/account/addresses/add/")
    country = page.get_by_label("Country", exact=True)
    expect(country).to_have_value("US")
    expect(page.get_by_label("ZIP code")).to_be_visible()
    expect(page.get_by_label("State", exact=True)).to_be_visible()
    page.get_by_label("State", exact=True).fill("OR")

    country.select_option("DE")
    expect(page.get_by_label("Postcode")).to_be_visible()
    expect(page.get_by_label("Street and number")).to_be_visible()
    expect(page.locator("[name=state]")).to_be_hidden()
    assert fits(page, "address-germany")
    assert find_violations(page) == []
    country.select_option("IT")
    expect(page.get_by_label("Province")).to_have_value("")

    country.select_option("DE")
    words = {
        "first_name": "Anna",
        "last_name": "Lind",
        "line1": "Ring 1",
        "postcode": "10969",
        "line4": "Berlin",
    }
    for name, value in words.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="Save address").click()
    expect(page.locator("address", has_text="Ring 1")).to_be_visible()
    assert anna.addresses.get().state == ""

    anna.addresses.update(state="Brandenburg")
    page.goto(f"{live_server.url}/account/addresses/{anna.addresses.get().pk}/")
    expect(page.locator("[name=state]")).to_be_visible()
    context.close()
