"""From a mistyped search to the order that is paid, in German and in euros, on a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.chromium import PHONE
from tests.journeys.shopper import Shopper

pytestmark = pytest.mark.browser
GERMAN_ADDRESS = {
    "Vorname": "Ada",
    "Nachname": "Lind",
    "Straße und Hausnummer": "Hafenstraße 12",
    "Postleitzahl": "20359",
    "Stadt": "Hamburg",
}


def test_mistyped_filtered_chosen_and_paid_in_euros(shop, browser):
    shopper = Shopper(browser, shop, size=PHONE, name="german")
    page = shopper.page
    shopper.open("/de/")
    page.locator("#q").fill("ladekabl")
    page.locator("#q").press("Enter")
    expect(page.locator("main .card").first).to_be_visible()
    shopper.see("search")
    page.locator(".toolbar [popovertarget=facets]").click()
    facets = page.locator("#facets")
    facets.locator("input[type=checkbox]").first.check()
    with page.expect_navigation():
        facets.locator(".drawer__foot .btn").click()
    expect(page.locator("main .card").first).to_be_visible()
    shopper.see("filtered")
    shopper.follow(page.locator("main .card a"))
    option = page.locator(".picker a:not([aria-current]):not([data-unavailable]):not([data-sold-out])").first
    if option.count():
        address = option.get_attribute("href")
        option.click()
        page.wait_for_url(f"**{address}")
    expect(page.locator(".price__now").first).to_contain_text("€")
    expect(page.get_by_text("Bei Ihnen zwischen")).to_be_visible()
    shopper.put_this_in_the_basket()
    shopper.open("/de/checkout/")
    expect(page.locator("html")).to_have_attribute("lang", re.compile("^de"))
    page.get_by_label("E-Mail").fill("ada@example.com")
    address = page.locator("[data-address]").first
    for label, value in GERMAN_ADDRESS.items():
        address.get_by_label(label).fill(value)
    total = page.locator("[data-pay]").locator("xpath=ancestor::section").inner_text()
    shopper.fill_in_the_card("4242424242424242")
    shopper.see("checkout")
    page.get_by_role("button", name="Zahlungspflichtig bestellen").click()
    expect(page.locator(".order-result")).to_have_attribute("data-state", "paid", timeout=20_000)
    assert page.url.startswith(f"{shop.url}/de/")
    shopper.see("confirmation")
    paid = re.search(r"Gesamtbetrag\s+([\d.,]+\s€)", page.locator("main").inner_text())[1]
    assert paid in total
    assert shopper.complaints == []
    shopper.close()
