"""Idempotency keys: the first answer to a key stays the answer, 500s included.

Source: docs.stripe.com/api/idempotent_requests. Here keys never expire; Stripe may forget them after a day.
"""

import json
from dataclasses import dataclass
from typing import Any

from .errors import ApiError
from .store import Store

MAXIMUM_LENGTH = 255


@dataclass(frozen=True)
class Kept:
    """An answer kept for its key."""

    status: int
    body: bytes


class IdempotencyKeys:
    """Which keys were used, for what, and what was answered."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._running: set[str] = set()

    def begin(self, key: str, *, path: str, values: dict[str, Any]) -> Kept | None:
        """Return the answer kept for this key, or None and mark the key as in use.

        Raises ApiError 400 for a key used with another path or other parameters, 409 while it is in use.
        """
        if len(key) > MAXIMUM_LENGTH:
            raise _refuse(f"The idempotency key must be at most {MAXIMUM_LENGTH} characters.", status=400)
        with self._store.change():
            record = self._store.get("idempotency", key)
            if record and record["path"] != path:
                raise _refuse(
                    "Keys for idempotent requests can only be used for the same endpoint they were"
                    " first used for"
                    f" ('{path}' vs '{record['path']}'). Try using a key other than '{key}' if you"
                    " meant to execute"
                    " a different request.",
                    status=400,
                )
            if record and record["params"] != _canonical(values):
                raise _refuse(
                    "Keys for idempotent requests can only be used with the same parameters they"
                    " were first used"
                    f" with. Try using a key other than '{key}' if you meant to execute a different request.",
                    status=400,
                )
            if record:
                return Kept(record["status"], record["body"].encode())
            if key in self._running:
                raise _refuse(
                    "There is currently another in-progress request using this Idempotent Key (that"
                    " probably means"
                    f" you submitted twice, and the other request is still going through): {key}.",
                    status=409,
                )
            self._running.add(key)
            return None

    def keep(self, key: str, *, path: str, values: dict[str, Any], status: int, body: bytes) -> None:
        """Remember the answer to a key; call it inside the change, so that both or neither are written."""
        self._store.put(
            "idempotency",
            key,
            {"path": path, "params": _canonical(values), "status": status, "body": body.decode()},
        )

    def end(self, key: str) -> None:
        """Mark a key as no longer in use."""
        with self._store.lock:
            self._running.discard(key)


def _canonical(values: dict[str, Any]) -> str:
    return json.dumps(values, sort_keys=True)


def _refuse(message: str, *, status: int) -> ApiError:
    code = "idempotency_key_in_use" if status == 409 else None
    return ApiError(message, status=status, type="idempotency_error", code=code)
