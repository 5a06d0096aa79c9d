"""The only door to Stripe: its client, its errors as ours, webhooks verified, minor units."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
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
Answer = TypeVar("Answer")


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
            % {"code": error.code or error.http_status},
            code=error.code or "",
        ) from error
