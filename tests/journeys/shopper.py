"""A shopper in a browser: what they see, what they send, and a picture of each page on the way."""

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.chromium import keep_picture
from tests.journeys.demo_shop import DemoShop

ADDRESS = {
    "First name": "Ada",
    "Last name": "Lind",
    "Street address": "12 Harbor Street",
    "City": "Portland",
    "ZIP code": "97201",
}


def wait_for(told: Callable[[], Any], *, seconds: int = 30) -> Any:
    """Ask until the answer is a yes, and return it: what the worker does is there a moment later."""
    limit = time.monotonic() + seconds
    while not (answer := told()) and time.monotonic() < limit:
        time.sleep(0.5)
    return answer


class Shopper:
    """One visit in a fresh browser context, without cookies."""

    def __init__(self, browser: Browser, shop: DemoShop, *, size: dict, name: str):
        self.shop, self.name, self.count = shop, name, 0
        self.context = browser.new_context(viewport=size, locale="en-US")
        self.page: Page = self.context.new_page()
        self.requests: list[tuple[str, str]] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append((request.url, request.post_data or "")))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._note)

    def _note(self, message) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def see(self, what: str) -> None:
        """Keep a picture of the page as it is now."""
        self.count += 1
        keep_picture(self.page, f"{self.name}-{self.count:02}-{what}")

    def open(self, path: str) -> None:
        """Go to an address of the shop."""
        answer = self.page.goto(f"{self.shop.url}{path}")
        assert answer and answer.status == 200, f"{path} answered {answer and answer.status}"

    def follow(self, link: Locator) -> None:
        """Follow a link by its address, wherever on the page it is."""
        self.page.goto(link.first.evaluate("e => (e.closest('a') || e.querySelector('a')).href"))

    def assert_pictures_load(self) -> None:
        """Every picture of the main part is there and has pixels; lazy ones are scrolled to first."""
        pictures = self.page.locator("main img")
        assert pictures.count() > 0, "no pictures"
        for index in range(pictures.count()):
            picture = pictures.nth(index)
            if picture.is_visible():
                picture.scroll_into_view_if_needed()
                expect(picture).to_have_js_property("complete", True)
                assert picture.evaluate("e => e.naturalWidth") > 0, picture.get_attribute("src")

    def put_a_variant_in_the_basket(self) -> str:
        """Choose a parent with several variants, take another variant than the first, add it; return its title."""
        self.follow(self.page.locator("main .card:has(.swatches) a"))
        self.see("product")
        other = self.page.locator(
            ".picker a:not([aria-current]):not([data-unavailable]):not([data-sold-out])"
        )
        self.follow(other)
        title = self.page.locator("h1").inner_text()
        self.see("variant")
        self.put_this_in_the_basket()
        self.open("/basket/")
        return title

    def put_this_in_the_basket(self) -> Locator:
        """Press the product page's button; return the drawer that then shows the basket."""
        self.page.locator("[data-buy]").first.click()
        drawer = self.page.locator("#mini-basket")
        expect(drawer).to_be_visible(timeout=20_000)
        return drawer

    def fill_in_the_checkout(self) -> None:
        """Contact, address and the standard delivery."""
        self.open("/checkout/")
        self.page.get_by_label("Email").fill("ada@example.com")
        self.fill_in_the_address()

    def fill_in_the_address(self) -> None:
        """Where to, for a visitor or a customer who is signed in."""
        self.page.locator("[data-address]").first.locator("select").first.select_option("US")
        for label, value in ADDRESS.items():
            self.page.locator("[data-address]").first.get_by_label(label).fill(value)
        self.page.locator("[data-address]").first.locator("[name$=state]").fill("OR")

    def fill_in_the_card(self, number: str) -> None:
        """Type a card into the stand-in's frame."""
        frame = self.page.frame_locator("#payment-element iframe")
        frame.get_by_label("Card number").fill(number)
        frame.get_by_label("Expiration date").fill("12 / 34")
        frame.get_by_label("Security code").fill("123")

    def pay(self) -> None:
        """Press the button that pays."""
        self.page.locator("[data-pay]").click()

    def close(self) -> None:
        self.context.close()
