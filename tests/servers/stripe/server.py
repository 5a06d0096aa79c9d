"""The stand-in as an object: started and stopped by a test or by the command line."""

import contextlib
import http.server
import socket
import sys
import threading
from typing import Any, Self

from . import confirm, disputes, faults, intents, ledger, refunds, sessions
from .account import API_VERSION, Account, RequestInfo
from .errors import ApiError
from .handler import Handler
from .idempotency import IdempotencyKeys
from .keys import refuse_live_keys
from .store import Record, Store
from .webhooks import RETRY_DELAYS_SECONDS, Webhooks, sign

DEFAULT_WEBHOOK_SECRET = "whsec_standin"
KEPT_REQUESTS = 5000


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class StripeStandIn:
    """A stand-in for Stripe on an address of this machine. Use it as a context manager.

    `webhook_mode` is "auto" or "manual"; `strict` also checks requests against the installed stripe package
    and needs stripe and pydantic; `state` names a SQLite file which survives restarts; `port` 0 is any free one.
    """

    def __init__(
        self,
        *,
        webhook_url: str | None = None,
        webhook_secret: str = DEFAULT_WEBHOOK_SECRET,
        webhook_mode: str = "auto",
        retry_delays: tuple[float, ...] = RETRY_DELAYS_SECONDS,
        host: str = "127.0.0.1",
        port: int = 0,
        public_url: str | None = None,
        state: str | None = None,
        secret_key: str | None = None,
        publishable_key: str | None = None,
        payment_method_types: tuple[str, ...] = ("card",),
        allow_raw_cards: bool = False,
        api_version: str = API_VERSION,
        latency_seconds: float = 0.0,
        strict: bool = False,
        verbose: bool = False,
    ) -> None:
        refuse_live_keys(secret_key, publishable_key, webhook_secret)
        if webhook_mode not in ("auto", "manual"):
            raise ValueError("webhook_mode must be auto or manual")
        self.public_url = public_url.rstrip("/") if public_url else None
        self.accepted_keys = tuple(key for key in (secret_key, publishable_key) if key)
        self.latency_seconds = latency_seconds
        self.verbose = verbose
        self.store = Store(state)
        self.webhooks = Webhooks(
            self.store, url=webhook_url, secret=webhook_secret, mode=webhook_mode, retry_delays=retry_delays
        )
        self.account = Account(
            self.store,
            api_version=api_version,
            payment_method_types=payment_method_types,
            allow_raw_cards=allow_raw_cards,
            on_event=self.webhooks.queue,
        )
        self.keys = IdempotencyKeys(self.store)
        self.faults = faults.Faults()
        self.connections: set[socket.socket] = set()
        self.violations: list[dict[str, Any]] = []
        self._strict = strict
        self._requests: list[dict[str, Any]] = []
        self._stopping = threading.Event()
        handler = type("BoundHandler", (Handler,), {"standin": self})
        self._server = _Server((host, port), handler)
        self._thread: threading.Thread | None = None

    @property
    def netloc(self) -> str:
        """The host and port it listens on."""
        host, port = self._server.server_address[:2]
        return f"{host!s}:{port}"

    @property
    def base_url(self) -> str:
        """The address to give the Stripe client."""
        return f"http://{self.netloc}"

    def start(self) -> Self:
        """Answer requests in a background thread."""
        self.webhooks.start()
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop listening and delivering, and close the state file."""
        self._stopping.set()
        if self._thread:
            self._server.shutdown()
            self._thread.join(timeout=5)
        self._server.server_close()
        for connection in list(
            self.connections
        ):  # kept alive by clients, who would go on talking to the past
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RD)
        self.webhooks.stop()
        self.store.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def reset(self) -> None:
        """Forget every object, event, delivery, key, fault and request."""
        self.store.clear()
        self.webhooks.clear()
        self.faults.clear()
        self.violations.clear()
        self._requests.clear()

    def change_settings(
        self,
        *,
        latency_seconds: float | None = None,
        webhook_mode: str | None = None,
        webhook_url: str | None = None,
    ) -> None:
        """Change what may change while it runs."""
        if latency_seconds is not None:
            self.latency_seconds = float(latency_seconds)
        if webhook_mode is not None:
            self.webhooks.set_mode(webhook_mode)
        if webhook_url is not None:
            self.webhooks.url = webhook_url

    def fail_next(self, kind: str, **more: Any) -> None:
        """Order a fault; see `faults.KINDS` and `faults.Fault` for the words."""
        self.faults.add(faults.Fault(kind, **more))

    def requests(self, path: str | None = None) -> list[dict[str, Any]]:
        """Return the API requests so far, all or those to one path."""
        return [request for request in self._requests if path in (None, request["path"])]

    def events(self, type: str | None = None) -> list[Record]:
        """Return the events so far, oldest first, all or of one type."""
        with self.store.lock:
            return [dict(event) for event in self.store.every("event") if type in (None, event["type"])]

    def deliver(self, event_id: str, *, secret: str | None = None, at: int | None = None) -> int:
        """Deliver one event now, again if need be, and return the HTTP status of the shop (0: no answer)."""
        return self.webhooks.deliver(event_id, secret=secret, at=at)

    def deliver_all(self) -> dict[str, int]:
        """Deliver every pending event once, oldest first, and return the status of each."""
        pending = [d["event"] for d in self.webhooks.deliveries() if d["state"] == "pending"]
        return {event_id: self.deliver(event_id) for event_id in pending}

    def drop(self, event_id: str) -> None:
        """Lose an event's webhook; the event stays in the list of events."""
        self.webhooks.set_state(event_id, "dropped")

    def signed(
        self, event_id: str, *, secret: str | None = None, at: int | None = None
    ) -> tuple[bytes, dict[str, str]]:
        """Return the body and headers of an event's webhook, for a test which posts them itself."""
        payload = self.webhooks.payload(event_id)
        signature = sign(payload, secret=secret or self.webhooks.secret, at=at)
        return payload, {"Stripe-Signature": signature, "Content-Type": "application/json; charset=utf-8"}

    def authenticate(self, intent_id: str, *, is_authentic: bool = True) -> Record:
        """End the 3-D Secure step of an intent, as the page's buttons do."""
        with self.store.change():
            intent = intents.find(self.account, intent_id)
            return dict(confirm.authenticate(self.account, intent, confirm.SYSTEM, is_authentic=is_authentic))

    def finish_processing(self, intent_id: str, *, is_paid: bool = True) -> Record:
        """End the processing of an intent paid with a slow method, as a bank does days later."""
        with self.store.change():
            intent = intents.find(self.account, intent_id)
            was_processing = intent["status"] == "processing"
            confirm.finish_processing(self.account, intent, confirm.SYSTEM, is_paid=is_paid)
            if was_processing:
                sessions.tell_of_bank(self.account, intent, confirm.SYSTEM, is_paid=is_paid)
            return dict(intent)

    def expire_authorisation(self, intent_id: str) -> Record:
        """Release what an intent reserves, as the bank does after seven days."""
        with self.store.change():
            intent = intents.find(self.account, intent_id)
            return dict(intents.expire_authorisation(self.account, intent, confirm.SYSTEM))

    def pay_session(self, session_id: str, method: str = "pm_card_visa") -> Record:
        """Pay on the hosted page; raises ApiError for a declined card."""
        with self.store.change():
            session = sessions.find(self.account, session_id)
            request = RequestInfo(public_url=self.base_url)
            return dict(sessions.pay(self.account, session, {"payment_method": method}, request))

    def expire_session(self, session_id: str) -> Record:
        """Let the time of a hosted page run out."""
        with self.store.change():
            return dict(sessions.expire(self.account, session_id, confirm.SYSTEM))

    def finish_refund(self, refund_id: str, *, status: str = "succeeded") -> Record:
        """Let a refund succeed, fail or be cancelled, as a bank does days later."""
        with self.store.change():
            return dict(refunds.finish(self.account, refund_id, confirm.SYSTEM, status=status))

    def dispute(self, intent_id: str, **more: Any) -> Record:
        """Let the customer's bank dispute a payment; `disputes.open_dispute` names what else can be said."""
        with self.store.change():
            intent = intents.find(self.account, intent_id)
            return dict(disputes.open_dispute(self.account, intent, confirm.SYSTEM, **more))

    def move_dispute(self, dispute_id: str, *, status: str) -> Record:
        """Bring a dispute to its next status, as the bank does weeks later."""
        with self.store.change():
            return dict(disputes.move(self.account, dispute_id, confirm.SYSTEM, status=status))

    def warn_of_fraud(self, intent_id: str, *, fraud_type: str = "misc") -> Record:
        """Let the card network warn of a payment."""
        with self.store.change():
            intent = intents.find(self.account, intent_id)
            return dict(disputes.warn(self.account, intent, confirm.SYSTEM, fraud_type=fraud_type))

    def pay_out(self, *, currency: str = "usd", is_paid: bool | None = True) -> Record | None:
        """Pay out the balance of a currency; `is_paid` None leaves the payout on its way, False lets it fail."""
        with self.store.change():
            payout = ledger.pay_out(self.account, confirm.SYSTEM, currency=currency)
            if payout and is_paid is not None:
                payout = ledger.finish_payout(self.account, payout["id"], confirm.SYSTEM, is_paid=is_paid)
            return dict(payout) if payout else None

    def finish_payout(self, payout_id: str, *, is_paid: bool = True) -> Record:
        """Let a payout arrive or fail."""
        with self.store.change():
            return dict(ledger.finish_payout(self.account, payout_id, confirm.SYSTEM, is_paid=is_paid))

    def every(self, kind: str) -> list[Record]:
        """Return a copy of every object of a kind, oldest first, such as "refund" or "balance_transaction"."""
        with self.store.lock:
            return [dict(thing) for thing in self.store.every(kind)]

    def pause(self, seconds: float) -> None:
        """Wait, but not past the stop."""
        if seconds > 0:
            self._stopping.wait(seconds)

    def log(
        self, method: str, path: str, status: int, key: str | None, request_id: str, fault: str | None
    ) -> None:
        """Note an API request; bodies are not kept."""
        self._requests.append(
            {
                "method": method,
                "path": path,
                "status": status,
                "idempotency_key": key,
                "request_id": request_id,
                "fault": fault,
            }
        )
        del self._requests[:-KEPT_REQUESTS]

    def check_strictly(self, *, method: str, path: str, text: str) -> None:
        """In strict mode, refuse parameters the installed Stripe client does not know, and record them."""
        if not self._strict:
            return
        from .description import load_description
        from .params import load_checker

        problems = load_checker().check(method=method, path=path, text=text)
        description = load_description()
        if description:
            problems += description.check(method=method, path=path, text=text)
        if problems:
            self.violations.append({"method": method, "path": path, "problems": problems})
            raise ApiError(f"Strict mode: {method} {path}: {'; '.join(problems)}", code="standin_strict")
