"""The merchant's own account: who it is, what its country may charge, which webhooks it has, what its key may read."""

from typing import Any

from .account import Account, RequestInfo
from .errors import ApiError, missing_resource
from .forms import Params
from .store import Record, new_id

ACCOUNT_ID = "acct_standin"
ENDPOINTS = frozenset({"limit", "starting_after", "ending_before", "expand"})
_CURRENCIES = ["usd", "eur", "gbp", "jpy", "cny", "hkd", "kwd", "krw"]


def set_up(account: Account, **fields: Any) -> Record:
    """Change what Stripe says of the account, such as `charges_enabled`."""
    return account.store.put("account", ACCOUNT_ID, {**_account(account), **fields})


def add_webhook(account: Account, *, url: str, events: list[str], status: str = "enabled") -> Record:
    """Give the account a webhook endpoint, as its Dashboard does."""
    return account.save(
        {
            "id": new_id("we_"),
            "object": "webhook_endpoint",
            "api_version": account.api_version,
            "application": None,
            "created": account.now(),
            "description": None,
            "enabled_events": events,
            "livemode": False,
            "metadata": {},
            "status": status,
            "url": url,
        }
    )


def restrict_key(account: Account, *, refused_paths: list[str]) -> None:
    """Let the secret key be a restricted one that may not call these paths."""
    account.store.put("restriction", "key", {"paths": refused_paths})


def check_permission(account: Account, *, path: str) -> None:
    """Refuse what a restricted key may not call, as Stripe does."""
    restriction = account.store.get("restriction", "key")
    if restriction and path in restriction["paths"]:
        raise ApiError(
            "The provided key does not have the required permissions for this endpoint.",
            status=403,
        )


def retrieve(account: Account, ids: tuple[str, ...], params: Params, request: RequestInfo) -> Record:
    """Answer who the key belongs to."""
    return _account(account)


def list_webhooks(account: Account, params: Params) -> list[Record]:
    """Return every webhook endpoint."""
    return account.store.every("webhook_endpoint")


def country_spec(account: Account, ids: tuple[str, ...], params: Params, request: RequestInfo) -> Record:
    """Answer what accounts of a country may charge."""
    if len(ids[0]) != 2:
        raise missing_resource("country_spec", ids[0])
    return {
        "id": ids[0],
        "object": "country_spec",
        "default_currency": "usd",
        "supported_bank_account_currencies": {},
        "supported_payment_currencies": _CURRENCIES,
        "supported_payment_methods": ["card", "stripe"],
        "supported_transfer_countries": [],
        "verification_fields": {},
    }


def _account(account: Account) -> Record:
    return account.store.get("account", ACCOUNT_ID) or {
        "id": ACCOUNT_ID,
        "object": "account",
        "business_type": "company",
        "capabilities": {"card_payments": "active", "sepa_debit_payments": "active", "transfers": "active"},
        "charges_enabled": True,
        "country": "US",
        "default_currency": "usd",
        "details_submitted": True,
        "payouts_enabled": True,
        "requirements": {"currently_due": [], "past_due": [], "disabled_reason": None},
        "type": "standard",
    }
