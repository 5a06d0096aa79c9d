"""A page that a CDN kept, in a real Chromium: what is the shopper's own comes into it by script."""

import urllib.request

import pytest
from playwright.sync_api import expect

from tests.journeys.chromium import PHONE
from tests.journeys.pages import register
from tests.journeys.shopper import Shopper

pytestmark = pytest.mark.browser


def test_basket_and_message_come_into_a_page_kept_for_everybody(shop, browser):
    shopper = Shopper(browser, shop, size=PHONE, name="kept")
    page = shopper.page
    shopper.open("/products/")
    shopper.follow(page.locator("main .card:has(.swatches) a"))
    kept = urllib.request.urlopen(page.url).read().decode()
    assert "data-for-all" in kept
    page.route(page.url, lambda route: route.fulfill(body=kept, content_type="text/html; charset=utf-8"))

    with page.expect_navigation():  # without the drawer, back to this page, which now comes from the CDN
        page.evaluate("document.querySelector('.buy-form').submit()")

    expect(page.locator("header .count")).to_have_text("1")
    expect(page.locator("main .messages")).to_contain_text("cart")
    page.reload()
    expect(page.locator("header .count")).to_have_text("1")
    expect(page.locator("main .messages")).to_have_count(0)
    assert shopper.complaints == []
    shopper.close()


def test_heart_of_a_card_asks_to_sign_in_and_then_saves_without_a_page_load(shop, browser):
    shopper = Shopper(browser, shop, size=PHONE, name="hearts")
    page = shopper.page
    shopper.open("/products/")
    card = page.locator(".card").nth(1)
    title = card.locator("h3").inner_text()
    card.locator(".heart button").click()
    page.wait_for_url("**/account/login/?next=**")

    register(page, shop)
    shopper.open("/products/")
    page.evaluate("window.mark = true")
    card.locator(".heart button").click()

    saved = page.get_by_role("link", name=f"On your list “Wish list”: {title}")
    expect(saved).to_be_focused()
    assert page.evaluate("window.mark")
    page.reload()
    saved.click()
    expect(page.locator(".line h2")).to_have_text([title])
    page.get_by_role("button", name="one more").click()
    expect(page.get_by_label("Quantity of", exact=False).and_(page.locator("input"))).to_have_value("2")
    page.wait_for_url("**#wish-*")
    assert shopper.complaints == []
    shopper.close()
