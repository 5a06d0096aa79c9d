"""Payment intents: made, changed, cancelled, captured. How one is confirmed is in `confirm.py`."""

from . import confirm, ledger
from .account import Account, RequestInfo
from .currencies import check_amount, check_currency
from .errors import ApiError, missing_resource, unexpected_state
from .fields import OPEN, read_automatic, read_method, read_shipping
from .forms import Params
from .store import Record, new_id

_SHARED = {
    "amount", "currency", "customer", "description", "metadata", "payment_method", "payment_method_data",
    "receipt_email", "setup_future_usage", "shipping", "statement_descriptor", "statement_descriptor_suffix",
    "capture_method", "payment_method_options", "expand",
}  # fmt: skip
CREATE = frozenset(
    _SHARED | {"automatic_payment_methods", "confirm", "confirmation_method", "return_url", "use_stripe_sdk"}
)
UPDATE = frozenset(_SHARED)
CANCEL = frozenset({"cancellation_reason", "expand"})
CAPTURE = frozenset({"amount_to_capture", "metadata", "expand"})
LIST = frozenset({"created", "customer", "limit", "starting_after", "ending_before", "expand"})
CANCELABLE = (
    "requires_payment_method", "requires_capture", "requires_confirmation", "requires_action", "processing",
)  # fmt: skip
REASONS = ("abandoned", "duplicate", "fraudulent", "requested_by_customer")


def find(account: Account, identifier: str, *, param: str = "intent", status: int = 404) -> Record:
    """Return an intent by id, or raise resource_missing."""
    intent = account.store.get("payment_intent", identifier)
    if intent is None:
        raise missing_resource("payment_intent", identifier, param=param, status=status)
    return intent


def create(account: Account, params: Params, request: RequestInfo) -> Record:
    """Make an intent, and confirm it at once when `confirm` is true."""
    params.require("amount")
    params.require("currency")
    identifier = new_id("pi_")
    intent: Record = {
        "id": identifier,
        "object": "payment_intent",
        "allowed_payment_method_types": None,
        "amount": 0,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": read_automatic(params),
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": f"{identifier}_secret_{new_id('', length=25)}",
        "confirmation_method": params.choice("confirmation_method", ("automatic",)) or "automatic",
        "created": account.now(),
        "currency": "",
        "customer": None,
        "customer_account": None,
        "description": None,
        "excluded_payment_method_types": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": {},
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {},
        "payment_method_types": [],
        "processing": None,
        "receipt_email": None,
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "source": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": None,
    }
    _set_fields(account, intent, params, request)
    account.save(intent)
    account.tell("payment_intent.created", intent, request=request)
    if params.flag("confirm"):
        confirm.confirm(account, intent, params, request, has_method=True)
    return intent


def update(account: Account, identifier: str, params: Params, request: RequestInfo) -> Record:
    """Change an intent; its amount, currency and method only while it is open."""
    intent = find(account, identifier)
    for name in ("amount", "currency", "payment_method", "payment_method_data", "capture_method"):
        if name in params and intent["status"] not in OPEN:
            raise unexpected_state(
                f"This PaymentIntent's {name} could not be updated because it has a status of"
                f" {intent['status']}."
                f" You may only update the {name} of a PaymentIntent with one of the following statuses: "
                + ", ".join(OPEN)
                + ".",
                intent=intent,
            )
    changed = dict(intent)
    _set_fields(account, changed, params, request)
    if changed["status"] == "requires_action" and ("payment_method" in params or "amount" in params):
        changed.update(status="requires_confirmation", next_action=None)
    return account.save(changed)


def cancel(account: Account, identifier: str, params: Params, request: RequestInfo) -> Record:
    """Cancel an intent which has not succeeded; an authorised amount is released."""
    if any(s["payment_intent"] == identifier for s in account.store.every("checkout.session")):
        intent = find(account, identifier)
        if intent["status"] != "requires_capture":
            raise ApiError(
                "You cannot cancel this PaymentIntent because it was created by a Checkout Session. Expire the session"
                " instead."
            )
    return _cancel(
        account, find(account, identifier), request, reason=params.choice("cancellation_reason", REASONS)
    )


def cancel_for_session(account: Account, identifier: str, request: RequestInfo) -> Record:
    """Cancel the intent of a checkout session that expires."""
    return _cancel(account, find(account, identifier), request, reason=None)


