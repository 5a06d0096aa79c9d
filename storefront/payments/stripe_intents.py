"""Payment intents through the gateway: made, read, taken, cancelled and found again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from storefront.payments import gateway
from storefront.payments.errors import GatewayRefused

# Which ways to pay reserve money, and for how many days (docs.stripe.com/payments/place-a-hold-on-a-payment-method).
RESERVED_FOR_DAYS = {"card": 7, "klarna": 28, "link": 7, "paypal": 10}
_LISTING_MARGIN = timedelta(minutes=10)
_WITH_CHARGE: Any = {"expand": ["latest_charge"]}


@dataclass(frozen=True)
class Intent:
    """A payment intent as Stripe has it now; amounts in the currency's own units."""

    id: str
    client_secret: str
    status: str
    amount: Decimal
    amount_received: Decimal
    amount_capturable: Decimal
    currency: str
    metadata: dict[str, str]
    is_live: bool
    decline: str
    method: str
    capture_before: datetime | None


def create_intent(
    *,
    attempt_key: str,
    amount: Decimal,
    currency: str,
    metadata: dict[str, str],
    description: str,
    captures_later: bool = False,
    customer_id: str = "",
    saves_card: bool = False,
) -> Intent:
    """Make a payment intent; the same key gives the same intent.

    `captures_later` only reserves the money where the way to pay can; the other ways are offered all the same.
    `saves_card` keeps the card with the customer, for orders they place themselves.
    """
    params: Any = {
        "amount": gateway.to_minor_units(amount=amount, currency=currency),
        "currency": currency.lower(),
        "automatic_payment_methods": {"enabled": True},
        "metadata": metadata,
        "description": description,
    }
    if customer_id:
        params["customer"] = customer_id
        if saves_card:
            params["setup_future_usage"] = "on_session"
    if captures_later:
        params["payment_method_options"] = {
            method: {"capture_method": "manual"} for method in RESERVED_FOR_DAYS
        }
    return _read(
        gateway.ask(
            lambda client: client.v1.payment_intents.create(
                params, {"idempotency_key": attempt_key}
            ).to_dict()
        )
    )


def retrieve_intent(intent_id: str) -> Intent:
    """Return the intent as Stripe has it now."""
    return _read(
        gateway.ask(lambda client: client.v1.payment_intents.retrieve(intent_id, _WITH_CHARGE).to_dict())
    )


def capture_intent(*, intent_id: str, amount: Decimal, currency: str, key: str) -> Intent:
    """Take `amount` of what an intent reserves and release the rest. Stripe does it once, whatever the key."""
    minor = gateway.to_minor_units(amount=amount, currency=currency)
    params: Any = {"amount_to_capture": minor, **_WITH_CHARGE}
    return _read(
        gateway.ask(
            lambda client: client.v1.payment_intents.capture(
                intent_id, params, {"idempotency_key": key}
            ).to_dict()
        )
    )


def cancel_intent(intent_id: str) -> Intent:
    """Ask Stripe to cancel the intent and return it; look at its status, the money may have been faster."""
    try:
        return _read(gateway.ask(lambda client: client.v1.payment_intents.cancel(intent_id).to_dict()))
    except GatewayRefused as error:
        if error.code != "payment_intent_unexpected_state":
            raise
    return retrieve_intent(intent_id)


def list_intents(*, since: datetime) -> Iterator[Intent]:
    """Yield the intents made since a moment, newest first; how they were paid is not read."""
    params: Any = {"created": {"gte": int((since - _LISTING_MARGIN).timestamp())}, "limit": 100}
    found: Iterator[Any] = gateway.stream(
        lambda client: client.v1.payment_intents.list(params).auto_paging_iter()
    )
    return (_read(intent.to_dict()) for intent in found)


def find_intent(*, key: str, value: str, since: datetime) -> Intent | None:
    """Return the newest intent made since `since` whose metadata has `key` = `value`, if there is one."""
    return next((intent for intent in list_intents(since=since) if intent.metadata.get(key) == value), None)


def _read(intent: dict[str, Any]) -> Intent:
    currency, charge = intent["currency"].upper(), intent.get("latest_charge")

    def units(name: str) -> Decimal:
        return gateway.from_minor_units(minor=intent.get(name) or 0, currency=currency)

    return Intent(
        id=intent["id"],
        client_secret=intent.get("client_secret") or "",
        status=intent["status"],
        amount=units("amount"),
        amount_received=units("amount_received"),
        amount_capturable=units("amount_capturable"),
        currency=currency,
        metadata=intent.get("metadata") or {},
        is_live=intent["livemode"],
        decline=(intent.get("last_payment_error") or {}).get("message") or "",
        method=_method_of(charge),
        capture_before=_capture_before(charge),
    )


def _method_of(charge: Any) -> str:
    """Return how it was paid, such as "Visa 4242"; empty when the charge was not read or was no card."""
    details = charge.get("payment_method_details") if isinstance(charge, dict) else None
    if not details:
        return ""
    if card := details.get("card"):
        return f"{(card['brand'] or '').title()} {card['last4']}".strip()
    return str(details.get("type", "")).replace("_", " ").title()


def _capture_before(charge: Any) -> datetime | None:
    """Return until when what a charge reserves can be taken: a card says so, the others by Stripe's table."""
    details = charge.get("payment_method_details") if isinstance(charge, dict) else None
    if not details or charge["captured"]:
        return None
    if moment := (details.get("card") or {}).get("capture_before"):
        return datetime.fromtimestamp(moment, tz=UTC)
    days = RESERVED_FOR_DAYS.get(details.get("type", ""), min(RESERVED_FOR_DAYS.values()))
    return datetime.fromtimestamp(charge["created"], tz=UTC) + timedelta(days=days)
