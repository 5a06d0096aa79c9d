"""A product page in a real Chromium: variants without a page load, and all of it without scripts."""

import pytest
from playwright.sync_api import expect

from tests.journeys.chromium import DESKTOP, PHONE
from tests.journeys.shopper import ADDRESS, Shopper

pytestmark = pytest.mark.browser
OTHER = ".picker a:not([aria-current]):not([data-unavailable]):not([data-sold-out])"


@pytest.fixture
def shopper(shop, browser):
    visitor = Shopper(browser, shop, size=PHONE, name="product")
    visitor.open("/products/")
    visitor.follow(visitor.page.locator("main .card:has(.swatches) a"))
    yield visitor
    visitor.close()


def test_another_variant_comes_without_a_page_load_and_goes_back_again(shopper):
    page = shopper.page
    first = page.url
    page.evaluate("window.stillHere = true")
    option = page.locator(OTHER).first
    address = option.get_attribute("href")
    option.click()
    page.wait_for_url(f"**{address}")
    expect(page.locator(f'.option[href="{address}"]').first).to_have_attribute("aria-current", "true")
    expect(page.locator(f'.option[href="{address}"]').first).to_be_focused()
    variant = page.locator(".buy-form").get_attribute("action")
    page.go_back()
    page.wait_for_url(first)
    expect(page.locator(".buy-form")).not_to_have_attribute("action", variant)
    assert page.evaluate("window.stillHere") is True
    assert shopper.complaints == []


def test_button_stays_in_a_wide_window_while_the_details_are_read(shop, browser):
    reader = Shopper(browser, shop, size=DESKTOP, name="reader")
    reader.open("/products/")
    reader.follow(reader.page.locator("main .card:has(.swatches) a"))
    page = reader.page
    pictures, details = page.locator(".gallery").bounding_box(), page.locator(".accordion").bounding_box()
    assert details["x"] == pictures["x"]
    assert details["y"] < pictures["y"] + pictures["height"] + 64
    page.locator(".accordion > :last-child").scroll_into_view_if_needed()
    expect(page.locator("[data-buy]")).to_be_in_viewport()
    reader.close()


def test_what_was_looked_at_is_remembered_by_this_browser_and_forgotten_on_a_click(shopper):
    page = shopper.page
    seen = page.locator("h1").inner_text()
    shopper.open("/products/")
    shopper.follow(page.locator("main .card:has(.swatches) a").nth(1))
    page.locator("[data-more]").scroll_into_view_if_needed()
    rail = page.get_by_role("region", name="You looked at")
    expect(rail).to_contain_text(seen)
    assert [cookie["name"] for cookie in page.context.cookies()] == []
    page.get_by_role("button", name="Forget these").click()
    expect(rail).to_have_count(0)
    assert page.evaluate("localStorage.getItem('seen-products')") == "[]"


def test_picture_is_enlarged_and_closed_with_the_keyboard(shopper):
    page = shopper.page
    page.get_by_role("button", name="Enlarge picture").press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_without_scripts_a_variant_is_chosen_and_ordered_up_to_the_card(shop, browser):
    context = browser.new_context(viewport=DESKTOP, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{shop.url}/products/")
    page.goto(shop.url + page.locator("main .card:has(.swatches) a").first.get_attribute("href"))
    address = page.locator(OTHER).first.get_attribute("href")
    page.locator(OTHER).first.click()
    page.wait_for_url(f"**{address}")
    page.locator("[data-buy]").click()
    page.get_by_role("link", name="View your cart").click()
    page.locator("input[name$=quantity]").fill("2")
    page.get_by_role("button", name="Update quantities").last.click()
    expect(page.locator("main")).to_contain_text("2 items")

    page.get_by_role("link", name="Go to checkout").click()
    page.get_by_label("Email").fill("ada@example.com")
    delivery = page.locator("[data-address]").first
    delivery.locator("select").first.select_option("US")
    for label, value in {**ADDRESS, "State": "OR"}.items():
        delivery.get_by_label(label).fill(value)
    page.locator("[data-pay]").click()
    expect(page.get_by_role("heading", name="Pay order")).to_be_visible(timeout=20_000)
    expect(page.locator("noscript .alert")).to_contain_text("Your order is kept")
    context.close()
