"""A newsletter that nobody gets who did not follow the link in the mail."""

import email
import email.policy
import re

import pytest
from playwright.sync_api import expect

from tests.journeys.chromium import DESKTOP, PHONE
from tests.journeys.screenshots import sign_in_as_merchant
from tests.journeys.shopper import Shopper, wait_for

pytestmark = pytest.mark.browser
READER = "reader@example.test"


def link_mailed_to(shop, address):
    """Return the link of the mail in the demo's outbox, if it is there."""
    for path in (shop.var / "outbox").glob("*"):
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        if address in (mail["To"] or "") and (body := mail.get_body(("plain",))):
            return re.search(r"https?://\S*newsletter/confirm/\S+", body.get_content())[0]
    return None


def test_asked_for_confirmed_by_mail_and_listed_for_the_merchant(shop, browser):
    shopper = Shopper(browser, shop, size=PHONE, name="newsletter")
    page = shopper.page
    shopper.open("/")
    form = page.locator("footer form.signup")
    form.get_by_label("Email address").fill(READER)
    form.get_by_role("button", name="Subscribe").click()
    expect(page.get_by_role("heading", name="Please check your email")).to_be_visible(timeout=20_000)
    assert "Waits" in state_in_the_back_office(browser, shop)

    page.goto(wait_for(lambda: link_mailed_to(shop, READER)))
    page.get_by_role("button", name="Yes, subscribe me").click()
    expect(page.get_by_role("heading", name="You are subscribed")).to_be_visible(timeout=20_000)
    assert "Subscribed" in state_in_the_back_office(browser, shop)
    assert shopper.complaints == []
    shopper.close()


def state_in_the_back_office(browser, shop):
    """Return what the merchant's list says of the reader."""
    page = browser.new_context(viewport=DESKTOP).new_page()
    sign_in_as_merchant(page, shop)
    page.goto(f"{shop.url}/admin/newsletter/")
    row = page.locator("tr", has_text=READER).inner_text()
    page.context.close()
    return row
