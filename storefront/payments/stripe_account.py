"""What is still missing between this shop and Stripe: keys, permissions, webhook, account, currencies."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.urls import reverse

from storefront.markets.selectors.markets import enabled_markets
from storefront.payments import gateway
from storefront.payments.errors import GatewayError, GatewayRefused
from storefront.payments.stripe_permissions import PERMISSIONS

WEBHOOK_EVENTS = (
    "payment_intent.succeeded",
    "payment_intent.processing",
    "payment_intent.payment_failed",
    "payment_intent.canceled",
    "payment_intent.amount_capturable_updated",
    "checkout.session.completed",
    "checkout.session.expired",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.refunded",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "radar.early_fraud_warning.created",
    "radar.early_fraud_warning.updated",
    "payout.paid",
    "payout.failed",
    "payout.reconciliation_completed",
)


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `is_ok` is None where it cannot be known and a person should look."""

    is_ok: bool | None
    sentence: str


def check_stripe() -> Iterator[Finding]:
    """Yield a finding per thing a shop needs before it can take money; asks Stripe, changes nothing."""
    keys = list(_check_keys())
    yield from keys
    if any(finding.is_ok is False for finding in keys):
        return
    account = None
    try:
        account = gateway.ask(lambda client: client.v1.accounts.retrieve_current().to_dict())
    except GatewayRefused as error:
        yield Finding(None, f"The account cannot be read with this key: {error} {_ALLOW_READING_THE_ACCOUNT}")
    except GatewayError as error:
        yield Finding(
            False, f"Stripe did not answer as it should: {error} Check STRIPE_SECRET_KEY, try again."
        )
        return
    yield from _check_permissions()
    yield from _check_webhook()
    if account:
        yield from _check_account(account)
        yield from _check_currencies(account)


_ALLOW_READING_THE_ACCOUNT = (
    "If it is a restricted key, look at the account in Stripe's Dashboard yourself, or run this once with "
    "the unrestricted key."
)


def _check_keys() -> Iterator[Finding]:
    secret, publishable = settings.STRIPE_SECRET_KEY, settings.STRIPE_PUBLISHABLE_KEY
    yield from (
        Finding(False, f"{name} is not set. Take it from Stripe's Dashboard: {place}.")
        for name, value, place in (
            ("STRIPE_SECRET_KEY", secret, "Developers, API keys"),
            ("STRIPE_PUBLISHABLE_KEY", publishable, "Developers, API keys"),
            ("STRIPE_WEBHOOK_SECRETS", settings.STRIPE_WEBHOOK_SECRETS, "Developers, Webhooks"),
        )
        if not value
    )
    if secret and not secret.startswith(("sk_", "rk_")):
        yield Finding(False, "STRIPE_SECRET_KEY is no secret key: those begin with sk_ or rk_.")
    if publishable and not publishable.startswith("pk_"):
        yield Finding(False, "STRIPE_PUBLISHABLE_KEY is no publishable key: those begin with pk_.")
    if any(not secret.startswith("whsec_") for secret in settings.STRIPE_WEBHOOK_SECRETS):
        yield Finding(False, "STRIPE_WEBHOOK_SECRETS: each of them begins with whsec_.")
    if secret and publishable and gateway.takes_real_money() != publishable.startswith("pk_live_"):
        yield Finding(False, "One key is for live, the other for test mode: take both from the same page.")
    if settings.STRIPE_STANDIN:
        yield Finding(None, "STRIPE_STANDIN is on: this shop talks to a stand-in, and no money moves.")
    mode = "live: real money is taken" if gateway.takes_real_money() else "test: no money moves"
    yield Finding(True, f"The keys' mode is {mode}.")
    if gateway.takes_real_money() and not settings.WAGTAILADMIN_BASE_URL.startswith("https://"):
        yield Finding(False, "SHOP_URL must begin with https:// before live keys are used.")


