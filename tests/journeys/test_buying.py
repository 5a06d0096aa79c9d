"""From the home page to "paid" in the back office, in a real Chromium."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.chromium import DESKTOP, PHONE
from tests.journeys.screenshots import sign_in_as_merchant
from tests.journeys.shopper import Shopper, keep_picture, wait_for

pytestmark = pytest.mark.browser
GOOD_CARD, DECLINED_CARD, BANK_CHECK_CARD = "4242424242424242", "4000000000000002", "4000002500003155"


def test_a_visitor_buys_and_the_merchant_sees_the_order_paid(shop, browser):
    shopper = Shopper(browser, shop, size=PHONE, name="phone")
    page = shopper.page
    shopper.open("/")
    expect(page.locator("main .card").first).to_be_visible()
    shopper.assert_pictures_load()
    shopper.see("home")

    shopper.follow(page.locator("main a[href*='/products/category/']"))
    shopper.assert_pictures_load()
    shopper.see("category")

    title = shopper.put_a_variant_in_the_basket()
    expect(page.locator("main")).to_contain_text(title.split(",")[0])
    shopper.see("basket")

    shopper.fill_in_the_checkout()
    expect(page.get_by_text("Test payments: no money moves").first).to_be_visible()
    shopper.fill_in_the_card(DECLINED_CARD)
    shopper.pay()
    expect(page.locator("#payment-error")).to_contain_text("declined")
    shopper.see("declined")

    shopper.fill_in_the_card(GOOD_CARD)
    shopper.see("checkout")
    shopper.pay()
    expect(page.get_by_role("heading", name="Thank you, Ada")).to_be_visible(timeout=20_000)
    shopper.see("confirmation")
    number = re.search(r"Order (\S+\d+)", page.locator("main").inner_text())[1]

    ours = (shop.url, shop.stand_in_url, "data:", "blob:")
    assert [url for url, _ in shopper.requests if not url.startswith(ours)] == []
    assert [url for url, body in shopper.requests if url.startswith(shop.url) and "4242" in body] == []
    assert [text for text in shopper.complaints if "402" not in text] == []
    shopper.close()
    assert "Paid" in status_in_the_back_office(browser, shop, number, picture="phone-office")


def test_a_bank_that_asks_for_confirmation_is_answered(shop, browser):
    shopper = Shopper(browser, shop, size=DESKTOP, name="bank-check")
    shopper.open("/products/")
    shopper.put_a_variant_in_the_basket()
    shopper.fill_in_the_checkout()
    shopper.fill_in_the_card(BANK_CHECK_CARD)
    shopper.pay()
    shopper.page.get_by_role("button", name="Complete").click(timeout=20_000)
    expect(shopper.page.get_by_role("heading", name="Thank you, Ada")).to_be_visible(timeout=20_000)
    shopper.close()


def test_the_order_is_paid_though_the_browser_closes_right_after_confirming(shop, browser):
    shopper = Shopper(browser, shop, size=PHONE, name="closed")
    shopper.open("/products/")
    shopper.put_a_variant_in_the_basket()
    shopper.fill_in_the_checkout()
    shopper.fill_in_the_card(GOOD_CARD)
    shopper.context.route("**/payments/return/**", lambda route: route.abort())
    with shopper.page.expect_response(re.compile(r"/v1/payment_intents/[^/]+/confirm$")) as confirmed:
        shopper.pay()
    assert confirmed.value.ok
    shopper.close()
    number = newest_order_number(browser, shop)
    assert wait_for(lambda: "Paid" in status_in_the_back_office(browser, shop, number))


def status_in_the_back_office(browser, shop, number, *, picture=""):
    page = merchant(browser, shop)
    page.goto(f"{shop.url}/admin/shop/orders/{number}/")
    text = page.locator("main").inner_text()
    if picture:
        keep_picture(page, picture)
    page.context.close()
    return text


def newest_order_number(browser, shop):
    page = merchant(browser, shop)
    page.goto(f"{shop.url}/admin/shop/orders/")
    number = re.search(r"[A-Z]+-\d{6}", page.locator("main").inner_text())[0]
    page.context.close()
    return number


def merchant(browser, shop) -> Page:
    page = browser.new_context(viewport=DESKTOP).new_page()
    sign_in_as_merchant(page, shop)
    return page
