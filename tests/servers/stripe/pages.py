"""What a shopper's browser gets: stripe.js, the card form's frame, and the 3-D Secure page."""

import hmac
import html
import json
import pathlib
import urllib.parse
from typing import TYPE_CHECKING

from . import confirm, hosted_page
from .account import RequestInfo
from .currencies import format_amount
from .errors import not_served
from .store import Record

if TYPE_CHECKING:
    from .handler import Handler

FILES = pathlib.Path(__file__).parent / "browser"
SCRIPT_PARTS = ("base.js", "payment_element.js", "express_element.js", "elements.js", "stripe.js")
SCRIPT_PATHS = ("/v3", "/v3/", "/v3/stripe.js", "/clover/stripe.js", "/dahlia/stripe.js", "/endive/stripe.js")
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
}
ELEMENTS = {
    "/elements/payment": "payment.html",
    "/elements/payment.js": "payment.js",
    "/elements/payment.css": "payment.css",
    "/authenticate/page.css": "payment.css",
}
FRAME_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action 'none'"
)
# The answer to the form is a redirect to the shop, which form-action would have to name.
PAGE_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
NO_STORE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def answer(handler: "Handler", *, method: str, path: str, body: bytes) -> None:
    """Answer a request for a page, a script or a style."""
    if method == "GET" and path in SCRIPT_PATHS:
        _send(handler, _join_script(), suffix=".js")
    elif method == "GET" and path in ELEMENTS:
        _send_file(handler, ELEMENTS[path])
    elif method == "GET" and path == "/":
        text = "A stand-in for Stripe, for tests and demonstrations. No money moves.\n"
        handler.send(200, text.encode(), headers={"Content-Type": "text/plain; charset=utf-8"})
    elif path.startswith("/checkout/pay/") and path.count("/") == 3:
        hosted_page.answer(handler, method=method, session_id=path.rpartition("/")[2], body=body)
    elif path.startswith("/authenticate/") and path.count("/") == 3:
        _, _, intent_id, token = path.split("/")
        _answer_authentication(handler, method, intent_id, token, body)
    else:
        _send_missing(handler, f"{method} {path}")


def _send_missing(handler: "Handler", what: str) -> None:
    body = json.dumps(not_served(what).envelope()).encode()
    handler.send(404, body, headers={"Content-Type": "application/json"})


def _join_script() -> bytes:
    parts = [(FILES / "stripe" / name).read_text() for name in SCRIPT_PARTS]
    return "\n".join(["(function () {", "'use strict';", *parts, "})();", ""]).encode()


def _send_file(handler: "Handler", name: str) -> None:
    file = FILES / name
    _send(handler, file.read_bytes(), suffix=file.suffix)


def _send(handler: "Handler", body: bytes, *, suffix: str) -> None:
    headers = {"Content-Type": TYPES[suffix], **NO_STORE, "Access-Control-Allow-Origin": "*"}
    if suffix == ".html":
        headers["Content-Security-Policy"] = FRAME_POLICY
    handler.send(200, body, headers=headers)


def _answer_authentication(handler: "Handler", method: str, intent_id: str, token: str, body: bytes) -> None:
    standin = handler.standin
    with standin.store.change() as store:
        intent = store.get("payment_intent", intent_id)
        noted = standin.account.noted(intent_id)
        known = noted.get("authentication", "")
        if intent is None or not known or not hmac.compare_digest(known.encode(), token.encode()):
            _send_missing(
                handler, "this authentication page; its link is wrong or was replaced by a newer one"
            )
            return
        if method == "POST":
            action = urllib.parse.parse_qs(body.decode("utf-8", "replace")).get("action", [""])[0]
            if action in ("complete", "fail"):
                confirm.authenticate(
                    standin.account, intent, RequestInfo(), is_authentic=action == "complete"
                )
        status, shown = intent["status"], dict(intent)
    if status == "requires_action":
        page = _draw_authentication(shown)
        headers = {"Content-Type": TYPES[".html"], "Content-Security-Policy": PAGE_POLICY, **NO_STORE}
        handler.send(200, page, headers=headers)
        return
    address = name_return_address(noted.get("return_url") or "", shown)
    handler.send(303, b"", headers={"Location": address, **NO_STORE})


def name_return_address(return_url: str, intent: Record) -> str:
    """Return the shop's address with the three parameters Stripe adds when it sends the shopper back."""
    parts = urllib.parse.urlsplit(return_url)
    added = urllib.parse.urlencode(
        {
            "payment_intent": intent["id"],
            "payment_intent_client_secret": intent["client_secret"],
            "redirect_status": {
                "succeeded": "succeeded",
                "requires_capture": "succeeded",
                "processing": "pending",
            }.get(intent["status"], "failed"),
        }
    )
    query = f"{parts.query}&{added}" if parts.query else added
    return urllib.parse.urlunsplit(parts._replace(query=query))


def _draw_authentication(intent: Record) -> bytes:
    amount = html.escape(format_amount(intent["amount"], currency=intent["currency"].upper()))
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Confirm your payment — stand-in for Stripe</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<link rel="stylesheet" href="../page.css"></head>
<body class="page"><main class="panel">
<p class="notice">Test page — a stand-in for Stripe. No money moves.</p>
<h1>3-D Secure</h1>
<p>Here your bank would ask you to confirm a payment of <strong>{amount}</strong>.</p>
<form method="post">
<button class="primary" name="action" value="complete">Complete authentication</button>
<button name="action" value="fail">Fail authentication</button>
</form></main></body></html>
""".encode()
