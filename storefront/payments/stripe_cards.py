"""Customers and their kept cards at Stripe, through the gateway."""

from dataclasses import dataclass
from typing import Any

from storefront.payments import gateway
from storefront.payments.errors import GatewayRefused

OWNER_KEY = "shop_customer"
# A card is kept to be chosen by its owner at the next order, never to be charged without them.
USAGE = "on_session"
_SHOWN_AT_MOST = 10  # docs.stripe.com/api/customer_sessions/create, payment_method_redisplay_limit


@dataclass(frozen=True)
class SavedCard:
    """A way to pay kept at Stripe; `expires` such as 12/2030, empty for what does not."""

    id: str
    name: str
    last4: str
    expires: str


@dataclass(frozen=True)
class Setup:
    """A setup intent: what the browser needs to hand Stripe a card to keep."""

    id: str
    client_secret: str
    status: str


def create_customer(*, key: str, reference: str) -> str:
    """Make a customer and return its id; the same key gives the same one. Stripe learns neither name nor address."""
    params: Any = {"metadata": {OWNER_KEY: reference}}
    return gateway.ask(lambda client: client.v1.customers.create(params, {"idempotency_key": key}).id)


def delete_customer(customer_id: str) -> None:
    """Delete a customer with every kept card; one that is gone already is fine."""
    try:
        gateway.ask(lambda client: client.v1.customers.delete(customer_id))
    except GatewayRefused:
        found = gateway.ask(lambda client: client.v1.customers.retrieve(customer_id).to_dict())
        if not found.get("deleted"):
            raise


def open_session(customer_id: str) -> str:
    """Return the secret that lets the card form on one page show the customer's kept cards for half an hour."""
    features = {
        "payment_method_redisplay": "enabled",
        "payment_method_redisplay_limit": _SHOWN_AT_MOST,
        "payment_method_allow_redisplay_filters": ["always", "limited", "unspecified"],
        # Our own tick asks for consent and keeps its words.
        "payment_method_save": "disabled",
        "payment_method_remove": "disabled",
    }
    params: Any = {
        "customer": customer_id,
        "components": {"payment_element": {"enabled": True, "features": features}},
    }
    return gateway.ask(lambda client: client.v1.customer_sessions.create(params).client_secret)


def create_setup(*, customer_id: str, reference: str) -> Setup:
    """Begin keeping a card outside an order."""
    params: Any = {
        "customer": customer_id,
        "usage": USAGE,
        "automatic_payment_methods": {"enabled": True},
        "metadata": {OWNER_KEY: reference},
    }
    made = gateway.ask(lambda client: client.v1.setup_intents.create(params))
    return Setup(made.id, made.client_secret or "", made.status)


def list_cards(customer_id: str) -> list[SavedCard]:
    """Return what a customer keeps, newest first."""
    found = gateway.ask(
        lambda client: client.v1.customers.payment_methods.list(customer_id, {"limit": 100}).data
    )
    return [_read_card(thing.to_dict()) for thing in found]


def detach_card(card_id: str) -> None:
    """Forget a kept card: it cannot be used again."""
    gateway.ask(lambda client: client.v1.payment_methods.detach(card_id))


def _read_card(thing: dict[str, Any]) -> SavedCard:
    details = thing.get(thing["type"]) or {}
    name = details.get("brand") or thing["type"]
    expires = f"{details['exp_month']:02}/{details['exp_year']}" if "exp_month" in details else ""
    return SavedCard(
        id=thing["id"],
        name=str(name).replace("_", " ").title(),
        last4=str(details.get("last4") or ""),
        expires=expires,
    )