def expire_authorisation(account: Account, intent: Record, request: RequestInfo) -> Record:
    """Release what an intent reserves, as Stripe does when nobody took it in time."""
    if intent["status"] != "requires_capture":
        return intent
    return _cancel(account, intent, request, reason="expired")


def _cancel(account: Account, intent: Record, request: RequestInfo, *, reason: str | None) -> Record:
    if intent["status"] not in CANCELABLE:
        raise unexpected_state(
            f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}. Only a"
            " PaymentIntent with one of the following statuses may be canceled: "
            + ", ".join(CANCELABLE)
            + ".",
            intent=intent,
        )
    was_authorised = intent["status"] == "requires_capture"
    intent.update(
        status="canceled",
        canceled_at=account.now(),
        cancellation_reason=reason,
        amount_capturable=0,
        next_action=None,
        processing=None,
    )
    account.save(intent)
    charge = account.store.get("charge", intent["latest_charge"] or "")
    if was_authorised and charge:
        _forget_deadline(account, charge)
    account.tell("payment_intent.canceled", intent, request=request)
    return intent


def capture(account: Account, identifier: str, params: Params, request: RequestInfo) -> Record:
    """Take all or part of an authorised amount; the rest is released."""
    intent = find(account, identifier)
    if intent["status"] != "requires_capture":
        raise unexpected_state(
            "This PaymentIntent could not be captured because it has a status of"
            f" {intent['status']}. Only a PaymentIntent with one of the following statuses may be captured:"
            " requires_capture.",
            intent=intent,
        )
    amount = params.integer("amount_to_capture")
    amount = intent["amount_capturable"] if amount is None else amount
    if not 1 <= amount <= intent["amount_capturable"]:
        raise ApiError(
            "The amount to capture must be at least 1 and not more than the amount that can be captured.",
            code="amount_too_large" if amount > 0 else "parameter_invalid_integer",
            param="amount_to_capture",
        )
    intent["metadata"] = params.metadata(intent["metadata"])
    charge = account.store.get("charge", intent["latest_charge"])
    assert charge is not None
    charge.update(captured=True, amount_captured=amount)
    _forget_deadline(account, charge)
    ledger.book_charge(account, charge)
    intent.update(status="succeeded", amount_received=amount, amount_capturable=0)
    account.save(intent)
    account.tell("charge.captured", charge, request=request)
    account.tell("payment_intent.succeeded", intent, request=request)
    return intent


def _forget_deadline(account: Account, charge: Record) -> None:
    """Since 2025-03-31 neither a partial capture nor a cancelled authorisation is a refund (changelog "basil")."""
    charge["payment_method_details"].get("card", {}).pop("capture_before", None)
    account.save(charge)


def list_intents(account: Account, params: Params) -> list[Record]:
    """Return the intents, oldest first, of one customer or all of them."""
    found = account.store.every("payment_intent")
    customer = params.text("customer")
    return [intent for intent in found if intent["customer"] == customer] if customer else found


def _set_fields(account: Account, intent: Record, params: Params, request: RequestInfo) -> None:
    amount = params.integer("amount")
    currency = params.text("currency")
    if currency is not None:
        intent["currency"] = check_currency(currency)
    if amount is not None:
        intent["amount"] = amount
    if amount is not None or currency is not None:
        check_amount(intent["amount"], currency=intent["currency"])
    if "customer" in params:
        customer = params.text("customer")
        if customer and account.store.get("customer", customer) is None:
            raise missing_resource("customer", customer, param="customer", status=400)
        intent["customer"] = customer
    for name in ("description", "receipt_email", "statement_descriptor", "statement_descriptor_suffix"):
        if name in params:
            intent[name] = params.text(name)
    if "setup_future_usage" in params:
        intent["setup_future_usage"] = params.choice("setup_future_usage", ("off_session", "on_session"))
    if "shipping" in params:
        intent["shipping"] = read_shipping(params.mapping("shipping"))
    if "payment_method_options" in params:
        intent["payment_method_options"] = params.mapping("payment_method_options") or {}
    if "capture_method" in params:
        intent["capture_method"] = params.choice("capture_method", ("automatic", "automatic_async", "manual"))
    intent["metadata"] = params.metadata(intent["metadata"])
    types = account.payment_method_types
    intent["payment_method_types"] = [t for t in types if t != "sepa_debit" or intent["currency"] == "eur"]
    method = read_method(account, params, request)
    if method:
        intent["payment_method"] = method["id"]
        intent["status"] = "requires_confirmation"
