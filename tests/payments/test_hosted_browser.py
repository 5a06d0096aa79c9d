"""To Stripe's own page and back in a real Chromium."""

import pytest
from playwright.sync_api import expect

from storefront.payments.models import Payment, PaymentPage, PaymentSetup
from tests.journeys.accessibility import find_violations, fits
from tests.journeys.chromium import DESKTOP
from tests.payments.shopper import make_product
from tests.payments.test_cards_browser import fill_in_address

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_shopper_pays_on_stripes_page_and_comes_back(browser, shopper, standin, live_server):
    PaymentSetup.objects.create(page=PaymentPage.AT_STRIPE)
    shopper.add(make_product(price="19.99"))
    shopper.open_checkout()
    context = browser.new_context(viewport=DESKTOP, locale="en-US")
    context.add_cookies(
        [{"name": key, "value": m.value, "url": live_server.url} for key, m in shopper.client.cookies.items()]
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda m: complaints.append(m.text) if "Content Security" in m.text else None)
    page.goto(f"{live_server.url}/checkout/")
    page.locator("[name=email]").fill("anna@example.test")
    fill_in_address(page)
    assert fits(page, "checkout-hosted")
    assert find_violations(page) == []
    page.locator("[data-pay]").click()
    expect(page.get_by_role("heading", name="24.94")).to_be_visible(timeout=30_000)
    assert fits(page, "hosted-page")
    page.get_by_role("link", name="Back to the shop").click()
    expect(page.get_by_role("heading", name="Pay order")).to_be_visible(timeout=20_000)
    assert fits(page, "pay-hosted")
    page.locator("[data-pay]").click()
    page.get_by_role("button", name="Pay with a card that works").click(timeout=30_000)
    expect(page.get_by_role("heading", name="Thank you, Anna")).to_be_visible(timeout=30_000)
    assert Payment.objects.get().state == "paid"
    assert complaints == []
    context.close()
