"""The only door to Stripe: intents made, read, cancelled and found again, webhooks verified, minor units."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar, cast

import stripe
from django.conf import settings
from django.utils.translation import gettext as _

from storefront.core.money import currency_digits
from storefront.payments.errors import (
    AmountDoesNotFit,
    GatewayFailed,
    GatewayRefused,
    GatewayUnreachable,
    NotConfigured,
    SignatureRefused,
)

# docs.stripe.com/currencies, "Special cases": charged with two decimals although ISO 4217 knows none.
_TWO_DIGITS_AT_STRIPE = frozenset(["UGX", "ISK"])
WEBHOOK_TOLERANCE_SECONDS = 300
# Which ways to pay reserve money, and for how many days (docs.stripe.com/payments/place-a-hold-on-a-payment-method).
RESERVED_FOR_DAYS = {"card": 7, "klarna": 28, "link": 7, "paypal": 10}
Answer = TypeVar("Answer")
_LISTING_MARGIN = timedelta(minutes=10)


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


@dataclass(frozen=True)
class Event:
    """A verified webhook event: what it is about, not what it claims."""

    id: str
    type: str
    object_id: str
    metadata: dict[str, str]
    is_live: bool
    created_at: datetime


def is_configured() -> bool:
    """Say whether payments can be taken at all."""
    return bool(settings.STRIPE_SECRET_KEY and settings.STRIPE_PUBLISHABLE_KEY)


def takes_real_money() -> bool:
    """Say whether the configured key is a live one."""
    return settings.STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_"))


def to_minor_units(*, amount: Decimal, currency: str) -> int:
    """Return the whole number Stripe wants; raises AmountDoesNotFit rather than rounding."""
    digits = _digits(currency)
    minor = amount.scaleb(digits)
    step = 10 if digits == 3 else 100 if currency in _TWO_DIGITS_AT_STRIPE else 1
    if amount < 0 or minor != minor.to_integral_value() or minor % step:
        raise AmountDoesNotFit(
            _("%(amount)s %(currency)s cannot be charged: it has more digits than the currency.")
            % {"amount": amount, "currency": currency}
        )
    return int(minor)


def from_minor_units(*, minor: int, currency: str) -> Decimal:
    """Return the amount of a whole number of Stripe's."""
    return Decimal(minor).scaleb(-_digits(currency))


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
    params: dict[str, Any] = {
        "amount": to_minor_units(amount=amount, currency=currency),
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
    with _translated_errors():
        return _read_intent(_client().v1.payment_intents.create(params, {"idempotency_key": attempt_key}))


def retrieve_intent(intent_id: str) -> Intent:
    """Return the intent as Stripe has it now."""
    with _translated_errors():
        return _read_intent(_client().v1.payment_intents.retrieve(intent_id, {"expand": ["latest_charge"]}))


def capture_intent(*, intent_id: str, amount: Decimal, currency: str, key: str) -> Intent:
    """Take `amount` of what an intent reserves and release the rest. Stripe does it once, whatever the key."""
    params: Any = {
        "amount_to_capture": to_minor_units(amount=amount, currency=currency),
        "expand": ["latest_charge"],
    }
    with _translated_errors():
        return _read_intent(_client().v1.payment_intents.capture(intent_id, params, {"idempotency_key": key}))


def cancel_intent(intent_id: str) -> Intent:
    """Ask Stripe to cancel the intent and return it; look at its status, the money may have been faster."""
    with _translated_errors():
        try:
            return _read_intent(_client().v1.payment_intents.cancel(intent_id))
        except stripe.InvalidRequestError as error:
            if error.code != "payment_intent_unexpected_state":
                raise
    return retrieve_intent(intent_id)


def calculate_tax(params: dict[str, Any]) -> dict[str, Any]:
    """Return Stripe Tax's answer to the parameters of a calculation (docs.stripe.com/api/tax/calculations/create)."""
    with _translated_errors():
        return _client().v1.tax.calculations.create(cast(Any, params)).to_dict()


def ask(question: Callable[[stripe.StripeClient], Answer]) -> Answer:
    """Return what `question` gets from Stripe's client, its errors turned into ours."""
    with _translated_errors():
        return question(_client())


def stream(question: Callable[[stripe.StripeClient], Iterable[Answer]]) -> Iterator[Answer]:
    """Yield what `question` gets from Stripe's client page by page, its errors turned into ours."""
    with _translated_errors():
        yield from question(_client())


def list_intents(*, since: datetime) -> Iterator[Intent]:
    """Yield the intents made since a moment, newest first; how they were paid is not read."""
    params: Any = {"created": {"gte": int((since - _LISTING_MARGIN).timestamp())}, "limit": 100}
    found = stream(lambda client: client.v1.payment_intents.list(params).auto_paging_iter())
    return (_read_intent(intent) for intent in found)


def find_intent(*, key: str, value: str, since: datetime) -> Intent | None:
    """Return the newest intent made since `since` whose metadata has `key` = `value`, if there is one."""
    return next((intent for intent in list_intents(since=since) if intent.metadata.get(key) == value), None)


def read_event(*, body: bytes, signature: str, now: datetime) -> Event:
    """Return the event of a webhook once a shared secret has signed it within five minutes of now.

    Raises SignatureRefused. The client's own check covers the past only, so both sides are checked here.
    """
    for secret in settings.STRIPE_WEBHOOK_SECRETS:
        try:
            stripe.WebhookSignature.verify_header(body, signature, secret, tolerance=None)
        except (stripe.SignatureVerificationError, ValueError):
            continue
        break
    else:
        raise SignatureRefused("The webhook carries no signature of a secret in STRIPE_WEBHOOK_SECRETS.")
    signed_at = next(int(part[2:]) for part in signature.split(",") if part.startswith("t="))
    if abs(now.timestamp() - signed_at) > WEBHOOK_TOLERANCE_SECONDS:
        raise SignatureRefused("The webhook was signed more than five minutes from now.")
    try:
        event = json.loads(body)
        thing = event["data"]["object"]
        return Event(
            id=event["id"],
            type=event["type"],
            object_id=thing.get("id") or "",
            metadata=thing.get("metadata") or {},
            is_live=event["livemode"],
            created_at=datetime.fromtimestamp(event["created"], tz=UTC),
        )
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise SignatureRefused("The webhook is signed, but is not an event.") from error


def _digits(currency: str) -> int:
    return 2 if currency in _TWO_DIGITS_AT_STRIPE else currency_digits(currency)


def _client() -> stripe.StripeClient:
    if not is_configured():
        raise NotConfigured(
            _(
                "Payments are not set up: "
                "set STRIPE_SECRET_KEY, STRIPE_PUBLISHABLE_KEY and STRIPE_WEBHOOK_SECRETS."
            )
        )
    return _client_for(
        settings.STRIPE_SECRET_KEY,
        settings.STRIPE_API_BASE,
        settings.STRIPE_TIMEOUT_SECONDS,
        settings.STRIPE_RETRIES,
    )


@lru_cache(maxsize=4)
def _client_for(key: str, base: str, timeout: int, retries: int) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        base_addresses={"api": base},
        max_network_retries=retries,
        http_client=stripe.RequestsClient(timeout=timeout),
    )


