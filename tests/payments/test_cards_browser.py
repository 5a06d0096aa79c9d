"""Kept cards in a real Chromium: ticked at checkout, chosen at the next order, added and deleted in the account."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import expect

from storefront.payments.models import Payment
from tests.journeys.accessibility import find_violations, fits
from tests.journeys.chromium import DESKTOP, PHONE
from tests.payments.shopper import ADDRESS, Shopper, make_product

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fill_in_address(page) -> None:
    page.locator("[name='shipping-country']").select_option(ADDRESS["country"])
    for name, value in ADDRESS.items():
        if name != "country" and value:
            page.locator(f"[name='shipping-{name}']").fill(value)


def type_card(frame) -> None:
    frame.get_by_label("Card number").fill("4242424242424242")
    frame.get_by_label("Expiration date").fill("12 / 34")
    frame.get_by_label("Security code").fill("123")


def assert_rows_end_in_a_button(page) -> None:
    """Each card is a row with a rule below it, and all buttons end where the rows do."""
    rows = page.locator(".lines > li")
    expect(rows).to_have_count(2)
    for row in rows.all():
        expect(row).to_have_css("border-block-end-width", "1px")
        box, button = row.bounding_box(), row.get_by_role("button").bounding_box()
        assert box["x"] + box["width"] == pytest.approx(button["x"] + button["width"], abs=1)
        assert button["y"] > box["y"]
        assert button["y"] + button["height"] < box["y"] + box["height"]


def test_customer_keeps_a_card_and_pays_with_it_again(browser, standin, live_server):
    anna = get_user_model().objects.create_user("anna@example.test", "a long pass phrase")
    shopper = Shopper(standin, Client())
    shopper.client.force_login(anna, backend="oscar.apps.customer.auth_backends.EmailBackend")
    shopper.add(make_product(price="19.99"))
    shopper.open_checkout()
    context = browser.new_context(viewport=DESKTOP, locale="en-US")
    context.add_cookies(
        [{"name": key, "value": m.value, "url": live_server.url} for key, m in shopper.client.cookies.items()]
    )
    page = context.new_page()
    page.goto(f"{live_server.url}/checkout/")
    fill_in_address(page)
    type_card(page.frame_locator("#payment-element iframe"))
    page.locator("[data-save-card]").check()
    assert fits(page, "checkout-keep-card")
    page.locator("[data-pay]").click()
    expect(page.get_by_role("heading", name="Thank you, Anna")).to_be_visible(timeout=30_000)

    shopper.add(make_product(price="5.00", sku="second"))
    # The totals of the chosen country are answered first, the kept cards late.
    late = []
    page.route("**/checkout/cards/", lambda route: late.append(route))
    page.goto(f"{live_server.url}/checkout/")
    with page.expect_response("**/checkout/summary/"):
        fill_in_address(page)
        page.locator("[name='method']").last.check()
    page.wait_for_timeout(500)
    late[0].continue_()
    frame = page.frame_locator("#payment-element iframe")
    expect(frame.get_by_label("Saved cards")).to_be_visible(timeout=20_000)
    assert fits(page, "checkout-kept-card")
    page.locator("[data-pay]").click()
    expect(page.get_by_role("heading", name="Thank you, Anna")).to_be_visible(timeout=30_000)
    assert list(Payment.objects.values_list("state", flat=True)) == ["paid", "paid"]

    page.goto(f"{live_server.url}/account/cards/add/")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Enter the card").click()
    type_card(page.frame_locator("#card-element iframe"))
    assert fits(page, "card-add")
    page.get_by_role("button", name="Save the card").click()
    expect(page.get_by_text("•••• 4242")).to_have_count(2, timeout=20_000)
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        assert_rows_end_in_a_button(page)
    assert fits(page, "cards")
    assert find_violations(page) == []
    page.get_by_role("button", name="Delete").first.click()
    expect(page.get_by_text("The card is deleted.")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("•••• 4242")).to_have_count(1)
    context.close()
