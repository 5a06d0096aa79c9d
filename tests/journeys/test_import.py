"""A merchant brings five files, reads the plan, applies it, sees the products in the shop, and takes it all back."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.chromium import DESKTOP, PHONE
from tests.journeys.screenshots import sign_in_as_merchant
from tests.journeys.shopper import keep_picture, wait_for

pytestmark = pytest.mark.browser
BRAND = Path(__file__).resolve().parents[1] / "data" / "demo_brand"
LISTINGS = "listings/All_Listings_Report_US.txt"
OTHERS = (
    "category_listings/Category_Listings_Report_PLANTER_US.xlsx",
    "category_listings/Category_Listings_Report_GARDEN_TOOL_US.xlsx",
    "category_listings/Category_Listings_Report_POWER_BANK_US.xlsx",
    "reports/FBA_MYI_Unsuppressed_Inventory_US.txt",
)


@pytest.fixture
def five_files(tmp_path):
    """Five files of the demo brand; the listings report has one product more and another price."""
    lines = (BRAND / LISTINGS).read_bytes().splitlines(keepends=True)
    header, first = lines[0].decode("cp1252").split("\t"), lines[1].decode("cp1252").split("\t")
    row = dict(zip(header, first, strict=False))
    row |= {"item-name": "Brass Lantern for the Porch", "seller-sku": "LANTERN-1", "price": "24.99"}
    row |= {
        "quantity": "5",
        "asin1": "B0ZZLANT01",
        "product-id": "B0ZZLANT01",
        "fulfillment-channel": "DEFAULT",
    }
    lantern = "\t".join(row[name] for name in header[: len(first)]).encode("cp1252")
    report = tmp_path / Path(LISTINGS).name
    report.write_bytes(b"".join(lines) + lantern.rstrip() + b"\r\n")
    return [str(report), *(str(BRAND / name) for name in OTHERS)]


def test_five_files_become_products_and_are_taken_back(shop, browser, five_files):
    context = browser.new_context(viewport=DESKTOP, locale="en-US")
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in_as_merchant(page, shop)

    page.goto(f"{shop.url}/admin/imports/")
    page.get_by_role("link", name="New import").last.click()
    page.get_by_label("Marketplace").select_option("us")
    page.get_by_label("Files from Seller Central").set_input_files(five_files)
    expect(page.locator("[data-files] li")).to_have_count(5)
    page.get_by_label("Fetch the pictures").uncheck()
    keep_picture(page, "import-01-upload")
    page.get_by_role("button", name="Upload and make a plan").click()

    expect(page.get_by_text("This is the plan. Nothing has been changed yet.")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("5 files were read")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Brass Lantern for the Porch")
    keep_picture(page, "import-02-plan")
    run = page.url
    page.locator(".imports-counts a", has_text="New").click()
    expect(page.locator("main")).to_contain_text("LANTERN-1")
    page.goto(run)
    assert not _finds_lantern(page, shop)

    page.goto(run)
    page.get_by_role("button", name=re.compile(r"Apply \d+ change")).click()
    done = page.get_by_text("This import is done.")
    expect(page.locator("[data-progress] progress").or_(done)).to_be_visible()  # it may be fast
    keep_picture(page, "import-03-progress")
    expect(done).to_be_visible(timeout=60_000)
    keep_picture(page, "import-04-report")
    assert wait_for(lambda: _finds_lantern(page, shop))
    page.goto(f"{shop.url}/a/B0ZZLANT01")
    expect(page.locator("h1")).to_have_text("Brass Lantern for the Porch")
    expect(page.locator(".buybox")).to_contain_text("$24.99")

    page.set_viewport_size(PHONE)
    page.goto(run)
    page.get_by_text("Undo this import").click()
    keep_picture(page, "import-05-undo-phone")
    page.get_by_role("button", name="Undo it now").click()
    expect(page.get_by_text("This import was taken back.")).to_be_visible(timeout=60_000)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert wait_for(lambda: not _finds_lantern(page, shop))
    assert complaints == []
    context.close()


def test_the_work_goes_on_after_the_tab_is_closed(shop, browser, five_files):
    context = browser.new_context(viewport=DESKTOP, locale="en-US")
    page = context.new_page()
    sign_in_as_merchant(page, shop)
    page.goto(f"{shop.url}/admin/imports/new/")
    page.get_by_label("Marketplace").select_option("us")
    page.get_by_label("Files from Seller Central").set_input_files(five_files)
    page.get_by_label("Fetch the pictures").uncheck()
    page.get_by_role("button", name="Upload and make a plan").click()
    page.wait_for_url(re.compile(r"/admin/imports/\d+/"))
    run = page.url
    page.close()

    page = context.new_page()
    page.goto(run)
    expect(page.get_by_text("This is the plan. Nothing has been changed yet.")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_text("and its files are removed")).to_be_visible()
    context.close()


def _finds_lantern(page, shop) -> bool:
    """Return whether a shopper finds the product by its name."""
    page.goto(f"{shop.url}/search/?q=brass+lantern")
    return page.locator("main .card", has_text="Brass Lantern").count() > 0
