"""Checkout in a real Chromium, with the keyboard alone: its policy holds, and no part of the card comes to the shop."""

import re
from typing import Any
from urllib.parse import unquote_plus, urlsplit

import pytest
from playwright.sync_api import Frame, Page, Request, expect

from storefront.payments.models import Payment
from tests.journeys.accessibility import find_violations
from tests.journeys.chromium import DESKTOP
from tests.payments.shopper import ADDRESS, make_product

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NUMBER, CODE = "378282246310005", "7361"
# As typed, as grouped on the screen, and each group by itself.
CARD_PARTS = [NUMBER, "3782 822463 10005", "3782", "822463", "10005", CODE]
REPORT_VIOLATIONS = """document.addEventListener('securitypolicyviolation',
  event => noteViolation(`${event.effectiveDirective} ${event.blockedURI}`))"""
INJECT = """() => {
  const script = document.createElement('script');
  script.textContent = 'window.injected = 1';
  document.body.append(script);
  const button = document.createElement('button');
  button.setAttribute('onclick', 'window.injected = 2');
  document.body.append(button);
  button.click();
  return window.injected ?? null;
}"""


def parts_in(request: Request) -> list[str]:
    """Return the parts of the card that a request carries as words of their own: address, headers or body."""
    headers = " ".join(request.all_headers().values())
    body = (request.post_data_buffer or b"").decode("utf-8", "replace")
    said = unquote_plus(f"{request.url} {headers} {body}")
    return [part for part in CARD_PARTS if re.search(rf"(?<!\w){part}(?!\w)", said)]


def tab_to(page: Page, selector: str, *, frame: Frame | None = None) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if (frame or page).evaluate("selector => document.activeElement?.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} was not reached with the keyboard")


def fill_in(page: Page) -> None:
    tab_to(page, "[name=email]")
    page.keyboard.type("anna@example.test")
    for name in ("first_name", "last_name", "line1", "postcode", "line4", "state"):
        tab_to(page, f"[name=shipping-{name}]")
        page.keyboard.type(ADDRESS[name])
    page.wait_for_function("document.querySelector('#payment-element').dataset.ready === 'true'")
    frame = page.frame(name="stripe-stand-in-payment")
    assert frame is not None
    for field, text in (("number", NUMBER), ("expiry", "1239"), ("code", CODE)):
        tab_to(page, f"#{field}", frame=frame)
        page.keyboard.type(text)


def test_checkout_with_the_keyboard_keeps_its_policy_and_never_sees_the_card(
    browser, standin, shopper, live_server
):
    shopper.add(make_product(price="19.99"))
    shopper.open_checkout()
    requests: list[Request] = []
    violations: list[str] = []
    complaints: list[str] = []
    context: Any = browser.new_context(viewport=DESKTOP, locale="en-US", reduced_motion="reduce")
    context.add_cookies(
        [{"name": key, "value": m.value, "url": live_server.url} for key, m in shopper.client.cookies.items()]
    )
    context.on("request", lambda request: requests.append(request))
    context.expose_function("noteViolation", lambda said: violations.append(said))
    context.add_init_script(REPORT_VIOLATIONS)
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: message.type == "error" and complaints.append(message.text))

    answer = page.goto(f"{live_server.url}/checkout/")
    policy = dict(
        part.strip().partition(" ")[::2] for part in answer.headers["content-security-policy"].split(";")
    )
    assert "'unsafe-inline'" not in policy["script-src"]
    assert "'unsafe-eval'" not in policy["script-src"]
    assert standin.base_url in policy["frame-src"]
    fill_in(page)
    assert find_violations(page) == []
    tab_to(page, "[data-pay]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Thank you, Anna")).to_be_visible(timeout=20_000)
    assert find_violations(page) == []
    assert (violations, complaints) == ([], [])
    assert Payment.objects.get().state == "paid"

    shop = urlsplit(live_server.url).netloc
    ours = [request for request in requests if urlsplit(request.url).netloc == shop]
    assert any(request.url.endswith("/checkout/place-order/") for request in ours)
    assert [(request.url, parts) for request in ours if (parts := parts_in(request))] == []
    others = {part for request in requests if request not in ours for part in parts_in(request)}
    assert {NUMBER, CODE} <= others, "the card was not seen on its way to the stand-in: nothing is proved"

    shopper.add(make_product(title="Fork"))
    page.goto(f"{live_server.url}/checkout/")
    assert page.evaluate(INJECT) is None
    for _ in range(100):
        if not violations:
            page.wait_for_timeout(100)
    assert violations, "the browser did not report what it refused"
    assert {violation.split("-")[0] for violation in violations} == {"script"}
    context.close()
