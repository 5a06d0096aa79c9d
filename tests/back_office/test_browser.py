"""What only a real browser shows: tabs, windows and the editor work, and nothing is fetched from elsewhere."""

import pytest
from django.contrib.auth import get_user_model

from tests.back_office.shop import PASSWORD, make_catalogue_product, make_order
from tests.journeys.chromium import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(live_server):
    get_user_model().objects.create_superuser(email="owner@example.test", password=PASSWORD)
    product = make_catalogue_product(title="Watering can")
    make_order("S-100001", product=product)
    return live_server.url, product.pk


def signed_in_page(browser, url, *, size, problems):
    page = browser.new_context(viewport=size).new_page()
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: None if is_local(request.url, url) else problems.append(request.url))
    page.goto(f"{url}/admin/login/")
    page.fill("input[name=username]", "owner@example.test")
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(f"{url}/admin/")
    return page


def is_local(address, url):
    return address.startswith((url, "data:", "blob:", "about:"))


def test_tabs_editor_and_windows_work_and_nothing_comes_from_elsewhere(browser, shop):
    url, product_pk = shop
    problems = []
    page = signed_in_page(browser, url, size=DESKTOP, problems=problems)
    page.goto(f"{url}/admin/shop/catalogue/products/{product_pk}/")
    page.frame_locator("iframe.tox-edit-area__iframe").first.locator("body").fill("It does not drip.")
    page.click(".nav-link:has-text('Stock and pricing')")
    page.fill("input[name='stockrecords-0-num_in_stock']", "77")
    page.click("button[value=continue]")
    page.wait_for_selector(".messages .success")
    assert page.input_value("input[name='stockrecords-0-num_in_stock']") == "77"

    page.goto(f"{url}/admin/shop/orders/S-100001/#notes")
    page.fill("textarea[name=message]", "Call first.")

    page.goto(f"{url}/admin/shop/orders/")
    page.click("[data-target='#SearchModal']")
    page.fill("#SearchModal input[name=name]", "Lind")
    page.click("#SearchModal button[type=submit]")
    page.wait_for_selector(".search-filter-list")
    assert problems == []


@pytest.mark.parametrize(
    "address", ["orders/", "orders/S-100001/", "catalogue/", "offers/", "users/", "reports/"]
)
def test_page_fits_a_phone(browser, shop, address):
    url, _ = shop
    problems = []
    page = signed_in_page(browser, url, size=PHONE, problems=problems)
    page.goto(f"{url}/admin/shop/{address}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert problems == []
