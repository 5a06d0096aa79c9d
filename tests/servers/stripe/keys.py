"""API keys: test keys only. A key which looks live is refused wherever it turns up."""

import base64
import binascii
import re

from .errors import ApiError

TEST_KEY = re.compile(r"(sk|rk|pk)_test_[A-Za-z0-9_]+")
LIVE_KEY = re.compile(r"(sk|rk|pk)_live_")


class LiveKeyError(ValueError):
    """A live key was given to the stand-in."""


def refuse_live_keys(*values: str | None) -> None:
    """Raise LiveKeyError when one of the values looks like a live key."""
    for value in values:
        if value and LIVE_KEY.search(value):
            raise LiveKeyError(
                "A live Stripe key was given to the stand-in for Stripe, which only takes test keys."
                " Use a key such as sk_test_x, and check where the live key came from."
            )


def read_key(*, authorization: str | None, form_key: str | None, accepted: tuple[str, ...]) -> str:
    """Return the API key of a request: a bearer token, the name of basic authentication, or the field `key`.

    `accepted` holds the only keys taken; when it is empty any test key is. Raises ApiError 401.
    """
    scheme, _, given = (authorization or "").partition(" ")
    key = form_key or ""
    if scheme.lower() == "bearer":
        key = given.strip()
    elif scheme.lower() == "basic":
        try:
            key = base64.b64decode(given).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            key = ""
    if not key:
        raise ApiError(
            "You did not provide an API key. You need to provide your API key in the Authorization"
            " header, using"
            " Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
            status=401,
        )
    if LIVE_KEY.match(key):
        raise ApiError(
            "This is a stand-in for Stripe: it takes no live keys.", status=401, code="api_key_expired"
        )
    if not TEST_KEY.fullmatch(key) or (accepted and key not in accepted):
        hidden = key[:8] + "*" * max(0, len(key) - 12) + key[-4:] if len(key) > 12 else "*" * len(key)
        raise ApiError(f"Invalid API Key provided: {hidden}", status=401)
    return key
