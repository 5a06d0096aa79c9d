"""A customer buys with the keyboard alone, on a desktop, and reviews what came."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.accessibility import fits
from tests.journeys.chromium import DESKTOP
from tests.journeys.pages import register
from tests.journeys.screenshots import sign_in_as_merchant
from tests.journeys.shopper import ADDRESS, Shopper

pytestmark = pytest.mark.browser
MOST_TABS = 150
HAS_FOCUS = "element => document.hasFocus() && element === document.activeElement"


def tab_to(page, target):
    """Press Tab until an element has the focus."""
    expect(target).to_be_visible(timeout=20_000)
    for _ in range(MOST_TABS):
        if target.evaluate(HAS_FOCUS):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} is not reached with the Tab key.")


def press(page, target):
    """Reach a link or a button with Tab and press Enter."""
    tab_to(page, target)
    page.keyboard.press("Enter")


def write(page, target, text):
    """Reach a field with Tab and type into it what it does not have yet."""
    tab_to(page, target)
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type(text)


def test_a_customer_buys_with_the_keyboard_and_reviews_what_came(shop, browser):
    shopper = Shopper(browser, shop, size=DESKTOP, name="keyboard")
    page = shopper.page
    register(page, shop)

    shopper.open("/products/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    press(page, page.locator("main .card:has(.swatches) a").first)
    page.wait_for_url("**/products/*_*/")
    product, address = page.locator("h1").inner_text(), page.url

    press(page, page.locator("[data-buy]"))
    drawer = page.get_by_role("dialog", name="Cart (1)")
    expect(drawer).to_be_visible(timeout=20_000)
    press(page, drawer.get_by_role("button", name="one more"))
    drawer = page.get_by_role("dialog", name="Cart (2)")
    expect(drawer.get_by_role("button", name="one more")).to_be_focused(timeout=20_000)
    page.keyboard.press("Escape")
    expect(page.locator("[data-buy]")).to_be_focused()
    press(page, page.locator("a[data-mini]"))
    press(page, drawer.get_by_role("link", name="Go to checkout"))

    delivery = page.locator("[data-address]").first
    tab_to(page, delivery.locator("select").first)
    page.keyboard.type("United States")
    for label, value in {**ADDRESS, "State": "OR"}.items():
        write(page, delivery.get_by_label(label), value)
    frame = page.frame_locator("#payment-element iframe")
    for label, value in {
        "Card number": "4242424242424242",
        "Expiration date": "1234",
        "Security code": "123",
    }.items():
        write(page, frame.get_by_label(label), value)
    press(page, page.locator("[data-pay]"))
    expect(page.get_by_role("heading", name="Thank you, Ada")).to_be_visible(timeout=20_000)
    shopper.see("confirmation")

    shopper.open("/account/reviews/")
    press(page, page.get_by_role("link", name=re.compile(f"Write a review.*{re.escape(product)}")))
    write(page, page.get_by_label("Title"), "Holds what it says")
    score = page.get_by_role("group", name="Score")
    tab_to(page, score.get_by_role("radio", name="1 star", exact=True))
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(score.get_by_role("radio", name="5 stars")).to_be_checked()
    assert_stars_are_seen(page, score)
    write(page, page.get_by_label("Your review"), "Bought it twice.")
    assert fits(page, "keyboard-review")
    press(page, page.get_by_role("button", name="Send the review"))
    expect(page.locator("main")).to_contain_text("Your review appears once we have read it")
    shopper.open("/account/reviews/")
    expect(page.locator("main")).to_contain_text("We are reading it")
    shopper.see("reviews")
    assert shopper.complaints == []
    shopper.close()

    visitor = Shopper(browser, shop, size=DESKTOP, name="reader")
    visitor.page.goto(address)
    expect(visitor.page.locator("#reviews")).not_to_contain_text("Holds what it says")
    approve_the_newest_review(browser, shop)
    visitor.page.goto(address)
    expect(visitor.page.locator("#reviews")).to_contain_text("Holds what it says")
    expect(visitor.page.locator("#reviews")).to_contain_text("Verified order")
    visitor.close()


def assert_stars_are_seen(page, score):
    """The stars up to the chosen one are full, with forced colours, too, large enough to tap and ringed with focus."""
    drawn = "stars => stars.map(star => getComputedStyle(star, '::before').content)"
    for colours in ("active", "none"):
        page.emulate_media(forced_colors=colours)
        page.keyboard.press("ArrowLeft")
        assert score.locator("[aria-hidden]").evaluate_all(drawn) == ['"★"'] * 4 + ['"☆"']
        expect(score.locator("label:has(:focus-visible)")).to_have_css("outline-width", "3px")
        page.keyboard.press("ArrowRight")
    assert all(
        min(box["width"], box["height"]) >= 44
        for box in map(Locator.bounding_box, score.locator("label").all())
    )


def approve_the_newest_review(browser, shop):
    """Read it in the back office and let it appear."""
    page = browser.new_context(viewport=DESKTOP).new_page()
    sign_in_as_merchant(page, shop)
    page.goto(f"{shop.url}/admin/shop/reviews/?status=0")
    page.get_by_role("link", name="Holds what it says").click()
    page.locator("select[name=status]").select_option("1")
    with page.expect_navigation():
        page.locator("#create_update_review_form [type=submit], form [type=submit]").last.click()
    page.context.close()
