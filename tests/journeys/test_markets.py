"""A shopper changes the market with a full basket, on a phone; what German words do to the menu."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.chromium import DESKTOP, PHONE
from tests.journeys.shopper import Shopper

pytestmark = pytest.mark.browser


def test_a_full_basket_follows_to_germany_and_costs_euros(shop, browser):
    shopper = Shopper(browser, shop, size=PHONE, name="germany")
    page = shopper.page
    shopper.open("/products/")
    shopper.put_a_variant_in_the_basket()
    expect(page.locator("main")).to_contain_text("$")

    shopper.open("/products/")
    shopper.follow(page.locator("main .card:has(.swatches) a"))
    american_page = page.url
    page.locator(".market-btn").click()
    page.get_by_role("link", name=re.compile("Deutschland.*Deutsch, EUR")).click()
    expect(page).to_have_url(re.compile(re.escape(american_page.replace(shop.url, f"{shop.url}/de"))))
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator(".buybox")).to_contain_text("€")
    expect(page.locator(".buybox")).to_contain_text("inkl. MwSt.")
    shopper.see("product")

    shopper.open("/de/basket/")
    expect(page.locator("h1")).to_have_text("Ihr Warenkorb")
    expect(page.locator("main")).to_contain_text("€")
    expect(page.locator("main")).not_to_contain_text("$")
    shopper.see("basket")

    shopper.open("/de/checkout/")
    expect(page.get_by_role("button", name="Zahlungspflichtig bestellen")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("$")
    shopper.close()


def test_a_browser_that_speaks_german_is_shown_germany_first_and_may_leave_it(shop, browser):
    context = browser.new_context(viewport=PHONE, locale="de-DE")
    page = context.new_page()
    page.goto(f"{shop.url}/")
    expect(page).to_have_url(f"{shop.url}/de/")
    page.goto(f"{shop.url}/products/")
    expect(page).to_have_url(f"{shop.url}/products/")  # a deep link shows what it names
    page.locator(".market-btn").click()
    page.get_by_role("link", name=re.compile("United States")).click()
    page.goto(f"{shop.url}/")
    expect(page).to_have_url(f"{shop.url}/")
    context.close()


def test_german_menu_is_one_line_at_every_width(shop, browser):
    shopper = Shopper(browser, shop, size=DESKTOP, name="menu")
    shopper.open("/de/")
    lines = "links => new Set(links.map(link => link.offsetTop)).size"
    for width in (960, 1024, 1100, 1280, 1359, 1360, 1440, 1680):
        shopper.page.set_viewport_size(DESKTOP | {"width": width})
        assert shopper.page.eval_on_selector_all(".main-nav a", lines) == 1, width
        assert shopper.page.locator(".search").bounding_box()["width"] >= 144, width
    shopper.close()
