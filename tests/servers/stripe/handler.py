"""HTTP: read a request, find who answers it, write the answer; and spoil it when a fault was ordered."""

import http.server
import json
import re
import socket
import traceback
import urllib.parse
from typing import TYPE_CHECKING, Any, ClassVar

from . import control, endpoints, pages
from .account import RequestInfo
from .errors import ApiError
from .faults import Fault
from .forms import decode_form
from .idempotency import Kept
from .keys import read_key
from .store import new_id

if TYPE_CHECKING:
    from .server import StripeStandIn

MAXIMUM_BODY_BYTES = 1_000_000
VERSION = re.compile(r"20\d\d-\d\d-\d\d(\.[a-z_]+)?(; .*)?")
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Request-Id",
}
PREFLIGHT = {
    **CORS,
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "authorization, content-type, idempotency-key, stripe-version",
    "Access-Control-Max-Age": "300",
}


class Handler(http.server.BaseHTTPRequestHandler):
    """One connection to the stand-in."""

    protocol_version = "HTTP/1.1"
    server_version = "StripeStandIn"
    sys_version = ""
    timeout = 120
    wbufsize = -1
    disable_nagle_algorithm = True
    standin: ClassVar["StripeStandIn"]

    def setup(self) -> None:
        """Begin a connection, known to the server so that it can end it."""
        super().setup()
        self.standin.connections.add(self.connection)

    def finish(self) -> None:
        """End a connection."""
        self.standin.connections.discard(self.connection)
        super().finish()

    def do_GET(self) -> None:
        """Answer a read."""
        self._answer("GET")

    def do_POST(self) -> None:
        """Answer a write."""
        self._answer("POST")

    def do_DELETE(self) -> None:
        """Answer a removal."""
        self._answer("DELETE")

    def do_HEAD(self) -> None:
        """Answer a read without its body."""
        self._answer("GET")

    def do_OPTIONS(self) -> None:
        """Tell a browser whether another site's page may call: the API yes, the control endpoints never."""
        is_api = self.path.startswith("/v1/")
        self.send(204 if is_api else 404, b"", headers=PREFLIGHT if is_api else {})

    def log_message(self, format: str, *args: Any) -> None:
        """Write one line per request when asked to."""
        if self.standin.verbose:
            super().log_message(format, *args)

    def send(self, status: int, body: bytes, *, headers: dict[str, str] | None = None) -> None:
        """Write a whole answer."""
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def public_url(self) -> str:
        """Return the address the stand-in has for whoever sent this request."""
        if self.standin.public_url:
            return self.standin.public_url
        scheme = self.headers.get("X-Forwarded-Proto", "http").split(",")[0].strip()
        host = self.headers.get("X-Forwarded-Host") or self.headers.get("Host") or self.standin.netloc
        prefix = self.headers.get("X-Forwarded-Prefix", "").rstrip("/")
        return f"{'https' if scheme == 'https' else 'http'}://{host.split(',')[0].strip()}{prefix}"

    def _answer(self, method: str) -> None:
        url = urllib.parse.urlsplit(self.path)
        path = urllib.parse.unquote(url.path)
        length = self.headers.get("Content-Length") or "0"
        if not length.isdigit() or int(length) > MAXIMUM_BODY_BYTES:
            self.close_connection = True
            self.send(413, b"")
            return
        body = self.rfile.read(int(length))
        try:
            if path.startswith("/v1/"):
                self._answer_api(method, path, query=url.query, body=body)
            elif path.startswith("/_standin"):
                control.answer(self, method=method, path=path, body=body)
            else:
                pages.answer(self, method=method, path=path, body=body)
        except ConnectionError:
            raise
        except Exception:  # a fault of the stand-in itself, told apart from the ones ordered
            traceback.print_exc()
            message = "The stand-in for Stripe itself is broken; see its output."
            self.send(500, _dump({"error": {"type": "api_error", "message": message}}))

    def _answer_api(self, method: str, path: str, *, query: str, body: bytes) -> None:
        fault = self.standin.faults.take(method=method, path=path)
        info_id = new_id("req_", length=14)
        headers = {"Content-Type": "application/json", "Request-Id": info_id, **CORS}
        self.standin.pause(self.standin.latency_seconds)
        if fault and fault.kind == "drop":
            self.standin.log(method, path, 0, self.headers.get("Idempotency-Key"), info_id, fault.kind)
            self._hang_up()
            return
        if fault and fault.kind == "delay":
            self.standin.pause(fault.seconds)
        status, answer, more = self._execute(
            method, path, query=query, body=body, info_id=info_id, fault=fault
        )
        headers.update(more)
        self.standin.log(
            method, path, status, self.headers.get("Idempotency-Key"), info_id, fault.kind if fault else None
        )
        if fault and fault.kind == "timeout":
            self.standin.pause(fault.seconds)
        if fault and fault.kind == "lose_answer":
            self._hang_up()
            return
        self.send(status, answer, headers=headers)

    def _execute(
        self, method: str, path: str, *, query: str, body: bytes, info_id: str, fault: Fault | None
    ) -> tuple[int, bytes, dict[str, str]]:
        standin = self.standin
        key = self.headers.get("Idempotency-Key") if method == "POST" else None
        headers: dict[str, str] = {"Stripe-Version": standin.account.api_version}
        if key:
            headers["Idempotency-Key"] = key
        begun = False
        try:
            version = self.headers.get("Stripe-Version")
            if version and not VERSION.fullmatch(version):
                raise ApiError(f"Invalid Stripe API version: {version}")
            headers["Stripe-Version"] = version or standin.account.api_version
            text = body.decode("utf-8", "replace") if method == "POST" else query
            values = decode_form(text)
            api_key = read_key(
                authorization=self.headers.get("Authorization"),
                form_key=values.pop("key", None),
                accepted=standin.accepted_keys,
            )
            if fault and fault.kind == "error_429":
                raise _rate_limited()
            endpoint, ids = endpoints.find_endpoint(method=method, path=path)
            is_publishable = api_key.startswith("pk_")
            if not is_publishable:
                standin.check_strictly(method=method, path=path, text=text)
            if key:
                kept = standin.keys.begin(key, path=path, values=values)
                if kept:
                    return kept.status, kept.body, {**headers, "Idempotent-Replayed": "true"}
                begun = True
            request = RequestInfo(info_id, key, is_publishable, self.public_url(), path)
            with standin.store.change():
                answer, is_kept = self._run(endpoint, ids, values, request, fault=fault)
                if key and is_kept:
                    standin.keys.keep(key, path=path, values=values, status=answer.status, body=answer.body)
            return answer.status, answer.body, headers
        except ApiError as error:
            return error.status, _dump(error.envelope()), headers
        finally:
            if key and begun:
                standin.keys.end(key)

    def _run(
        self,
        endpoint: endpoints.Endpoint,
        ids: tuple[str, ...],
        values: dict[str, Any],
        request: RequestInfo,
        *,
        fault: Fault | None,
    ) -> tuple[Kept, bool]:
        broken = Kept(
            500, _dump({"error": {"type": "api_error", "message": "An unknown error occurred (injected)"}})
        )
        if fault and fault.kind == "error_500":
            return broken, fault.is_kept
        try:
            found = endpoints.call(self.standin.account, endpoint, ids, values, request)
            answer, is_kept = Kept(200, _dump(found)), True
        except ApiError as error:
            answer, is_kept = Kept(error.status, _dump(error.envelope())), error.kept
        if fault and fault.kind == "error_500_after":
            return broken, fault.is_kept
        return answer, is_kept

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)


def _dump(value: Any) -> bytes:
    return json.dumps(value, indent=2).encode()


def _rate_limited() -> ApiError:
    return ApiError("Too many requests (injected).", status=429, code="rate_limit")
