"""Checkout Sessions: the hosted payment page's order, its one intent, and how it ends."""

from typing import Any

from . import confirm, customers, intents
from .account import Account, RequestInfo
from .currencies import check_amount, check_currency
from .errors import ApiError, missing_resource
from .forms import Params
from .store import Record, new_id

CREATE = frozenset(
    {
        "mode", "client_reference_id", "metadata", "payment_intent_data", "line_items", "success_url", "cancel_url",
        "expires_at", "locale", "submit_type", "adaptive_pricing", "customer", "customer_email",
        "payment_method_options", "expand",
    }
)  # fmt: skip
LIST = frozenset(
    {"created", "customer", "payment_intent", "status", "limit", "starting_after", "ending_before", "expand"}
)
_SHORTEST, _LONGEST = 30 * 60, 24 * 60 * 60


def find(account: Account, identifier: str) -> Record:
    """Return a session by id, or raise resource_missing."""
    session = account.store.get("checkout.session", identifier)
    if session is None:
        raise missing_resource("checkout.session", identifier, param="session")
    return session


def create(account: Account, params: Params, request: RequestInfo) -> Record:
    """Make a session for one payment; its intent comes with the first try to pay."""
    for name in ("mode", "success_url", "line_items"):
        params.require(name)
    if params.text("mode") != "payment":
        raise ApiError("the stand-in serves sessions with mode: payment only", param="mode")
    customer = params.text("customer")
    if customer:
        customers.find(account, customer, status=400)
    lines = _lines(params.values["line_items"])
    currency = check_currency(lines[0]["price_data"]["currency"])
    total = sum(int(line["price_data"]["unit_amount"]) * int(line.get("quantity", 1)) for line in lines)
    check_amount(total, currency=currency)
    ends = params.integer("expires_at") or account.now() + _LONGEST
    if not account.now() + _SHORTEST <= ends <= account.now() + _LONGEST:
        raise ApiError(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.",
            param="expires_at",
        )
    identifier = new_id("cs_test_", length=40)
    session: Record = {
        "id": identifier,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": False},
        "amount_subtotal": total,
        "amount_total": total,
        "cancel_url": params.text("cancel_url"),
        "client_reference_id": params.text("client_reference_id"),
        "created": account.now(),
        "currency": currency,
        "customer": customer,
        "customer_email": params.text("customer_email"),
        "expires_at": ends,
        "livemode": False,
        "locale": params.text("locale"),
        "metadata": params.metadata({}),
        "mode": "payment",
        "payment_intent": None,
        "payment_method_options": params.mapping("payment_method_options") or {},
        "payment_status": "unpaid",
        "status": "open",
        "submit_type": params.text("submit_type"),
        "success_url": params.text("success_url"),
        "ui_mode": "hosted_page",
        "url": f"{request.public_url}/checkout/pay/{identifier}",
    }
    account.note(session, intent=params.mapping("payment_intent_data") or {}, lines=lines)
    return account.save(session)


def list_sessions(account: Account, params: Params) -> list[Record]:
    """Return the sessions, oldest first, all or those of an intent."""
    intent = params.text("payment_intent")
    found = account.store.every("checkout.session")
    return [session for session in found if intent in (None, session["payment_intent"])]


def expire(account: Account, identifier: str, request: RequestInfo) -> Record:
    """Close an open session for good, and cancel its intent."""
    session = find(account, identifier)
    if session["status"] != "open":
        raise ApiError(
            'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status'
            f" of `{session['status']}`."
        )
    session.update(status="expired", url=None)
    account.save(session)
    if session["payment_intent"]:
        intents.cancel_for_session(account, session["payment_intent"], request)
    account.tell("checkout.session.expired", session, request=request)
    return session


def pay(account: Account, session: Record, values: dict[str, Any], request: RequestInfo) -> Record:
    """Try to pay on the page; raises ApiError for a declined card, after which another may be tried."""
    if session["status"] != "open":
        return session
    intent = _intent(account, session, request)
    params = Params(
        {**values, "return_url": f"{request.public_url}/checkout/pay/{session['id']}"},
        allowed=confirm.CONFIRM,
    )
    confirm.confirm(account, intent, params, request)
    return follow(account, session, request)


def follow(account: Account, session: Record, request: RequestInfo) -> Record:
    """Complete the session once its intent is paid, reserved or processing."""
    intent = intents.find(account, session["payment_intent"])
    if session["status"] == "open" and intent["status"] in ("succeeded", "requires_capture", "processing"):
        is_paid = intent["status"] == "succeeded"
        session.update(status="complete", payment_status="paid" if is_paid else "unpaid", url=None)
        account.save(session)
        account.tell("checkout.session.completed", session, request=request)
    return session


def tell_of_bank(account: Account, intent: Record, request: RequestInfo, *, is_paid: bool) -> None:
    """Say what a slow bank decided days after the page was left."""
    for session in account.store.every("checkout.session"):
        if session["payment_intent"] == intent["id"]:
            session["payment_status"] = "paid" if is_paid else "unpaid"
            account.save(session)
            outcome = "succeeded" if is_paid else "failed"
            account.tell(f"checkout.session.async_payment_{outcome}", session, request=request)


def lines_of(account: Account, session: Record) -> list[Record]:
    """Return what the page lists."""
    return list(account.noted(session["id"])["lines"])


def _intent(account: Account, session: Record, request: RequestInfo) -> Record:
    if session["payment_intent"]:
        return intents.find(account, session["payment_intent"])
    values = {
        "amount": str(session["amount_total"]),
        "currency": session["currency"],
        "automatic_payment_methods": {"enabled": "true"},
        "payment_method_options": session["payment_method_options"],
        **account.noted(session["id"])["intent"],
    }
    if session["customer"]:
        values["customer"] = session["customer"]
    intent = intents.create(account, Params(values, allowed=intents.CREATE), request)
    session["payment_intent"] = intent["id"]
    account.save(session)
    return intent


def _lines(given: Any) -> list[Record]:
    found = list(given.values()) if isinstance(given, dict) else list(given)
    if not found or len(found) > 100:
        raise ApiError("line_items must hold between 1 and 100 lines", param="line_items")
    for line in found:
        if "unit_amount" not in (line.get("price_data") or {}):
            raise ApiError(
                "the stand-in serves line items with price_data[unit_amount] only", param="line_items"
            )
    return found
