"""What axe-core and a narrow window say of every page: violations and what sticks out sideways."""

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from tests.journeys.chromium import DESKTOP, PHONE
from tests.journeys.demo_shop import DemoShop
from tests.journeys.screenshots import (
    SHOPPER_PAGES,
    SHOPPER_PAGES_WITH_BASKET,
    go,
    put_something_in_the_basket,
)

AXE = Path(__file__).resolve().parents[1] / "data" / "axe" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
SETTLED = """async () => {
  do await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  while (document.getAnimations().some(animation => animation.playState === 'running'));
}"""  # colours and sizes change by transitions, from parent to child: nothing may be measured half way
CUT_OFF = """() => {
  const unseen = element => element.closest('.vh, [aria-hidden=true]')
    || !element.checkVisibility({visibilityProperty: true});
  const own = element => [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const found = [];
  for (const element of document.querySelectorAll('body *')) {
    if (!own(element) || unseen(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(element);
    const {left, right} = range.getBoundingClientRect();
    for (let box = element; box !== document.body; box = box.parentElement) {
      const {overflowX, clipPath} = getComputedStyle(box);
      if (['auto', 'scroll'].includes(overflowX) || clipPath !== 'none') break; // clipped whole: for screen readers
      const edges = box.getBoundingClientRect();
      if (['hidden', 'clip'].includes(overflowX) && (right > edges.right + 1 || left < edges.left - 1)) {
        found.push(element.textContent.trim().slice(0, 60));
        break;
      }
    }
  }
  return found;
}"""  # words that a box hides at its sides, where nothing scrolls to them
ZOOMED = {"width": 640, "height": 450}  # a window of 1280 x 900 at 200 %
NARROW = {"width": 320, "height": 640}  # WCAG 2.2, 1.4.10: the same at 400 %

MORE_PAGES = {
    "imprint": "/imprint/",
    "withdrawal-text": "/de-en/right-of-withdrawal/",
    "withdraw": "/de-en/withdraw/",
    "withdraw-received": "/de-en/withdraw/received/",
    "consent": "/consent/",
    "find-order": "/account/login/",
    "forgotten-password": "/account/password-reset/",
    "offers": "/offers/",
    "alert-asked": "/stock-alerts/asked/",
    "newsletter-asked": "/newsletter/asked/",
    "no-such-link": "/newsletter/confirm/x/",
}
ACCOUNT_PAGES = {
    "account": "/account/",
    "orders": "/account/orders/",
    "addresses": "/account/addresses/",
    "address": "/account/addresses/add/",
    "wish-lists": "/account/wishlists/",
    "wish-list": "/account/wishlists/ > main h2 a",
    "new-wish-list": "/account/wishlists/create/",
    "reviews": "/account/reviews/",
    "profile": "/account/profile/",
    "edit-profile": "/account/profile/edit/",
    "password": "/account/change-password/",
    "your-data": "/account/your-data/",
    "delete-account": "/account/profile/delete/",
}


def visit_pages(context: BrowserContext, shop: DemoShop) -> Iterator[tuple[str, Page]]:
    """Yield every kind of page a shopper sees, by name, each opened in the same tab."""
    page = context.new_page()
    for name, address in {**SHOPPER_PAGES, **MORE_PAGES}.items():
        go(page, shop, address, until="load")
        yield name, page
    put_something_in_the_basket(page, shop)
    yield "mini-basket", page
    for name, address in SHOPPER_PAGES_WITH_BASKET.items():
        go(page, shop, address, until="load")
        yield name, page
    register(page, shop)
    save_to_wish_list(page, shop)
    for name, address in ACCOUNT_PAGES.items():
        go(page, shop, address, until="load")
        yield name, page


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
    go(page, shop, SHOPPER_PAGES["product"], until="load")
    page.locator("form[data-wish] button").click()
    page.wait_for_load_state()


def find_violations(page: Page, rules: list[str]) -> list[str]:
    """Return what axe-core finds on a page by the rules or tags named: the rule, where, and what it says."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    page.evaluate(SETTLED)
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']}).then(r => r.violations)",
        rules,
    )
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary'].splitlines()[-1].strip()}"
        for rule in found
        for node in rule["nodes"]
    ]


def sticks_out(page: Page) -> int:
    """Return by how many pixels a page is wider than its window."""
    page.evaluate(SETTLED)
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def cut_off(page: Page) -> list[str]:
    """Return the words that are cut off at the side of a box."""
    return page.evaluate(CUT_OFF)


def check(browser: Browser, shop: DemoShop) -> list[str]:
    """Return every violation on every page, each with the page's name, the width and the colour scheme.

    A page is opened once and then looked at in every size; the dark scheme changes colours only, so only what
    colours decide is asked again.
    """
    context = browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
    found = [f"{name}: {violation}" for name, page in visit_pages(context, shop) for violation in look(page)]
    context.close()
    return found


def look(page: Page) -> Iterator[str]:
    """Yield what is wrong with the page shown, in every size and colour scheme."""
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        for scheme, rules in (("light", RULES), ("dark", COLOUR_RULES)):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            yield from (f"{size['width']} {scheme} {violation}" for violation in find_violations(page, rules))
    for size in (PHONE, ZOOMED, NARROW):
        page.set_viewport_size(size)
        if (wider := sticks_out(page)) > 0:
            yield f"{wider} px wider than the window of {size['width']}"
        yield from (f"{size['width']} cut off: {words}" for words in cut_off(page))
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size(DESKTOP)
