"""A stand-in for VIES on loopback: the answers of the Commission's REST service, good, bad, absent and slow."""

import http.server
import json
import threading
import urllib.parse

VALID_NUMBERS = frozenset(["FR40303265045", "DE136695976", "EL094259216", "IT00743110157"])
CONSULTATION_NUMBER = "WAPIAAAAXtstandin"


class ViesStandIn:
    """A server to start and stop; `mode` is "up", "member_state_down", "service_down", "slow" or "nonsense"."""

    def __init__(self) -> None:
        self.mode = "up"
        self.slow_seconds = 5.0
        self.requests: list[str] = []
        self._released = threading.Event()
        handler = type("BoundHandler", (_Handler,), {"standin": self})
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/rest-api"

    def start(self) -> "ViesStandIn":
        self._thread.start()
        return self

    def stop(self) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()

    def wait(self) -> None:
        """Keep a caller waiting as a slow service does, until the test is over."""
        self._released.wait(self.slow_seconds)


class _Handler(http.server.BaseHTTPRequestHandler):
    standin: ViesStandIn

    def do_GET(self) -> None:
        standin = self.standin
        standin.requests.append(self.path)
        address = urllib.parse.urlsplit(self.path)
        parts = address.path.split("/")
        if parts[:3] != ["", "rest-api", "ms"] or len(parts) != 6 or parts[4] != "vat":
            return self._send(404, {"error": "no such page"})
        if standin.mode == "slow":
            standin.wait()
        if standin.mode == "service_down":
            return self._send(
                500, {"actionSucceed": False, "errorWrappers": [{"error": "SERVICE_UNAVAILABLE"}]}
            )
        if standin.mode == "busy":
            return self._send(
                200, {"actionSucceed": False, "errorWrappers": [{"error": "GLOBAL_MAX_CONCURRENT_REQ"}]}
            )
        if standin.mode == "nonsense":
            return self._send(200, ["<html>maintenance</html>"])
        number, requester = parts[5], "requesterNumber" in urllib.parse.parse_qs(address.query)
        is_down = standin.mode == "member_state_down"
        is_valid = not is_down and f"{parts[3]}{number}" in VALID_NUMBERS
        return self._send(
            200,
            {
                "isValid": is_valid,
                "requestDate": "2026-11-22T07:00:00.000Z",
                "userError": "MS_UNAVAILABLE" if is_down else "VALID" if is_valid else "INVALID",
                "name": "ACME SA" if is_valid else "---",
                "address": "1 RUE DU LOUVRE\n75001 PARIS" if is_valid else "---",
                "requestIdentifier": CONSULTATION_NUMBER if requester and is_valid else "",
                "originalVatNumber": number,
                "vatNumber": number,
            },
        )

    def log_message(self, *args) -> None:
        """Stay silent."""

    def _send(self, status: int, content) -> None:
        body = json.dumps(content).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            pass  # the caller has given up waiting
