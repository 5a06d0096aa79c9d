"""The hosted payment page: what Stripe's own would show, said to be a stand-in."""

import html
import urllib.parse
from typing import TYPE_CHECKING

from . import sessions
from .account import RequestInfo
from .currencies import format_amount
from .errors import ApiError
from .store import Record

if TYPE_CHECKING:
    from .handler import Handler

HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    # The answer to the form is a redirect to the shop, which form-action would have to name.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}
WAYS = {
    "4242424242424242": "Pay with a card that works",
    "4000000000000002": "Pay with a card that is declined",
    "4000002500003155": "Pay with a card that asks for 3-D Secure",
}


def answer(handler: "Handler", *, method: str, session_id: str, body: bytes) -> None:
    """Show the page, take its form, and send the shopper back to the shop once the page is over."""
    standin, problem = handler.standin, ""
    request = RequestInfo(public_url=handler.public_url())
    with standin.store.change() as store:
        session = store.get("checkout.session", session_id)
        if session is None:
            handler.send(404, b"This payment page does not exist.", headers={"Content-Type": "text/plain"})
            return
        given = urllib.parse.parse_qs(body.decode("utf-8", "replace")) if method == "POST" else {}
        number = given.get("number", [""])[0]
        if number in WAYS:
            problem = _pay(handler, session, number, request)
        if session["payment_intent"]:
            sessions.follow(standin.account, session, request)
        intent = store.get("payment_intent", session["payment_intent"] or "")
        shown, lines = dict(session), sessions.lines_of(standin.account, session)
    action = (intent or {}).get("next_action") or {}
    if shown["status"] == "open" and action.get("type") == "redirect_to_url" and number:
        _redirect(handler, action["redirect_to_url"]["url"])
    elif shown["status"] == "complete":
        address = shown["success_url"].replace("{CHECKOUT_SESSION_ID}", shown["id"])
        _redirect(handler, address)
    else:
        handler.send(200, _draw(shown, lines, problem), headers=HEADERS)


def _pay(handler: "Handler", session: Record, number: str, request: RequestInfo) -> str:
    data = {"type": "card", "card": {"number": number, "exp_month": "12", "exp_year": "34", "cvc": "123"}}
    browser = RequestInfo(public_url=request.public_url, is_publishable=True)
    try:
        sessions.pay(handler.standin.account, session, {"payment_method_data": data}, browser)
    except ApiError as error:
        return str(error.body.get("message", "Your card was declined."))
    return ""


def _redirect(handler: "Handler", address: str) -> None:
    handler.send(303, b"", headers={**HEADERS, "Location": address})


def _draw(session: Record, lines: list[Record], problem: str) -> bytes:
    currency = session["currency"].upper()
    rows = "".join(
        f"<li>{html.escape(str(line.get('quantity', 1)))} × "
        f"{html.escape(line['price_data']['product_data']['name'])}: "
        f"{html.escape(format_amount(int(line['price_data']['unit_amount']), currency=currency))}</li>"
        for line in lines
    )
    amount = html.escape(format_amount(session["amount_total"], currency=currency))
    notice = f'<p class="error" role="alert">{html.escape(problem)}</p>' if problem else ""
    buttons = "".join(
        f'<button class="primary" name="number" value="{number}">{label}</button>'
        for number, label in WAYS.items()
    )
    form = f'<form method="post">{buttons}</form>'
    if session["status"] != "open":
        form = "<p>This payment page has expired.</p>"
    back = html.escape(session["cancel_url"] or "", quote=True)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Payment page — stand-in for Stripe</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<link rel="stylesheet" href="/authenticate/page.css"></head>
<body class="page"><main class="panel">
<p class="notice">Test page — a stand-in for Stripe. No money moves.</p>
<h1>{amount}</h1><ul>{rows}</ul>{notice}{form}
<p><a href="{back}">Back to the shop</a></p>
</main></body></html>
""".encode()
