"""The place of the card form in a real Chromium: kept while it loads, given up when it does not come."""

import pytest
from playwright.sync_api import expect

from storefront.payments.services import ensure_countries
from tests.journeys.accessibility import fits
from tests.journeys.chromium import PHONE
from tests.payments.conftest import _checks_are_read, shopper, standin  # noqa: F401
from tests.payments.shopper import make_product

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(browser, standin, shopper, live_server):  # noqa: F811
    """A phone whose basket has something in it."""
    ensure_countries()
    shopper.add(make_product(title="Pot", price="10.00"))
    context = browser.new_context(viewport=PHONE, locale="en-US", base_url=live_server.url)
    context.add_cookies(
        [{"name": key, "value": m.value, "url": live_server.url} for key, m in shopper.client.cookies.items()]
    )
    yield context.new_page()
    context.close()


def test_room_is_kept_until_the_form_is_there(page):
    held = []
    page.route("**/elements/payment", lambda route: held.append(route))
    page.goto("/checkout/", wait_until="domcontentloaded")
    room = page.locator("#payment-element")
    expect(room.locator("iframe")).to_be_attached()
    assert room.bounding_box()["height"] >= 200
    assert "gradient" in room.evaluate("e => getComputedStyle(e).backgroundImage"), (
        "nothing says what comes here"
    )
    assert fits(page, "card-form-loading")

    held.pop().continue_()
    expect(room).to_have_attribute("data-ready", "true")
    assert room.evaluate("e => getComputedStyle(e).backgroundImage") == "none"


@pytest.mark.parametrize("lost", ["**/elements/payment", "**/v3/"])
def test_form_that_does_not_come_leaves_a_sentence_and_comes_at_another_try(page, lost):
    page.route(lost, lambda route: route.abort())
    page.goto("/checkout/")
    expect(page.locator("#payment-error")).to_contain_text("cannot be reached just now", timeout=20_000)
    expect(page.locator(".payment")).to_be_hidden()
    assert fits(page, "card-form-lost")
    if lost.endswith("payment"):
        page.unroute_all()
        page.locator("[data-pay]").click()
        expect(page.locator("#payment-element")).to_have_attribute("data-ready", "true")
        expect(page.locator(".payment")).to_be_visible()
