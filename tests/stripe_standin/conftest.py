"""A stand-in per test, the real Stripe client to talk to it, and a webhook which remembers."""

import http.server
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import stripe

from tests.servers.stripe import StripeStandIn

SECRET = "whsec_test_secret"
RETURN_URL = "https://shop.example/return?order=7"


class Inbox:
    """A webhook endpoint: what it was sent, and what it answers."""

    def __init__(self) -> None:
        self.received: list[tuple[bytes, str]] = []
        self.answers: list[int] = []
        inbox = self

        class Receiver(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                inbox.received.append((body, self.headers["Stripe-Signature"]))
                self.send_response(inbox.answers.pop(0) if inbox.answers else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/payments/webhook/"

    def events(self) -> list[stripe.Event]:
        """Return the events received, each accepted by the real client's check of the signature."""
        return [stripe.Webhook.construct_event(body, header, SECRET) for body, header in self.received]

    def types(self) -> list[str]:
        return [event.type for event in self.events()]


@pytest.fixture(scope="session")
def _inbox() -> Iterator[Inbox]:
    found = Inbox()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def inbox(_inbox: Inbox) -> Inbox:
    """The webhook endpoint, empty, which answers 200 unless told otherwise."""
    _inbox.received.clear()
    _inbox.answers.clear()
    return _inbox


@pytest.fixture(scope="session")
def _standin(_inbox: Inbox) -> Iterator[StripeStandIn]:
    with StripeStandIn(
        webhook_url=_inbox.url,
        webhook_secret=SECRET,
        webhook_mode="manual",
        strict=True,
        payment_method_types=("card", "sepa_debit"),
    ) as server:
        yield server


@pytest.fixture
def standin(_standin: StripeStandIn, inbox: Inbox) -> StripeStandIn:
    """A strict stand-in, empty, which delivers only when told."""
    _standin.reset()
    _standin.change_settings(latency_seconds=0, webhook_mode="manual")
    return _standin


def connect(standin: StripeStandIn, *, key: str = "sk_test_shop", retries: int = 0) -> stripe.StripeClient:
    """Return the real client, pointed at the stand-in."""
    return stripe.StripeClient(
        key,
        base_addresses={"api": standin.base_url},
        max_network_retries=retries,
        http_client=stripe.RequestsClient(timeout=5),
    )


@pytest.fixture
def client(standin: StripeStandIn) -> stripe.StripeClient:
    return connect(standin)


@pytest.fixture
def browser_client(standin: StripeStandIn) -> stripe.StripeClient:
    """The client with the key a browser has."""
    return connect(standin, key="pk_test_shop")


@pytest.fixture
def pay(client: stripe.StripeClient) -> Callable[..., stripe.PaymentIntent]:
    """Make an intent of 10.99 EUR and confirm it with one of Stripe's ready-made methods."""

    def make(method: str = "pm_card_visa", **params: object) -> stripe.PaymentIntent:
        intent = client.v1.payment_intents.create({"amount": 1099, "currency": "eur", **params})
        return client.v1.payment_intents.confirm(
            intent.id, {"payment_method": method, "return_url": RETURN_URL}
        )

    return make


def wait_until(is_true: Callable[[], bool], *, seconds: float = 5.0) -> None:
    """Wait for something another thread does."""
    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)
