"""Bank transfer in a real Chromium: ordered with the keyboard alone, confirmed in the back office."""

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from storefront.payments.models import BankTransferSetup, Payment
from tests.back_office.shop import PASSWORD
from tests.back_office.test_browser import signed_in_page
from tests.journeys.accessibility import find_violations, fits
from tests.journeys.chromium import DESKTOP
from tests.payments.shopper import ADDRESS, make_product

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def press_until(page, selector: str) -> None:
    """Tab on until the element has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} was not reached with the keyboard")


def test_order_by_transfer_with_the_keyboard_and_its_confirmation(browser, shopper, standin, live_server):
    BankTransferSetup(
        is_offered=True,
        account_holder="Good Things GmbH",
        iban="DE89 3704 0044 0532 0130 00",
        bic="COBADEFFXXX",
    ).save()
    get_user_model().objects.create_superuser(email="owner@example.test", password=PASSWORD)
    shopper.add(make_product(price="19.99"))
    shopper.open_checkout()
    context = browser.new_context(viewport=DESKTOP, locale="en-US")
    context.add_cookies(
        [{"name": key, "value": m.value, "url": live_server.url} for key, m in shopper.client.cookies.items()]
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{live_server.url}/checkout/")
    page.fill("[name=email]", "anna@example.test")
    for name, value in ADDRESS.items():
        field = page.locator(f"[name=shipping-{name}]")
        if name == "country":
            field.select_option(value)
        elif value:
            field.fill(value)
    press_until(page, "[name=way]")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[name=way][value=bank_transfer]")).to_be_checked()
    expect(page.locator("#payment-element")).to_be_hidden()
    expect(page.get_by_role("button", name="Order and pay by bank transfer")).to_be_visible()
    assert fits(page, "checkout-transfer")
    assert find_violations(page) == []
    press_until(page, "[data-pay]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Thank you, Anna")).to_be_visible(timeout=20_000)
    expect(page.locator(".transfer")).to_contain_text("DE89 3704 0044 0532 0130 00")
    assert fits(page, "transfer-details")
    assert find_violations(page) == []
    assert complaints == []
    assert standin.requests("/v1/payment_intents") == []
    context.close()

    payment = Payment.objects.get()
    problems: list[str] = []
    page = signed_in_page(browser, live_server.url, size=DESKTOP, problems=problems)
    page.goto(f"{live_server.url}/admin/transfers/")
    assert fits(page, "transfers")
    page.goto(f"{live_server.url}/admin/payments/{payment.pk}/")
    assert fits(page, "confirm-transfer")
    form = page.locator("form[action$='/confirm/']")
    form.locator("[name=amount]").fill(str(payment.amount.normalize()))
    form.locator("[name=received_on]").fill("2026-11-26")
    form.locator("[name=statement]").fill("A LIND")
    page.keyboard.press("Enter")
    expect(page.locator(".messages .success")).to_be_visible()
    assert fits(page, "confirmed-transfer")
    page.context.close()
    payment.refresh_from_db()
    assert (payment.state, problems) == ("paid", [])
