"""The receipt in a real Chromium: a button that prints, and paper without what only a screen needs."""

import pytest
from playwright.sync_api import expect

from tests.journeys.accessibility import fits
from tests.journeys.chromium import PHONE
from tests.payments.conftest import _checks_are_read, shopper, standin  # noqa: F401
from tests.payments.shopper import make_product

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def address(shopper):  # noqa: F811
    shopper.add(make_product(title="Pot", price="10.00"))
    order = shopper.order()
    order.pay()
    order.deliver()
    return f"/checkout/order/{order.token}/"


def test_button_prints_and_paper_shows_the_receipt_alone(browser, live_server, address):
    context = browser.new_context(viewport=PHONE, locale="en-US", base_url=live_server.url)
    context.add_init_script("window.print = () => { document.title = 'printed'; };")
    page = context.new_page()
    page.goto(address)
    button, receipt = page.get_by_role("button", name="Print or save as PDF"), page.get_by_text("Receipt")
    expect(receipt).to_be_hidden()
    assert fits(page, "receipt-button")
    button.click()
    expect(page).to_have_title("printed")

    page.emulate_media(media="print")
    expect(receipt).to_be_visible()
    for text in ("Pot", "14 Linden Street", "Subtotal"):
        expect(page.get_by_text(text).first).to_be_visible()
    for unwanted in (
        button,
        page.locator(".site-header"),
        page.locator(".site-footer"),
        page.locator(".timeline"),
    ):
        expect(unwanted).to_be_hidden()
    context.close()


def test_without_scripts_there_is_no_button(browser, live_server, address):
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto(address)
    expect(page.locator("h1")).to_contain_text("We are packing")
    expect(page.locator("[data-print]")).to_be_hidden()
    context.close()
