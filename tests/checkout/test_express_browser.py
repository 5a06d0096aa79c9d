"""The wallet's button in a real Chromium: nothing of Stripe's before it is pressed, its sum is what is charged."""

import pytest
from playwright.sync_api import expect

from storefront.payments.models import Payment
from storefront.payments.services import ensure_countries
from tests.journeys.accessibility import find_violations, fits
from tests.journeys.chromium import DESKTOP
from tests.payments.conftest import _checks_are_read, shopper, standin  # noqa: F401
from tests.payments.shopper import make_product

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_product_is_bought_by_wallet_and_the_basket_stays(browser, standin, shopper, live_server):  # noqa: F811
    ensure_countries()
    pot, fork = make_product(title="Pot", price="10.00"), make_product(title="Fork", price="3.00")
    shopper.add(fork)
    context = browser.new_context(viewport=DESKTOP, locale="en-US")
    context.add_cookies(
        [{"name": key, "value": m.value, "url": live_server.url} for key, m in shopper.client.cookies.items()]
    )
    page = context.new_page()
    complaints: list[str] = []
    foreign: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
    page.on(
        "request", lambda request: request.url.startswith(standin.base_url) and foreign.append(request.url)
    )

    page.goto(f"{live_server.url}/basket/")
    expect(page.get_by_role("button", name="Pay with a wallet")).to_be_visible()
    assert fits(page, "wallet-basket")
    page.goto(f"{live_server.url}{pot.get_absolute_url()}")
    button = page.get_by_role("button", name="Buy this now with a wallet")
    expect(button).to_be_visible()
    assert fits(page, "wallet-product")
    assert find_violations(page) == []
    assert foreign == [], "Stripe's script was loaded before anybody asked for it"
    page.locator("form[data-to-basket] [name=quantity]").fill("2")
    button.click()
    page.get_by_role("button", name="Test wallet (stand-in)").click(timeout=20_000)
    sheet = page.get_by_role("dialog", name="Test wallet")
    expect(sheet.locator("[data-wallet-total]")).to_have_text("Total: 2495 usd")
    sheet.get_by_label("Delivery").select_option(label="Express delivery")
    expect(sheet.locator("[data-wallet-total]")).to_have_text("Total: 3295 usd")
    sheet.get_by_role("button", name="Pay with the test wallet").click()
    expect(page.get_by_role("heading", name="Thank you, Anna")).to_be_visible(timeout=20_000)
    assert complaints == []
    page.goto(f"{live_server.url}/basket/")
    expect(page.locator(".lines")).to_contain_text("Fork")
    context.close()
    payment = Payment.objects.get()
    assert (payment.state, str(payment.amount)) == ("paid", "32.950")
    assert [(line.title, line.quantity) for line in payment.order.lines.all()] == [("Pot", 2)]


def test_late_answer_of_the_shop_does_not_overtake_a_newer_one(browser, standin, shopper, live_server):  # noqa: F811
    ensure_countries()
    pot = make_product(title="Pot", price="10.00")
    context = browser.new_context(viewport=DESKTOP, locale="en-US")
    page = context.new_page()
    held = []

    def hold_the_address(route):
        said = route.request.post_data_json
        if "address" in said and "shippingRate" not in said and not held:
            held.append(route)
        else:
            route.continue_()

    page.route("**/express/sheet/", hold_the_address)
    page.goto(f"{live_server.url}{pot.get_absolute_url()}")
    page.get_by_role("button", name="Buy this now with a wallet").click()
    page.get_by_role("button", name="Test wallet (stand-in)").click(timeout=20_000)
    sheet = page.get_by_role("dialog", name="Test wallet")
    sheet.get_by_label("Delivery").select_option(label="Express delivery")
    page.wait_for_timeout(1_000)
    held[0].continue_()
    total = sheet.locator("[data-wallet-total]")
    expect(total).to_have_text("Total: 2295 usd")
    page.wait_for_timeout(1_000)
    expect(total).to_have_text("Total: 2295 usd")
    sheet.get_by_role("button", name="Pay with the test wallet").click()
    expect(page.get_by_role("heading", name="Thank you, Anna")).to_be_visible(timeout=20_000)
    context.close()


def test_browser_without_wallets_shows_no_button_and_nothing_moves(browser, standin, shopper, live_server):  # noqa: F811
    pot = make_product(title="Pot", price="10.00")
    context = browser.new_context(viewport=DESKTOP, locale="en-US")
    places = []
    for script in ("", "delete window.PaymentRequest; delete window.ApplePaySession;"):
        page = context.new_page()
        page.add_init_script(script)
        page.goto(f"{live_server.url}{pot.get_absolute_url()}")
        page.wait_for_load_state("load")
        places.append(page.locator(".promise").bounding_box()["y"])
        assert page.locator("[data-express-open]").is_visible() is not bool(script)
    assert places[0] == places[1]
    context.close()


def test_basket_changes_in_place_and_its_wallet_stays(browser, standin, shopper, live_server):  # noqa: F811
    ensure_countries()
    for title in ("Fork", "Pot"):
        shopper.add(make_product(title=title, price="3.00"))
    context = browser.new_context(viewport=DESKTOP, locale="en-US")
    context.add_cookies(
        [{"name": key, "value": m.value, "url": live_server.url} for key, m in shopper.client.cookies.items()]
    )
    page = context.new_page()
    page.goto(f"{live_server.url}/basket/")
    page.get_by_role("button", name="Pay with a wallet").click()
    wallet = page.get_by_role("button", name="Test wallet (stand-in)")
    expect(wallet).to_be_visible(timeout=20_000)
    page.evaluate(
        "document.querySelectorAll('.line, .line img, .btn, iframe').forEach(e => { e.mark = true; })"
    )
    kept = "e => e.filter(each => each.mark).length"

    more = page.get_by_role("button", name="Quantity of Pot: one more")
    more.click()
    expect(page.locator("[data-say]").first).to_contain_text("3 items")

    expect(more).to_be_focused()
    assert [page.locator(each).evaluate_all(kept) for each in (".line", ".line img", "aside .btn--big")] == [
        2,
        2,
        1,
    ]
    expect(page.locator("[data-express-open]")).to_be_hidden()
    expect(wallet).to_be_visible()
    expect(page.locator(".totals__sum")).to_contain_text("$13.95")

    page.get_by_role("button", name="Remove Fork").click()
    expect(page.locator(".line")).to_have_count(1)
    expect(page.locator(".line h3")).to_have_text("Pot")
    assert page.locator(".line img").evaluate_all(kept) == 1
    expect(page.get_by_role("heading", name="Your cart")).to_be_focused()
    page.wait_for_load_state("networkidle")
    wallet.click()
    total = page.get_by_role("dialog", name="Test wallet").locator("[data-wallet-total]")
    expect(total).to_have_text("Total: 1095 usd")
    context.close()