@contextmanager
def _translated_errors() -> Iterator[None]:
    try:
        yield
    except stripe.APIConnectionError as error:
        raise GatewayUnreachable(_("Our payment service could not be reached.")) from error
    except stripe.RateLimitError as error:
        raise GatewayUnreachable(_("Our payment service is busy.")) from error
    except stripe.StripeError as error:
        if error.http_status == 409:
            raise GatewayUnreachable(_("This payment is already being started.")) from error
        if error.http_status is None or error.http_status >= 500:
            raise GatewayFailed(_("Our payment service failed.")) from error
        raise GatewayRefused(
            _("Our payment service refused the request (%(code)s).")
            % {"code": error.code or error.http_status}
        ) from error


def _read_intent(intent: stripe.PaymentIntent) -> Intent:
    currency = intent.currency.upper()
    last_error = intent.last_payment_error
    return Intent(
        id=intent.id,
        client_secret=intent.client_secret or "",
        status=intent.status,
        amount=from_minor_units(minor=intent.amount, currency=currency),
        amount_received=from_minor_units(minor=intent.amount_received or 0, currency=currency),
        amount_capturable=from_minor_units(minor=intent.amount_capturable or 0, currency=currency),
        currency=currency,
        metadata=intent.metadata.to_dict() if intent.metadata else {},
        is_live=intent.livemode,
        decline=(last_error.message or "") if last_error else "",
        method=_method_of(intent.latest_charge),
        capture_before=_capture_before(intent.latest_charge),
    )


def _method_of(charge: Any) -> str:
    """Return how it was paid, such as "Visa 4242"; empty when the charge was not read or was no card."""
    if not isinstance(charge, stripe.Charge) or not charge.payment_method_details:
        return ""
    details = charge.payment_method_details.to_dict()
    if card := details.get("card"):
        return f"{(card['brand'] or '').title()} {card['last4']}".strip()
    return str(details.get("type", "")).replace("_", " ").title()


def _capture_before(charge: Any) -> datetime | None:
    """Return until when what a charge reserves can be taken: a card says so, the others by Stripe's table."""
    if not isinstance(charge, stripe.Charge) or charge.captured or not charge.payment_method_details:
        return None
    details = charge.payment_method_details.to_dict()
    if moment := (details.get("card") or {}).get("capture_before"):
        return datetime.fromtimestamp(moment, tz=UTC)
    days = RESERVED_FOR_DAYS.get(details.get("type", ""), min(RESERVED_FOR_DAYS.values()))
    return datetime.fromtimestamp(charge.created, tz=UTC) + timedelta(days=days)
