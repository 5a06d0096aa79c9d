"""Webhooks: events signed as Stripe signs them, delivered by a background thread or when a test says so."""

import contextlib
import hashlib
import hmac
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from .store import Record, Store

RETRY_DELAYS_SECONDS = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
DELIVERY_TIMEOUT_SECONDS = 20.0


def sign(payload: bytes, *, secret: str, at: int | None = None) -> str:
    """Return the Stripe-Signature header for a body (docs.stripe.com/webhooks, "Verify manually")."""
    moment = int(time.time()) if at is None else at
    digest = hmac.new(secret.encode(), b"%d." % moment + payload, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects)


class Webhooks:
    """The queue of deliveries to one address.

    mode "auto": a thread delivers in the order of the events and tries again, later and later, until the
    answer is 2xx. mode "manual": nothing leaves before `deliver`.
    """

    def __init__(
        self,
        store: Store,
        *,
        url: str | None,
        secret: str,
        mode: str = "auto",
        retry_delays: tuple[float, ...] = RETRY_DELAYS_SECONDS,
        timeout: float = DELIVERY_TIMEOUT_SECONDS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.url, self.secret, self.mode = url, secret, mode
        self._store, self._retry_delays, self._timeout, self._clock = store, retry_delays, timeout, clock
        self._wake = threading.Event()
        self._stopped = False
        self._drops: list[str | None] = []
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to deliver."""
        self._thread = threading.Thread(target=self._run, name="stripe-stand-in-webhooks", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop after the delivery under way."""
        self._stopped = True
        self._wake.set()
        if self._thread:
            self._thread.join(timeout=5)

    def queue(self, event: Record) -> None:
        """Take an event for delivery. Call inside the change which made the event."""
        if not self.url:
            return
        event["pending_webhooks"] = 1
        dropped = next((t for t in self._drops if t in (None, event["type"])), "none")
        if dropped != "none":
            self._drops.remove(dropped)
        delivery = {
            "event": event["id"],
            "type": event["type"],
            "state": "pending" if dropped == "none" else "dropped",
            "payload": json.dumps(event, indent=2),
            "attempts": [],
            "next_at": self._clock(),
        }
        self._store.put("delivery", event["id"], delivery)
        self._wake.set()

    def clear(self) -> None:
        """Forget which events were to be lost."""
        with self._store.lock:
            self._drops.clear()

    def drop_next(self, *, type: str | None = None) -> None:
        """Lose the next event, of this type if one is given, before it is ever sent."""
        with self._store.lock:
            self._drops.append(type)

    def set_mode(self, mode: str) -> None:
        """Switch between delivering by itself and waiting for `deliver`."""
        if mode not in ("auto", "manual"):
            raise ValueError("webhook_mode must be auto or manual")
        self.mode = mode
        self._wake.set()

    def set_state(self, event_id: str, state: str) -> None:
        """Mark a delivery, for example as dropped."""
        with self._store.change():
            delivery = self._delivery(event_id)
            delivery.update(state=state, next_at=self._clock())
            self._store.put("delivery", event_id, delivery)
        self._wake.set()

    def deliveries(self) -> list[Record]:
        """Return a copy of every delivery, oldest event first."""
        with self._store.lock:
            return [
                {**delivery, "attempts": list(delivery["attempts"])}
                for delivery in self._store.every("delivery")
            ]

    def payload(self, event_id: str) -> bytes:
        """Return the body of an event's webhook."""
        with self._store.lock:
            return str(self._delivery(event_id)["payload"]).encode()

    def deliver(self, event_id: str, *, secret: str | None = None, at: int | None = None) -> int:
        """Deliver an event now, again if it was delivered before; return the HTTP status, 0 for no answer.

        `secret` and `at` sign with another secret or time than the right ones.
        """
        payload = self.payload(event_id)
        if not self.url:
            raise ValueError("the stand-in was started without a webhook address")
        status, answer = self._post(self.url, payload, sign(payload, secret=secret or self.secret, at=at))
        self._record(event_id, status, answer)
        return status

    def _delivery(self, event_id: str) -> Record:
        delivery = self._store.get("delivery", event_id)
        if delivery is None:
            raise KeyError(f"no delivery of {event_id}")
        return delivery

    def _post(self, url: str, payload: bytes, signature: str) -> tuple[int, str]:
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature,
            "User-Agent": "Stripe/1.0 (stand-in)",
        }
        request = urllib.request.Request(url, data=payload, headers=headers, method="POST")
        try:
            with _opener.open(request, timeout=self._timeout) as response:
                return response.status, response.read(2000).decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read(2000).decode("utf-8", "replace")
        except (OSError, ValueError) as error:
            return 0, f"{type(error).__name__}: {error}"

    def _record(self, event_id: str, status: int, answer: str) -> None:
        with self._store.change():
            delivery = self._store.get("delivery", event_id)
            if delivery is None:
                return
            delivery["attempts"].append({"at": self._clock(), "status": status, "answer": answer[:500]})
            if 200 <= status < 300:
                delivery["state"] = "delivered"
            elif delivery["state"] == "pending":
                tried = len(delivery["attempts"])
                if tried > len(self._retry_delays):
                    delivery["state"] = "failed"
                else:
                    delivery["next_at"] = self._clock() + self._retry_delays[tried - 1]
            event = self._store.get("event", event_id)
            if event:
                event["pending_webhooks"] = 1 if delivery["state"] == "pending" else 0
                self._store.put("event", event_id, event)
            self._store.put("delivery", event_id, delivery)

    def _due(self) -> tuple[str | None, float]:
        with self._store.lock:
            pending = [d for d in self._store.every("delivery") if d["state"] == "pending"]
        if self.mode != "auto" or not pending:
            return None, 3600.0
        first = min(pending, key=lambda delivery: delivery["next_at"])
        return first["event"], first["next_at"] - self._clock()

    def _run(self) -> None:
        while not self._stopped:
            self._wake.clear()
            event_id, wait = self._due()
            if event_id is None or wait > 0:
                self._wake.wait(max(wait, 0.005))
                continue
            # A reset or a change of address may have come in between.
            with contextlib.suppress(KeyError, ValueError):
                self.deliver(event_id)
