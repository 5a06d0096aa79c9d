"""The fields requests about a payment intent share, read and checked."""

import urllib.parse
from typing import Any

from . import payment_methods
from .account import Account, RequestInfo
from .errors import ApiError
from .forms import Params, read_flag
from .store import Record

OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")


def check_return_url(address: str | None) -> str | None:
    """Return a web address to come back to, or raise url_invalid."""
    if address and urllib.parse.urlsplit(address).scheme not in ("http", "https"):
        raise ApiError(
            "Invalid URL: An explicit scheme (such as https) must be provided.",
            code="url_invalid",
            param="return_url",
        )
    return address


def read_automatic(params: Params) -> Record:
    """Return which methods an intent takes: those of the Dashboard, with or without redirects."""
    given = params.mapping("automatic_payment_methods")
    if given is None:
        # Since API version 2023-08-16 the Dashboard's methods are offered unless the request says otherwise.
        return {"allow_redirects": "always", "enabled": True}
    unknown = set(given) - {"enabled", "allow_redirects"}
    if unknown:
        name = f"automatic_payment_methods[{sorted(unknown)[0]}]"
        raise ApiError(f"Received unknown parameter: {name}", code="parameter_unknown", param=name)
    if given.get("allow_redirects", "always") not in ("always", "never"):
        raise ApiError(
            "Invalid allow_redirects: must be one of always or never",
            param="automatic_payment_methods[allow_redirects]",
        )
    enabled = read_flag(given.get("enabled"), param="automatic_payment_methods[enabled]")
    return {"allow_redirects": given.get("allow_redirects", "always"), "enabled": enabled}


def read_method(account: Account, params: Params, request: RequestInfo) -> Record | None:
    """Return the payment method a request names or describes, None when it does neither."""
    data = params.mapping("payment_method_data")
    if data:
        return payment_methods.build(account, data, request, prefix="payment_method_data[")
    identifier = params.text("payment_method")
    return payment_methods.find(account, identifier) if identifier else None


def read_shipping(given: dict[str, Any] | None) -> Record | None:
    """Return a shipping address in full, absent fields as None."""
    if given is None:
        return None
    for name in ("name", "address"):
        if not given.get(name):
            raise ApiError(
                f"Missing required param: shipping[{name}].",
                code="parameter_missing",
                param=f"shipping[{name}]",
            )
    address = given["address"] if isinstance(given["address"], dict) else {}
    return {
        "address": {name: address.get(name) or None for name in payment_methods.ADDRESS},
        "carrier": given.get("carrier") or None,
        "name": given["name"],
        "phone": given.get("phone") or None,
        "tracking_number": given.get("tracking_number") or None,
    }