def _check_permissions() -> Iterator[Finding]:
    """Only reading can be tried without changing anything; a key that may write may read."""
    for permission in PERMISSIONS:
        if permission.question is None:
            continue
        try:
            gateway.ask(permission.question)
        except GatewayRefused:
            yield Finding(
                False,
                f"The key may not read {permission.resource}. Set {permission.name} to {permission.access} on "
                "the key's page in the Dashboard.",
            )
        else:
            yield Finding(True, f"The key may read {permission.resource}.")
    others = [permission for permission in PERMISSIONS if permission.access == "Write"]
    yield Finding(
        None,
        "Whether the key may write can only be seen on its page in the Dashboard: "
        + ", ".join(permission.name for permission in others)
        + ".",
    )


def _check_webhook() -> Iterator[Finding]:
    address = urljoin(settings.WAGTAILADMIN_BASE_URL, reverse("payments:webhook"))
    try:
        found = gateway.ask(
            lambda client: [e.to_dict() for e in client.v1.webhook_endpoints.list({"limit": 100}).data]
        )
    except GatewayRefused:
        yield Finding(
            None, f"This key may not read webhooks. Make sure in the Dashboard that one leads to {address}."
        )
        return
    ours = [endpoint for endpoint in found if _is_same_address(endpoint["url"], address)]
    if not ours:
        yield Finding(
            False, f"No webhook leads to {address}. Add one in the Dashboard: Developers, Webhooks."
        )
        return
    for endpoint in ours:
        yield from _check_endpoint(endpoint)


def _check_endpoint(endpoint: dict[str, Any]) -> Iterator[Finding]:
    if endpoint["status"] != "enabled":
        yield Finding(False, f"The webhook {endpoint['id']} is switched off. Switch it on in the Dashboard.")
    chosen = endpoint["enabled_events"]
    missing = [] if "*" in chosen else [event for event in WEBHOOK_EVENTS if event not in chosen]
    if missing:
        yield Finding(False, f"The webhook {endpoint['id']} lacks these events: {', '.join(missing)}.")
    else:
        yield Finding(True, f"The webhook {endpoint['id']} sends every event the shop needs.")


def _check_account(account: dict[str, Any]) -> Iterator[Finding]:
    for field, good, bad in (
        ("charges_enabled", "may take payments", "may not take payments yet"),
        ("payouts_enabled", "is paid out to your bank", "is not paid out to your bank yet"),
    ):
        is_ok = bool(account.get(field))
        yield Finding(is_ok, f"The account {account['id']} {good if is_ok else bad}.")
    requirements = account.get("requirements") or {}
    if due := requirements.get("currently_due"):
        yield Finding(
            False, f"Stripe waits for: {', '.join(due)}. Give it in the Dashboard: Settings, Account."
        )
    capabilities = account.get("capabilities") or {}
    if capabilities.get("card_payments") != "active":
        yield Finding(False, f"Cards: {capabilities.get('card_payments', 'not asked for')}, not active.")
    pending = sorted(name for name, state in capabilities.items() if state == "pending")
    if pending:
        yield Finding(None, f"Stripe is still looking at: {', '.join(pending)}.")
    active = sorted(
        name.removesuffix("_payments") for name, state in capabilities.items() if state == "active"
    )
    if active:
        yield Finding(True, f"Active: {', '.join(active)}.")


def _check_currencies(account: dict[str, Any]) -> Iterator[Finding]:
    currencies = sorted({market.currency for market in enabled_markets()}) or [
        settings.OSCAR_DEFAULT_CURRENCY
    ]
    try:
        spec = gateway.ask(lambda client: client.v1.country_specs.retrieve(account["country"]).to_dict())
    except GatewayRefused:
        yield Finding(None, f"Which currencies {account['country']} may charge cannot be read with this key.")
        return
    taken = {currency.upper() for currency in spec["supported_payment_currencies"]}
    for currency in currencies:
        if currency in taken:
            yield Finding(True, f"{currency} can be charged.")
        else:
            yield Finding(False, f"{currency} cannot be charged by an account in {account['country']}.")


def _is_same_address(first: str, second: str) -> bool:
    one, other = urlsplit(first), urlsplit(second)
    return (one.scheme, one.netloc, one.path.rstrip("/")) == (
        other.scheme,
        other.netloc,
        other.path.rstrip("/"),
    )
