"""Stripe's own payment page through the gateway: Checkout Sessions made, read, found again and expired."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from storefront.payments import gateway, stripe_intents
from storefront.payments.errors import GatewayRefused

# docs.stripe.com/api/checkout/sessions/create, expires_at and line_items.
SHORTEST, LONGEST = timedelta(minutes=31), timedelta(hours=23)
_LINES_AT_MOST = 100
_LISTING_MARGIN = timedelta(minutes=10)
_LANGUAGES = {
    "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "hr", "hu", "id", "it", "ja", "ko", "lt", "lv",
    "ms", "mt", "nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "th", "tr", "vi", "zh",
}  # fmt: skip


@dataclass(frozen=True)
class Session:
    """A checkout session as Stripe has it now; `url` is empty once it is over, `intent_id` before the first try."""

    id: str
    url: str
    status: str
    intent_id: str
    reference: str

    @property
    def is_open(self) -> bool:
        return self.status == "open"


@dataclass(frozen=True)
class PageLine:
    """A line of the payment page: what one piece costs, and how many."""

    name: str
    price: Decimal
    quantity: int


@dataclass(frozen=True)
class SessionOrder:
    """What a session is made of. The intent it makes carries the same metadata as one made here."""

    amount: Decimal
    currency: str
    lines: Sequence[PageLine]
    description: str
    metadata: dict[str, str]
    email: str
    language: str
    expires_at: datetime
    success_url: str
    cancel_url: str
    captures_later: bool
    customer_id: str
    saves_card: bool


def create_session(*, key: str, order: SessionOrder) -> Session:
    """Make a session for exactly the order's amount; the same key gives the same session."""
    answer: Any = _params(order)
    return _read(
        gateway.ask(
            lambda client: client.v1.checkout.sessions.create(answer, {"idempotency_key": key}).to_dict()
        )
    )


def retrieve_session(session_id: str) -> Session:
    """Return the session as Stripe has it now."""
    return _read(gateway.ask(lambda client: client.v1.checkout.sessions.retrieve(session_id).to_dict()))


def expire_session(session_id: str) -> Session:
    """Ask Stripe to close the page and return the session; look at its status, the money may have been faster."""
    try:
        return _read(gateway.ask(lambda client: client.v1.checkout.sessions.expire(session_id).to_dict()))
    except GatewayRefused:
        session = retrieve_session(session_id)
        if session.is_open:
            raise
        return session


def find_session(*, reference: str, since: datetime) -> Session | None:
    """Return the newest session made since a moment for this reference, if there is one."""
    params: Any = {"created": {"gte": int((since - _LISTING_MARGIN).timestamp())}, "limit": 100}
    found: Iterator[Any] = gateway.stream(
        lambda client: client.v1.checkout.sessions.list(params).auto_paging_iter()
    )
    sessions = (_read(thing.to_dict()) for thing in found)
    return next((session for session in sessions if session.reference == reference), None)


def _params(order: SessionOrder) -> dict[str, Any]:
    intent: dict[str, Any] = {"metadata": order.metadata, "description": order.description}
    params: dict[str, Any] = {
        "mode": "payment",
        "client_reference_id": order.metadata["payment"],
        "metadata": order.metadata,
        "payment_intent_data": intent,
        "line_items": [_line(line, order.currency) for line in _lines(order)],
        "success_url": order.success_url,
        "cancel_url": order.cancel_url,
        "expires_at": int(order.expires_at.timestamp()),
        "locale": order.language if order.language in _LANGUAGES else "auto",
        "submit_type": "pay",
        # The amount is agreed in the order's currency.
        "adaptive_pricing": {"enabled": False},
    }
    if order.customer_id:
        params["customer"] = order.customer_id
        if order.saves_card:
            intent["setup_future_usage"] = "on_session"
    else:
        params["customer_email"] = order.email
    if order.captures_later:
        params["payment_method_options"] = {
            method: {"capture_method": "manual"} for method in stripe_intents.RESERVED_FOR_DAYS
        }
    return params


def _lines(order: SessionOrder) -> Sequence[PageLine]:
    """Return the order's lines where they come to the amount exactly, else one line that does."""
    total = sum((line.price * line.quantity for line in order.lines), Decimal(0))
    if total == order.amount and 0 < len(order.lines) <= _LINES_AT_MOST:
        return order.lines
    return [PageLine(order.description, order.amount, 1)]


def _line(line: PageLine, currency: str) -> dict[str, Any]:
    return {
        "quantity": line.quantity,
        "price_data": {
            "currency": currency.lower(),
            "unit_amount": gateway.to_minor_units(amount=line.price, currency=currency),
            "product_data": {"name": line.name[:250]},
        },
    }


def _read(thing: dict[str, Any]) -> Session:
    intent = thing.get("payment_intent")
    return Session(
        id=thing["id"],
        url=thing.get("url") or "",
        status=thing["status"],
        intent_id=str(intent["id"] if isinstance(intent, dict) else intent or ""),
        reference=thing.get("client_reference_id") or "",
    )
