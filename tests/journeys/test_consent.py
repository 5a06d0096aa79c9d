"""Consent in a real Chromium: refused, nothing of others is asked for; agreed to, the script is."""

import pytest
from playwright.sync_api import expect

from tests.journeys.chromium import DESKTOP, PHONE
from tests.journeys.screenshots import sign_in_as_merchant
from tests.journeys.shopper import Shopper

pytestmark = pytest.mark.browser
SCRIPT = "https://count.example/js/script.js"


@pytest.fixture(scope="module")
def measured(shop, browser):
    """The shop with one measuring service, entered by the merchant."""
    context = browser.new_context(viewport=DESKTOP)
    page = context.new_page()
    sign_in_as_merchant(page, shop)
    page.goto(f"{shop.url}/admin/measuring-services/new/")
    for name, value in (
        ("name", "Counter"),
        ("provider", "Count GmbH, Germany"),
        ("script", SCRIPT),
        ("kept_days", "30"),
    ):
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=purpose]").select_option("statistics")
    with page.expect_navigation():
        page.get_by_role("button", name="Create").first.click()
    yield shop
    page.goto(f"{shop.url}/admin/measuring-services/")
    page.get_by_role("link", name="Counter").click()
    page.get_by_label("In use").uncheck()
    with page.expect_navigation():
        page.get_by_role("button", name="Save").first.click()
    context.close()


def third_parties(shopper):
    return [url for url, _body in shopper.requests if not url.startswith((shopper.shop.url, "data:"))]


def test_refused_no_request_leaves_the_shop(measured, browser):
    shopper = Shopper(browser, measured, size=PHONE, name="refused")
    page = shopper.page
    shopper.open("/")
    banner = page.get_by_role("region", name="Cookies: your choice")
    expect(banner).to_contain_text("Counter (Count GmbH, Germany)")
    shopper.see("banner")
    assert third_parties(shopper) == []
    banner.get_by_role("button", name="Reject all").click()
    expect(banner).to_have_count(0)
    for path in ("/", "/products/", "/basket/"):
        shopper.open(path)
        expect(page.locator("#consent")).to_be_hidden()
    assert third_parties(shopper) == []
    shopper.close()


def test_agreed_to_the_script_is_asked_for_and_taken_back_it_is_not(measured, browser):
    shopper = Shopper(browser, measured, size=DESKTOP, name="agreed")
    page = shopper.page
    shopper.open("/")
    with page.expect_request(SCRIPT):
        page.get_by_role("button", name="Accept all").click()
    with page.expect_request(SCRIPT):
        shopper.open("/products/")
    shopper.open("/consent/")
    expect(page.locator("[value=statistics]")).to_be_checked()
    page.get_by_role("button", name="Reject all").click()
    page.wait_for_url("**/consent/?saved")
    shopper.requests.clear()
    shopper.open("/products/")
    assert third_parties(shopper) == []
    shopper.close()
