"""`make screenshots`: a picture of every page kind at phone and desktop width: a shopper's in every theme, light and
dark, a merchant's once.

Add a line to MERCHANT_PAGES, or to a shopper's in `pages.py`, to have one more. THEMES="grove" takes pictures of one
theme.
"""

import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.journeys.chromium import DESKTOP, PHONE, chromium
from tests.journeys.demo_shop import DemoShop, running_demo
from tests.journeys.pages import go, visit_pages
from tests.journeys.shopper import Shopper

TARGET = Path(__file__).resolve().parents[2] / "var" / "screenshots"

MERCHANT_PAGES = {
    "admin-home": "/admin/",
    "admin-orders": "/admin/shop/orders/",
    "admin-products": "/admin/shop/catalogue/",
    "admin-product": "/admin/shop/catalogue/ > td a[href*='/catalogue/products/'], td a[href*='/catalogue/']",
    "admin-categories": "/admin/shop/catalogue/categories/",
    "admin-customers": "/admin/shop/users/",
    "admin-offers": "/admin/shop/offers/",
    "admin-vouchers": "/admin/shop/vouchers/",
    "admin-pages": "/admin/pages/",
    "admin-imports": "/admin/imports/",
    "admin-import": "/admin/imports/1/",
    "admin-import-guide": "/admin/imports/guide/",
    "admin-import-new": "/admin/imports/new/",
    "admin-brands": "/admin/imports/brands/",
    "admin-stories": "/admin/snippets/cms/productstory/",
    "admin-markets": "/admin/markets/",
    "admin-tax": "/admin/settings/markets/taxsetup/",
    "admin-subsidies": "/admin/subsidies/",
    "admin-subsidies-start": "/admin/subsidies/start/",
    "admin-subsidy-calls": "/admin/subsidy-calls/",
}


def main() -> int:
    """Start a demo shop in each theme and photograph it."""
    themes = os.environ.get("THEMES", "base harbour grove").split()
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        for theme in themes:
            with running_demo(Path(folder) / "var", port=8300, theme=theme) as shop:
                target = TARGET / theme
                target.mkdir(parents=True, exist_ok=True)
                for name, size in (("390", PHONE), ("1440", DESKTOP)):
                    photograph(browser, shop, size=size, suffix=name, target=target)
                    if theme == themes[0]:
                        photograph_back_office(browser, shop, size=size, suffix=name, target=TARGET)
    print(f"{len(list(TARGET.rglob('*.png')))} pictures in {TARGET.relative_to(Path.cwd())}")
    return 0


def photograph(browser: Browser, shop: DemoShop, *, size: dict, suffix: str, target: Path) -> None:
    """Write two pictures of each page of a shopper's at `size` to `target`: light and dark."""
    shopper = Shopper(browser, shop, size=size, name=suffix)
    for name, page in visit_pages(shopper):
        for scheme, ending in (("dark", "-dark"), ("light", "")):
            page.emulate_media(color_scheme=scheme)
            shoot(page, target / f"{name}-{suffix}{ending}.png", is_whole=name != "mini-basket")
    shopper.close()


def photograph_back_office(
    browser: Browser, shop: DemoShop, *, size: dict, suffix: str, target: Path
) -> None:
    """Write a picture of each page of a merchant's at `size` to `target`."""
    context = browser.new_context(viewport=size)
    page = context.new_page()
    sign_in_as_merchant(page, shop)
    for name, address in MERCHANT_PAGES.items():
        go(page, shop, address, until="networkidle")
        shoot(page, target / f"{name}-{suffix}.png")
    context.close()


def sign_in_as_merchant(page: Page, shop: DemoShop) -> None:
    """Enter the back office."""
    page.goto(f"{shop.url}/admin/login/")
    page.fill("input[name=username]", shop.email)
    page.fill("input[name=password]", shop.password)
    page.click("[type=submit]")
    page.wait_for_url("**/admin/")


def shoot(page: Page, path: Path, *, is_whole: bool = True) -> None:
    """Photograph the page, or what the window shows of it; pictures that load when scrolled to are there first."""
    page.evaluate(
        """() => {
          document.querySelectorAll('img[loading=lazy]').forEach(img => { img.loading = 'eager'; });
          return Promise.all([...document.images].map(img => img.decode().catch(() => {})));
        }"""
    )
    page.wait_for_load_state("networkidle")
    size = page.viewport_size
    if is_whole and page.locator("[data-publishable-key] iframe").count():
        page.locator("[data-publishable-key][data-ready]").wait_for()
        # A frame is drawn only where the window is.
        page.set_viewport_size({**size, "height": page.evaluate("document.documentElement.scrollHeight")})
    page.screenshot(path=path, full_page=is_whole, animations="disabled")
    page.set_viewport_size(size)


if __name__ == "__main__":
    sys.exit(main())
