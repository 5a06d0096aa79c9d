"""What the stand-in does, localstripe does too, which none of us wrote: each flow is one test run against both.

Flows that localstripe cannot do are listed in tests/servers/stripe/README.md.
"""

import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
import stripe
from django.utils import timezone

from storefront.payments import gateway
from storefront.payments.errors import SignatureRefused
from tests.servers.localstripe import running_localstripe
from tests.servers.stripe import StripeStandIn
from tests.stripe_standin.conftest import RETURN_URL, SECRET, wait_until

pytestmark = pytest.mark.long


@dataclass(frozen=True)
class Server:
    """One of the two. The stand-in takes numbers of cards from browsers only, and wants an address to come back to."""

    base_url: str
    browser_key: str = "sk_test_both"
    confirm_params: dict[str, str] = field(default_factory=dict)

    def connect(self, key: str = "sk_test_both") -> stripe.StripeClient:
        return stripe.StripeClient(key, base_addresses={"api": self.base_url}, max_network_retries=0)

    @property
    def client(self) -> stripe.StripeClient:
        return self.connect()


@pytest.fixture(scope="module")
def localstripe() -> Iterator[Server]:
    with running_localstripe() as base_url:
        yield Server(base_url)


@pytest.fixture(params=["stand-in", "localstripe"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    if request.param == "localstripe":
        yield request.getfixturevalue("localstripe")
        return
    with StripeStandIn() as standin:
        yield Server(standin.base_url, "pk_test_both", {"return_url": RETURN_URL})


@pytest.fixture
def client(server: Server) -> stripe.StripeClient:
    return server.client


def intend(server: Server, number: str = "4242424242424242") -> stripe.PaymentIntent:
    """Make an intent of 10.00 EUR and tie a card to it, typed in a browser; nothing is charged yet."""
    client, as_browser = server.client, server.connect(server.browser_key)
    card = {"number": number, "exp_month": 12, "exp_year": timezone.now().year + 3, "cvc": "123"}
    method = as_browser.v1.payment_methods.create({"type": "card", "card": card})
    intent = client.v1.payment_intents.create(
        {"amount": 1000, "currency": "eur", "metadata": {"payment": "7"}}
    )
    assert (intent.status, intent.amount, intent.currency) == ("requires_payment_method", 1000, "eur")
    return client.v1.payment_intents.update(intent.id, {"payment_method": method.id})


def confirm(server: Server, intent: stripe.PaymentIntent) -> stripe.PaymentIntent:
    return server.client.v1.payment_intents.confirm(intent.id, server.confirm_params)


def status(client: stripe.StripeClient, intent: stripe.PaymentIntent) -> str:
    return client.v1.payment_intents.retrieve(intent.id).status


def test_confirmed_intent_has_succeeded_with_its_metadata_and_a_charge(client, server):
    intent = intend(server)
    assert intent.status == "requires_confirmation"
    assert confirm(server, intent).status == "succeeded"
    found = client.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})
    assert (found.status, found.metadata.to_dict()) == ("succeeded", {"payment": "7"})
    charge = found.latest_charge
    assert (charge.amount, charge.currency, charge.captured, charge.payment_intent) == (
        1000,
        "eur",
        True,
        intent.id,
    )


def test_declined_card_is_an_error_and_leaves_the_intent_unpaid(client, server):
    intent = intend(server, "4000000000000341")
    with pytest.raises(stripe.CardError) as refused:
        confirm(server, intent)
    assert (refused.value.code, refused.value.http_status) == ("card_declined", 402)
    assert status(client, intent) == "requires_payment_method"


def test_card_that_needs_3d_secure_waits_for_the_customer(client, server):
    intent = intend(server, "4000002500003155")
    assert confirm(server, intent).status == "requires_action"
    assert status(client, intent) == "requires_action"


def test_cancelled_intent_is_over(client, server):
    intent = intend(server)
    assert client.v1.payment_intents.cancel(intent.id).status == "canceled"
    with pytest.raises(stripe.InvalidRequestError) as refused:
        confirm(server, intent)
    assert refused.value.http_status == 400
    assert status(client, intent) == "canceled"


def test_paid_intent_cannot_be_cancelled(client, server):
    intent = intend(server)
    confirm(server, intent)
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.cancel(intent.id)
    assert status(client, intent) == "succeeded"


def test_refund_in_parts_names_the_intent(client, server):
    intent = intend(server)
    confirm(server, intent)
    made = [
        client.v1.refunds.create({"payment_intent": intent.id, "amount": amount}) for amount in (300, 700)
    ]
    assert [(r.amount, r.currency, r.status, r.payment_intent) for r in made] == [
        (300, "eur", "succeeded", intent.id),
        (700, "eur", "succeeded", intent.id),
    ]
    charge = client.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]}).latest_charge
    assert (charge.amount_refunded, charge.refunded) == (1000, True)
    assert client.v1.refunds.retrieve(made[0].id).amount == 300


def test_customer_is_kept(client):
    made = client.v1.customers.create({"email": "anna@example.test", "name": "Anna Lind"})
    found = client.v1.customers.retrieve(made.id)
    assert (found.id, found.email, found.name) == (made.id, "anna@example.test", "Anna Lind")


def test_success_is_among_the_events(client, server):
    intent = intend(server)
    confirm(server, intent)
    events = client.v1.events.list({"type": "payment_intent.succeeded", "limit": 100}).data
    assert intent.id in {event.data.object["id"] for event in events}


def test_unknown_intent_and_unknown_key_are_refused(client, server):
    with pytest.raises(stripe.InvalidRequestError) as missing:
        client.v1.payment_intents.retrieve("pi_nobodyhas")
    assert missing.value.http_status == 404
    with pytest.raises(stripe.AuthenticationError):
        server.connect("nonsense").v1.payment_intents.retrieve("pi_nobodyhas")


def test_webhook_that_localstripe_signs_is_read_by_the_shop(localstripe, inbox, settings):
    settings.STRIPE_WEBHOOK_SECRETS = [SECRET]
    hook = {"url": inbox.url, "secret": SECRET, "events": ["payment_intent.succeeded"]}
    request = urllib.request.Request(
        f"{localstripe.base_url}/_config/webhooks/shop",
        json.dumps(hook).encode(),
        {"Content-Type": "application/json", "Authorization": "Bearer sk_test_both"},
    )
    urllib.request.urlopen(request).close()
    intent = intend(localstripe)
    confirm(localstripe, intent)
    mine: list[tuple[bytes, str]] = []
    wait_until(
        lambda: mine.extend(r for r in inbox.received if intent.id.encode() in r[0]) or bool(mine), seconds=20
    )
    body, signature = mine[0]
    event = gateway.read_event(body=body, signature=signature, now=timezone.now())
    assert (event.type, event.object_id, event.metadata) == (
        "payment_intent.succeeded",
        intent.id,
        {"payment": "7"},
    )
    with pytest.raises(SignatureRefused):
        gateway.read_event(body=body.replace(b"1000", b"1"), signature=signature, now=timezone.now())
