"""The card form in a real Chromium, in a shop's page with a strict content security policy."""

import http.server
import threading
import urllib.parse
import urllib.request
from collections.abc import Iterator

import pytest
import stripe
from playwright import sync_api

from tests.servers.stripe import StripeStandIn

pytestmark = pytest.mark.browser
SHOP_SCRIPT = """
const stripe = Stripe('pk_test_browser');
const elements = stripe.elements({
  mode: 'payment', amount: 1099, currency: 'eur', appearance: {theme: 'stripe'},
});
const payment = elements.create('payment');
const show = (id, text) => { document.getElementById(id).textContent = text; };
payment.on('ready', () => show('ready', 'ready'));
payment.on('change', (event) => show('change', event.complete ? 'complete' : 'incomplete'));
payment.mount('#payment');
document.getElementById('pay').addEventListener('click', async () => {
  const say = (text) => show('message', text);
  const submitted = await elements.submit();
  if (submitted.error) return say(submitted.error.code);
  const query = new URLSearchParams(location.search);
  const clientSecret = query.get('secret');
  const {error} = await stripe.confirmPayment({
    elements, clientSecret, confirmParams: {return_url: location.origin + '/return?order=7'},
    redirect: query.get('redirect') || 'always',
  });
  if (!error) return say((await stripe.retrievePaymentIntent(clientSecret)).paymentIntent.status);
  say(error.type + ' ' + error.code + ': ' + error.message);
});
"""


class Shop(http.server.BaseHTTPRequestHandler):
    """A shop of one page, whose policy allows itself and the stand-in; /_stripe/ is passed on."""

    standin = ""
    script_base = ""

    def do_GET(self) -> None:
        """Answer the page, its script, the return page, and what belongs to the stand-in."""
        path = urllib.parse.urlsplit(self.path).path
        if path.startswith("/_stripe/"):
            self._pass_on(None)
        elif path == "/shop.js":
            self._send(SHOP_SCRIPT, "text/javascript")
        elif path == "/":
            self._send(
                f'<!doctype html><title>Shop</title><script src="{self.script_base}v3/" defer></script>'
                '<script src="/shop.js" defer></script><div id="payment"></div>'
                '<button id="pay">Pay</button><p id="message"></p><p id="ready"></p><p id="change"></p>'
            )
        else:
            self._send("<!doctype html><title>Thanks</title><h1>Thank you</h1>")

    def do_POST(self) -> None:
        """Pass a request on to the stand-in."""
        self._pass_on(self.rfile.read(int(self.headers["Content-Length"])))

    def _pass_on(self, body: bytes | None) -> None:
        address = self.standin + self.path.removeprefix("/_stripe")
        headers = {
            name: self.headers[name] for name in ("Authorization", "Content-Type") if self.headers[name]
        }
        headers |= {"X-Forwarded-Host": self.headers["Host"], "X-Forwarded-Prefix": "/_stripe"}
        with urllib.request.urlopen(urllib.request.Request(address, body, headers)) as answer:
            self._send(answer.read().decode(), answer.headers["Content-Type"])

    def _send(self, text: str, type_: str = "text/html") -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", type_)
        self.send_header("Content-Length", str(len(body)))
        if not self.path.startswith("/_stripe/"):
            own = self.standin
            kinds = ("script-src", "frame-src", "connect-src")
            policy = "; ".join(["default-src 'none'", *(f"{kind} 'self' {own}" for kind in kinds)])
            self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""


@pytest.fixture
def standin() -> Iterator[StripeStandIn]:
    with StripeStandIn() as server:
        yield server


@pytest.fixture
def shop(standin: StripeStandIn) -> Iterator[str]:
    handler = type("BoundShop", (Shop,), {"standin": standin.base_url, "script_base": standin.base_url + "/"})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser: "sync_api.Browser") -> Iterator["sync_api.Page"]:
    page = browser.new_page()
    page.complaints = []
    page.on("console", lambda message: message.type == "error" and page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    page.close()


def make_intent(standin: StripeStandIn, *, amount: int = 1099) -> stripe.PaymentIntent:
    client = stripe.StripeClient("sk_test_x", base_addresses={"api": standin.base_url})
    return client.v1.payment_intents.create({"amount": amount, "currency": "eur"})


def open_shop(page: "sync_api.Page", shop: str, intent: stripe.PaymentIntent) -> "sync_api.FrameLocator":
    page.goto(f"{shop}/?secret={intent.client_secret}")
    sync_api.expect(page.locator("#ready")).to_have_text("ready")
    return page.frame_locator("#payment iframe")


def status_of(standin: StripeStandIn, intent: stripe.PaymentIntent) -> str:
    client = stripe.StripeClient("sk_test_x", base_addresses={"api": standin.base_url})
    return client.v1.payment_intents.retrieve(intent.id).status


def test_a_typed_card_pays_and_returns_under_a_strict_policy(page, shop, standin) -> None:
    intent = make_intent(standin)
    form = open_shop(page, shop, intent)
    form.get_by_label("Card number").press_sequentially("4242424242424242")
    form.get_by_label("Expiration date").press_sequentially("1239")
    form.get_by_label("Security code").press_sequentially("123")
    assert form.get_by_label("Card number").input_value() == "4242 4242 4242 4242"
    assert form.get_by_label("Expiration date").input_value() == "12 / 39"
    sync_api.expect(page.locator("#change")).to_have_text("complete")
    page.click("#pay")
    page.wait_for_url("**/return?*")
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(page.url).query))
    assert query == {
        "order": "7",
        "payment_intent": intent.id,
        "payment_intent_client_secret": intent.client_secret,
        "redirect_status": "succeeded",
    }
    assert status_of(standin, intent) == "succeeded"
    assert page.complaints == []


