"""Every kind of page a shopper sees, in the order of a visit: looking round, a basket, an account, an order.

A page is an address, or a CSS selector of the link to follow from the page named before the `>`.
"""

from collections.abc import Iterator

from playwright.sync_api import Page, expect

from tests.journeys.demo_shop import DemoShop
from tests.journeys.shopper import Shopper

PAGES = {
    "home": "/",
    "products": "/products/",
    "category": "/ > .tile, main a[href*='/products/category/']",
    "product": "/products/ > .card a, .card",
    "search": "/search/?q=cable",
    "search-empty": "/search/?q=zzzz",
    "blog": "/workshop-notes/",
    "article": "/workshop-notes/a-trowel-for-twenty-years/",
    "newsletter": "/newsletter/",
    "newsletter-asked": "/newsletter/asked/",
    "no-such-link": "/newsletter/confirm/x/",
    "basket-empty": "/basket/",
    "sign-in": "/account/login/",
    "find-order": "/account/find-order/",
    "find-order-asked": "/account/find-order/asked/",
    "forgotten-password": "/account/password-reset/",
    "imprint": "/imprint/",
    "consent": "/consent/",
    "offers": "/offers/",
    "alert-asked": "/stock-alerts/asked/",
    "not-found": "/no-such-page/",
    "german-home": "/de/",
    "german-product": "/de/products/ > .card a, .card",
    "withdrawal-text": "/de-en/right-of-withdrawal/",
    "withdraw": "/de-en/withdraw/",
    "withdraw-received": "/de-en/withdraw/received/",
}
PAGES_WITH_BASKET = {
    "basket": "/basket/",
    "checkout": "/checkout/",
    "german-checkout": "/de/checkout/",
}
ACCOUNT_PAGES = {
    "account": "/account/",
    "no-orders": "/account/orders/",
    "addresses": "/account/addresses/",
    "address": "/account/addresses/add/",
    "cards": "/account/cards/",
    "card": "/account/cards/add/",
    "wish-lists": "/account/wishlists/",
    "wish-list": "/account/wishlists/ > main h2 a",
    "new-wish-list": "/account/wishlists/create/",
    "no-reviews": "/account/reviews/",
    "profile": "/account/profile/",
    "edit-profile": "/account/profile/edit/",
    "password": "/account/change-password/",
    "your-data": "/account/your-data/",
    "delete-account": "/account/profile/delete/",
}
PAGES_AFTER_BUYING = {
    "orders": "/account/orders/",
    "order": "/account/orders/ > .order-card a",
    "reviews": "/account/reviews/",
    "review": "/account/reviews/ > a[href*='/reviews/add/']",
}


def visit_pages(shopper: Shopper) -> Iterator[tuple[str, Page]]:
    """Yield every page by its name, each opened in the same tab."""
    page, shop = shopper.page, shopper.shop
    yield from _open_all(page, shop, PAGES)
    put_something_in_the_basket(page, shop)
    yield "mini-basket", page
    yield from _open_all(page, shop, PAGES_WITH_BASKET)
    shopper.fill_in_the_checkout()
    _buy(shopper)
    expect(page.get_by_role("heading", name="Keep an account")).to_be_visible()
    yield "guest-confirmation", page
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Open the account").click()
    expect(page.locator("#id_password1_error")).to_be_visible()
    yield "guest-account-refused", page
    register(page, shop)
    save_to_wish_list(page, shop)
    yield from _open_all(page, shop, ACCOUNT_PAGES)
    put_something_in_the_basket(page, shop)
    shopper.open("/checkout/")
    shopper.fill_in_the_address()
    _buy(shopper)
    yield "confirmation", page
    yield from _open_all(page, shop, PAGES_AFTER_BUYING)


def _buy(shopper: Shopper) -> None:
    """Pay the order of a checkout that is filled in."""
    shopper.fill_in_the_card("4242424242424242")
    shopper.pay()
    expect(shopper.page.get_by_role("heading", name="Thank you, Ada")).to_be_visible()


def _open_all(page: Page, shop: DemoShop, addresses: dict[str, str]) -> Iterator[tuple[str, Page]]:
    for name, address in addresses.items():
        go(page, shop, address)
        yield name, page


def go(page: Page, shop: DemoShop, address: str, *, until: str = "load") -> None:
    """Open a page and wait for one of Playwright's load states."""
    start, _, link = address.partition(" > ")
    answer = page.goto(f"{shop.url}{start}")
    if link:
        href = page.locator(link).first.evaluate("e => (e.closest('a') || e.querySelector('a')).href")
        answer = page.goto(href)
    assert answer and answer.status < 500, f"{page.url} answered {answer and answer.status}"
    page.wait_for_load_state(until)


def put_something_in_the_basket(page: Page, shop: DemoShop) -> None:
    """Add the first buyable product of the list."""
    page.goto(f"{shop.url}/products/")
    for href in page.eval_on_selector_all(
        "main .card a[href], main a.card[href]", "els => els.map(e => e.href)"
    ):
        page.goto(href)
        button = page.locator("[data-buy]").first
        if button.count() and button.is_enabled():
            button.click()
            page.locator("#mini-basket").wait_for()
            return
    raise RuntimeError("No product of the first page can be bought.")


def register(page: Page, shop: DemoShop) -> str:
    """Make a customer's account by the form and return its address; the browser is signed in."""
    page.goto(f"{shop.url}/account/login/")
    email = f"ada-{id(page)}@example.test"
    page.locator("[name='registration-email']").fill(email)
    for name in ("registration-password1", "registration-password2"):
        page.locator(f"[name='{name}']").fill("garden-cable-9")
    with page.expect_navigation():
        page.locator("[name='registration_submit']").click()
    return email


def save_to_wish_list(page: Page, shop: DemoShop) -> None:
    """Put a product on a list of the customer who is signed in, by the product page's button."""
    go(page, shop, PAGES["product"])
    page.locator("form[data-wish] button").click()
    page.locator("p[data-wish] a").get_by_text("On your list").wait_for()
