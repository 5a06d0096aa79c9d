"""The table of Stripe's endpoints the stand-in serves, and what a browser's key may do with them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import (
    charges,
    confirm,
    customers,
    disputes,
    intents,
    ledger,
    merchant,
    payment_methods,
    refunds,
    sessions,
    setups,
    tax,
)
from .account import Account, RequestInfo
from .errors import ApiError, missing_resource, not_served
from .forms import Params, read_flag
from .listing import answer_list, expand
from .store import Record

Answer = Callable[[Account, tuple[str, ...], Params, RequestInfo], Record]
EXPAND_ONLY = frozenset({"expand"})
EVENT_LIST = frozenset(
    {"created", "delivery_success", "type", "types", "limit", "starting_after", "ending_before", "expand"}
)
PUBLISHABLE_FIELDS = (
    "id", "object", "amount", "amount_details", "automatic_payment_methods", "canceled_at",
    "cancellation_reason", "capture_method", "client_secret", "confirmation_method", "created", "currency",
    "description", "last_payment_error", "livemode", "next_action", "payment_method",
    "payment_method_types", "processing", "receipt_email", "setup_future_usage", "shipping", "source",
    "status",
)  # fmt: skip


@dataclass(frozen=True)
class Endpoint:
    """One operation: its address, the parameters it takes, and whether a publishable key may call it."""

    method: str
    pattern: re.Pattern[str]
    allowed: frozenset[str]
    answer: Answer
    is_public: bool = False


def _endpoint(
    method: str, path: str, allowed: frozenset[str], answer: Answer, *, is_public: bool = False
) -> Endpoint:
    pattern = re.compile("/v1/" + path.replace("ID", r"((?!search\b)[A-Za-z0-9_]+)"))
    return Endpoint(method, pattern, allowed, answer, is_public)


def _retrieve(kind: str) -> Answer:
    def answer(account: Account, ids: tuple[str, ...], params: Params, request: RequestInfo) -> Record:
        found = account.store.get(kind, ids[0])
        if found is None:
            raise missing_resource(kind, ids[0])
        return found

    return answer


def _list(path: str, find: Callable[[Account, Params], list[Record]]) -> Answer:
    def answer(account: Account, ids: tuple[str, ...], params: Params, request: RequestInfo) -> Record:
        return answer_list(find(account, params), params, url=f"/v1/{path}")

    return answer


def _retrieve_intent(account: Account, ids: tuple[str, ...], params: Params, request: RequestInfo) -> Record:
    intent = intents.find(account, ids[0])
    _check_client_secret(intent, params, request)
    return intent


def _confirm_intent(account: Account, ids: tuple[str, ...], params: Params, request: RequestInfo) -> Record:
    intent = intents.find(account, ids[0])
    _check_client_secret(intent, params, request)
    return confirm.confirm(account, intent, params, request)


def _check_client_secret(intent: Record, params: Params, request: RequestInfo) -> None:
    given = params.text("client_secret")
    if given is None and request.is_publishable:
        params.require("client_secret")
    if given is not None and given != intent["client_secret"]:
        raise ApiError(
            "The client_secret provided does not match the client_secret associated with the PaymentIntent.",
            code="payment_intent_invalid_parameter",
            param="client_secret",
        )


def _show_saved(account: Account, ids: tuple[str, ...], params: Params, request: RequestInfo) -> Record:
    session = account.store.get("customer_session", params.text("client_secret") or "")
    kept = customers.kept_methods(account, session["customer"]) if session else []
    return answer_list(kept, params, url="/v1/elements/saved")


def _list_kept(account: Account, ids: tuple[str, ...], params: Params, request: RequestInfo) -> Record:
    customers.find(account, ids[0])
    kept = customers.kept_methods(account, ids[0])
    return answer_list(kept, params, url=f"/v1/customers/{ids[0]}/payment_methods")


def _find_events(account: Account, params: Params) -> list[Record]:
    found = account.store.every("event")
    single, several = params.text("type"), params.strings("types")
    if single and several:
        raise ApiError("You may pass either type or types, but not both.", param="types")
    patterns = several or ([single] if single else [])
    if patterns:
        joined = "|".join(re.escape(pattern).replace(r"\*", ".*") for pattern in patterns)
        found = [event for event in found if re.fullmatch(joined, event["type"])]
    asked = params.values.get("delivery_success")
    if asked is not None:
        wanted = read_flag(asked, param="delivery_success")
        found = [event for event in found if _is_delivered(account, event) == wanted]
    return found


def _is_delivered(account: Account, event: Record) -> bool:
    delivery = account.store.get("delivery", event["id"])
    return delivery is None or delivery["state"] == "delivered"


ENDPOINTS = (
    _endpoint("POST", "payment_intents", intents.CREATE, lambda a, i, p, r: intents.create(a, p, r)),
    _endpoint("GET", "payment_intents", intents.LIST, _list("payment_intents", intents.list_intents)),
    _endpoint("GET", "payment_intents/ID", EXPAND_ONLY | {"client_secret"}, _retrieve_intent, is_public=True),
    _endpoint("POST", "payment_intents/ID", intents.UPDATE, lambda a, i, p, r: intents.update(a, i[0], p, r)),
    _endpoint("POST", "payment_intents/ID/confirm", confirm.CONFIRM, _confirm_intent, is_public=True),
    _endpoint(
        "POST", "payment_intents/ID/cancel", intents.CANCEL, lambda a, i, p, r: intents.cancel(a, i[0], p, r)
    ),
    _endpoint(
        "POST",
        "payment_intents/ID/capture",
        intents.CAPTURE,
        lambda a, i, p, r: intents.capture(a, i[0], p, r),
    ),
    _endpoint(
        "POST",
        "payment_methods",
        payment_methods.CREATE,
        lambda a, i, p, r: payment_methods.create(a, p, r),
        is_public=True,
    ),
    _endpoint("GET", "payment_methods/ID", EXPAND_ONLY, _retrieve("payment_method")),
    _endpoint("POST", "checkout/sessions", sessions.CREATE, lambda a, i, p, r: sessions.create(a, p, r)),
    _endpoint("GET", "checkout/sessions", sessions.LIST, _list("checkout/sessions", sessions.list_sessions)),
    _endpoint("GET", "checkout/sessions/ID", EXPAND_ONLY, lambda a, i, p, r: sessions.find(a, i[0])),
    _endpoint(
        "POST", "checkout/sessions/ID/expire", EXPAND_ONLY, lambda a, i, p, r: sessions.expire(a, i[0], r)
    ),
    _endpoint("POST", "refunds", refunds.CREATE, lambda a, i, p, r: refunds.create(a, p, r)),
    _endpoint("GET", "refunds", refunds.LIST, _list("refunds", refunds.list_refunds)),
    _endpoint("GET", "refunds/ID", EXPAND_ONLY, _retrieve("refund")),
    _endpoint("POST", "refunds/ID", refunds.UPDATE, lambda a, i, p, r: refunds.update(a, i[0], p, r)),
    _endpoint("GET", "charges", charges.LIST, _list("charges", charges.list_charges)),
    _endpoint("GET", "charges/ID", EXPAND_ONLY, _retrieve("charge")),
    _endpoint("GET", "disputes", disputes.LIST, _list("disputes", disputes.list_disputes)),
    _endpoint("GET", "disputes/ID", EXPAND_ONLY, _retrieve("dispute")),
    _endpoint(
        "GET",
        "radar/early_fraud_warnings",
        disputes.LIST,
        _list("radar/early_fraud_warnings", disputes.list_warnings),
    ),
    _endpoint("GET", "radar/early_fraud_warnings/ID", EXPAND_ONLY, _retrieve("radar.early_fraud_warning")),
    _endpoint(
        "GET",
        "balance_transactions",
        ledger.TRANSACTION_LIST,
        _list("balance_transactions", ledger.list_transactions),
    ),
    _endpoint("GET", "balance_transactions/ID", EXPAND_ONLY, _retrieve("balance_transaction")),
    _endpoint("GET", "payouts", ledger.PAYOUT_LIST, _list("payouts", ledger.list_payouts)),
    _endpoint("GET", "payouts/ID", EXPAND_ONLY, _retrieve("payout")),
    _endpoint("GET", "events", EVENT_LIST, _list("events", _find_events)),
    _endpoint("GET", "events/ID", EXPAND_ONLY, _retrieve("event")),
    _endpoint("POST", "tax/calculations", tax.CREATE, lambda a, i, p, r: tax.create(a, p, r)),
    _endpoint("POST", "customers", customers.CREATE, lambda a, i, p, r: customers.create(a, p, r)),
    # Not Stripe's: what its card form reads inside its frame is not published.
    _endpoint("GET", "elements/saved", frozenset({"client_secret"}), _show_saved, is_public=True),
    _endpoint("GET", "customers", customers.LIST, _list("customers", customers.list_customers)),
    _endpoint("GET", "customers/ID", EXPAND_ONLY, _retrieve("customer")),
    _endpoint("DELETE", "customers/ID", frozenset(), lambda a, i, p, r: customers.delete(a, i[0], r)),
    _endpoint("GET", "customers/ID/payment_methods", customers.METHODS, _list_kept),
    _endpoint(
        "POST", "customer_sessions", customers.SESSION, lambda a, i, p, r: customers.create_session(a, p, r)
    ),
    _endpoint(
        "POST", "payment_methods/ID/detach", EXPAND_ONLY, lambda a, i, p, r: customers.detach(a, i[0], r)
    ),
    _endpoint("POST", "setup_intents", setups.CREATE, lambda a, i, p, r: setups.create(a, p, r)),
    _endpoint(
        "GET",
        "setup_intents/ID",
        EXPAND_ONLY | {"client_secret"},
        lambda a, i, p, r: setups.find(a, i[0], p, r),
        is_public=True,
    ),
    _endpoint(
        "POST",
        "setup_intents/ID/confirm",
        setups.CONFIRM,
        lambda a, i, p, r: setups.confirm(a, i[0], p, r),
        is_public=True,
    ),
    _endpoint("GET", "account", EXPAND_ONLY, merchant.retrieve),
    _endpoint(
        "GET", "webhook_endpoints", merchant.ENDPOINTS, _list("webhook_endpoints", merchant.list_webhooks)
    ),
    _endpoint("GET", "country_specs/ID", EXPAND_ONLY, merchant.country_spec),
)


def find_endpoint(*, method: str, path: str) -> tuple[Endpoint, tuple[str, ...]]:
    """Return the endpoint at an address and the ids in it, or raise the error which says it is not served."""
    for endpoint in ENDPOINTS:
        match = endpoint.pattern.fullmatch(path)
        if match and endpoint.method == method:
            return endpoint, match.groups()
    raise not_served(f"{method} {path}")


def call(
    account: Account, endpoint: Endpoint, ids: tuple[str, ...], values: dict[str, Any], request: RequestInfo
) -> Record:
    """Run an endpoint and return what to answer; the browser sees an intent without its private fields."""
    if not request.is_publishable:
        merchant.check_permission(account, path=request.path)
    params = Params(values, allowed=endpoint.allowed)
    paths = params.strings("expand")
    if request.is_publishable and not endpoint.is_public:
        raise ApiError(
            "This API call cannot be made with a publishable API key. Please use a secret API key.",
            status=403,
            code="secret_key_required",
        )
    try:
        answer = endpoint.answer(account, ids, params, request)
    except ApiError as error:
        shown = error.body.get("payment_intent")
        if shown and request.is_publishable:
            error.body["payment_intent"] = trim_for_browser(shown)
        raise
    if request.is_publishable and answer["object"] == "payment_intent":
        return trim_for_browser(answer)
    return expand(account, answer, paths)


def trim_for_browser(intent: Record) -> Record:
    """Return the fields of an intent which Stripe shows to a publishable key."""
    return {name: intent[name] for name in PUBLISHABLE_FIELDS}
