"""The stand-in's account: its settings, its objects, and the events it writes about them."""

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .store import Record, Store, new_id

API_VERSION = "2026-10-28.endive"


@dataclass(frozen=True)
class RequestInfo:
    """What an endpoint may need to know about the request it answers."""

    request_id: str = ""
    idempotency_key: str | None = None
    is_publishable: bool = False
    public_url: str = ""
    path: str = ""


@dataclass
class Account:
    """Everything the endpoints work on. Call its methods inside `store.change()`."""

    store: Store
    api_version: str = API_VERSION
    payment_method_types: tuple[str, ...] = ("card",)
    allow_raw_cards: bool = False
    clock: Callable[[], float] = time.time
    on_event: Callable[[Record], None] = field(default=lambda event: None)

    def now(self) -> int:
        """Return the time in seconds, as Stripe's `created` fields have it."""
        return int(self.clock())

    def save(self, thing: Record) -> Record:
        """Keep an object under its own kind and id."""
        return self.store.put(thing["object"], thing["id"], thing)

    def note(self, thing: Record, **facts: Any) -> None:
        """Remember about an object what Stripe would not show, such as how a test card behaves."""
        self.store.put("note", thing["id"], {**self.noted(thing["id"]), **facts})

    def noted(self, identifier: str) -> Record:
        """Return what was noted about an object."""
        return self.store.get("note", identifier) or {}

    def tell(
        self, type: str, thing: Record, *, request: RequestInfo, previous: dict[str, Any] | None = None
    ) -> Record:
        """Write an event: the object as it is now, frozen; and queue its webhook."""
        data: dict[str, Any] = {"object": copy.deepcopy(thing)}
        if previous is not None:
            data["previous_attributes"] = previous
        event = {
            "id": new_id("evt_"),
            "object": "event",
            "api_version": self.api_version,
            "created": self.now(),
            "data": data,
            "livemode": False,
            "pending_webhooks": 0,
            "request": {"id": request.request_id or None, "idempotency_key": request.idempotency_key},
            "type": type,
        }
        self.on_event(event)
        return self.save(event)