def test_an_unfinished_card_is_refused_before_anything_is_sent(page, shop, standin) -> None:
    intent = make_intent(standin)
    form = open_shop(page, shop, intent)
    form.get_by_label("Card number").press_sequentially("42424242")
    page.click("#pay")
    sync_api.expect(page.locator("#message")).to_have_text("incomplete_number")
    assert form.get_by_text("Your card number is incomplete.").is_visible()
    assert [r["path"] for r in standin.requests() if r["method"] == "POST"] == ["/v1/payment_intents"]


def test_a_declined_card_stays_on_the_page_and_another_card_pays(page, shop, standin) -> None:
    intent = make_intent(standin)
    form = open_shop(page, shop, intent)
    form.get_by_role("button", name="Card declined").click()
    page.click("#pay")
    told = "card_error card_declined: Your card was declined."
    sync_api.expect(page.locator("#message")).to_have_text(told)
    assert status_of(standin, intent) == "requires_payment_method"
    form.get_by_role("button", name="Card that works").click()
    page.click("#pay")
    page.wait_for_url("**/return?*redirect_status=succeeded")
    assert status_of(standin, intent) == "succeeded"


@pytest.mark.parametrize(
    ("button", "redirect_status", "status"),
    [
        ("Complete authentication", "succeeded", "succeeded"),
        ("Fail authentication", "failed", "requires_payment_method"),
    ],
)
def test_3d_secure_leaves_for_the_bank_and_comes_back(
    page, shop, standin, button: str, redirect_status: str, status: str
) -> None:
    intent = make_intent(standin)
    form = open_shop(page, shop, intent)
    form.get_by_role("button", name="3-D Secure").click()
    page.click("#pay")
    page.get_by_role("button", name=button).click()
    page.wait_for_url(f"**/return?order=7&*redirect_status={redirect_status}")
    assert status_of(standin, intent) == status


def test_with_redirect_if_required_a_plain_card_stays_on_the_page(page, shop, standin) -> None:
    intent = make_intent(standin)
    page.goto(f"{shop}/?secret={intent.client_secret}&redirect=if_required")
    page.frame_locator("#payment iframe").get_by_role("button", name="Card that works").click()
    page.click("#pay")
    sync_api.expect(page.locator("#message")).to_have_text("succeeded")


def test_an_amount_which_is_not_the_intents_is_refused(page, shop, standin) -> None:
    intent = make_intent(standin, amount=5000)
    form = open_shop(page, shop, intent)
    form.get_by_role("button", name="Card that works").click()
    page.click("#pay")
    sync_api.expect(page.locator("#message")).to_contain_text("invalid_request_error")
    assert status_of(standin, intent) == "requires_payment_method"


def test_it_works_behind_a_path_of_the_shop(page, standin) -> None:
    handler = type("Proxied", (Shop,), {"standin": standin.base_url, "script_base": "/_stripe/"})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    shop = f"http://127.0.0.1:{server.server_port}"
    intent = make_intent(standin)
    form = open_shop(page, shop, intent)
    form.get_by_role("button", name="3-D Secure").click()
    page.click("#pay")
    page.wait_for_url(f"{shop}/_stripe/authenticate/**")
    assert page.get_by_role("button", name="Complete authentication").is_visible()
    assert page.complaints == []
    server.shutdown()
    server.server_close()


def test_the_frame_fits_its_form_and_its_targets_are_large(page, shop, standin) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    form = open_shop(page, shop, make_intent(standin))
    form.get_by_role("button", name="Card that works").click()
    sync_api.expect(page.locator("#change")).to_have_text("complete")
    frame = page.locator("#payment iframe").bounding_box()
    panel = form.locator(".panel").bounding_box()
    assert abs(frame["height"] - panel["height"]) <= 1
    heights = [box.bounding_box()["height"] for box in form.locator("button, input").all()]
    assert min(heights) >= 44
