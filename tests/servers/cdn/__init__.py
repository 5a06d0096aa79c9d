"""A stand-in for a CDN on loopback: it keeps what the shop lets it keep, and drops what it is told to.

It does what the shop's deployment guide asks of a CDN: whole addresses are kept by `s-maxage` where the answer is
`public`; requests with a cookie of a visitor's own go through. POST /purge takes Fastly's form or Cloudflare's, and
is as strict as they are. Headers that say what it did: X-CDN: hit, miss or pass.
"""

import http.client
import http.server
import json
import re
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

PURGE_PATH = "/purge"
MOST_FASTLY_KEYS, MOST_CLOUDFLARE_TAGS = 256, 30
PERSONAL_COOKIES = ("sessionid=", "basket=", "messages=")
_HOP_BY_HOP = {"connection", "transfer-encoding", "keep-alive", "server", "date"}


@dataclass(frozen=True)
class Copy:
    """An answer as it is kept until a moment of the clock that never goes back."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    until: float
    keys: frozenset[str]


class CdnStandIn:
    """A CDN in front of `origin`; `mode` is "up" or "purge_down". `purges` are the keys of each purge it obeyed."""

    def __init__(self, *, origin: str, token: str, form: str = "fastly") -> None:
        self.origin, self.token, self.form = urlsplit(origin), token, form
        self.mode = "up"
        self.purges: list[list[str]] = []
        self.refused = 0
        self.copies: dict[str, Copy] = {}
        handler = type("BoundHandler", (_Handler,), {"cdn": self})
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def purge_url(self) -> str:
        return f"{self.url}{PURGE_PATH}"

    def __enter__(self) -> "CdnStandIn":
        self._thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def drop(self, keys: list[str]) -> None:
        """Forget every copy that came with one of these keys."""
        self.purges.append(keys)
        for address, copy in list(self.copies.items()):
            if copy.keys & set(keys):
                self.copies.pop(address, None)


class _Handler(http.server.BaseHTTPRequestHandler):
    cdn: CdnStandIn
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        cookies = self.headers.get("Cookie", "")
        if any(name in cookies for name in PERSONAL_COOKIES):
            return self._send(*self._ask_origin(), state="pass")
        address = f"{self.headers['Host']}{self.path}"
        copy = self.cdn.copies.get(address)
        if copy and copy.until > time.monotonic():
            return self._send(copy.status, copy.headers, copy.body, state="hit")
        status, headers, body = self._ask_origin()
        if status == 200 and (seconds := _seconds_to_keep(dict(headers))):
            keys = _keys_of(dict(headers), self.cdn.form)
            self.cdn.copies[address] = Copy(status, headers, body, time.monotonic() + seconds, keys)
            return self._send(status, headers, body, state="miss")
        return self._send(status, headers, body, state="pass")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path != PURGE_PATH:
            return self._send(*self._ask_origin(body), state="pass")
        if self.cdn.mode == "purge_down":
            self.cdn.refused += 1
            return self._answer(503, {"msg": "try later"})
        read = self._read_fastly if self.cdn.form == "fastly" else self._read_cloudflare
        keys = read(body)
        if keys is not None:
            self.cdn.drop(keys)
            self._answer(200, {"status": "ok", "success": True})

    def _read_fastly(self, body: bytes) -> list[str] | None:
        if self.headers.get("Fastly-Key") != self.cdn.token:
            return self._answer(401, {"msg": "Provided credentials are missing or invalid"})
        keys = self.headers.get("Surrogate-Key", "").split()
        if not keys or len(keys) > MOST_FASTLY_KEYS or body:
            return self._answer(400, {"msg": f"1 to {MOST_FASTLY_KEYS} surrogate keys, and no body"})
        return keys

    def _read_cloudflare(self, body: bytes) -> list[str] | None:
        if self.headers.get("Authorization") != f"Bearer {self.cdn.token}":
            return self._answer(403, {"success": False, "errors": [{"code": 10000}]})
        try:
            tags = json.loads(body)["tags"]
        except (ValueError, KeyError):
            return self._answer(400, {"success": False, "errors": [{"code": 1012}]})
        if not 1 <= len(tags) <= MOST_CLOUDFLARE_TAGS or not all(isinstance(tag, str) for tag in tags):
            return self._answer(400, {"success": False, "errors": [{"code": 1093}]})
        return tags

    def _ask_origin(self, body: bytes | None = None) -> tuple[int, list[tuple[str, str]], bytes]:
        origin = http.client.HTTPConnection(self.cdn.origin.netloc, timeout=30)
        asked = {name: value for name, value in self.headers.items() if name.lower() not in _HOP_BY_HOP}
        origin.request(self.command, self.path, body, asked)
        answer = origin.getresponse()
        content = answer.read()
        headers = [each for each in answer.getheaders() if each[0].lower() not in _HOP_BY_HOP]
        origin.close()
        return answer.status, headers, content

    def _send(self, status: int, headers: list[tuple[str, str]], body: bytes, *, state: str) -> None:
        """Answer a visitor, who never sees the keys."""
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in ("surrogate-key", "cache-tag", "content-length"):
                self.send_header(name, value)
        self.send_header("X-CDN", state)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _answer(self, status: int, content: dict) -> None:
        self._send(
            status, [("Content-Type", "application/json")], json.dumps(content).encode(), state="purge"
        )

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


def _seconds_to_keep(headers: dict[str, str]) -> int:
    control = headers.get("Cache-Control", "")
    found = re.search(r"\bs-maxage=(\d+)", control)
    return int(found[1]) if found and "public" in control and "Set-Cookie" not in headers else 0


def _keys_of(headers: dict[str, str], form: str) -> frozenset[str]:
    if form == "fastly":
        return frozenset(headers.get("Surrogate-Key", "").split())
    return frozenset(filter(None, headers.get("Cache-Tag", "").split(",")))
