"""Confirm a payment intent: charge it, decline it, ask for 3-D Secure, or leave it processing."""

from typing import Any

from . import charges, customers, ledger, payment_methods
from .account import Account, RequestInfo
from .cards import AUTHENTICATION, DECLINED, PROCESSING, Decline
from .errors import ApiError, unexpected_state
from .fields import OPEN, check_return_url, read_method, read_shipping
from .forms import Params
from .store import Record, new_id

CONFIRM = frozenset(
    {
        "payment_method", "payment_method_data", "return_url", "receipt_email", "shipping", "capture_method",
        "use_stripe_sdk", "client_secret", "expand",
    }
)  # fmt: skip
SYSTEM = RequestInfo()
_AUTHENTICATION_FAILED = (
    "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new"
    " PaymentMethod to attempt to fulfill this PaymentIntent again."
)


def confirm(
    account: Account, intent: Record, params: Params, request: RequestInfo, *, has_method: bool = False
) -> Record:
    """Confirm an intent and return it; raises ApiError with status 402 when the card is declined.

    A declined intent goes back to requires_payment_method and takes another card. `has_method` says that the method
    of the request is on the intent already.
    """
    if intent["status"] not in OPEN:
        already = intent["status"] == "succeeded"
        raise unexpected_state(
            "You cannot confirm this PaymentIntent because it has "
            + (
                "already succeeded after being previously confirmed."
                if already
                else f"a status of {intent['status']}."
            ),
            intent=intent,
        )
    return_url = check_return_url(params.text("return_url"))
    automatic = intent["automatic_payment_methods"] or {}
    may_redirect = automatic.get("enabled") and automatic.get("allow_redirects") != "never"
    if may_redirect and not return_url and not params.flag("use_stripe_sdk"):
        raise ApiError(
            "This PaymentIntent is configured to accept payment methods enabled in your Dashboard."
            " Because some of"
            " these payment methods might redirect your customer off of your page, you must provide"
            " a `return_url`."
            " If you don't want to accept redirect-based payment methods, set"
            " `automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]`"
            " to `never` when creating Setup Intents and Payment Intents."
        )
    method = None if has_method else read_method(account, params, request)
    if method is None and intent["payment_method"]:
        method = payment_methods.find(account, intent["payment_method"])
    if method is None:
        raise unexpected_state(
            "You cannot confirm this PaymentIntent because it's missing a payment method. You can"
            " either update the"
            " PaymentIntent with a payment method and then confirm it again, or confirm it again"
            " directly with a"
            " payment method or ConfirmationToken.",
            intent=intent,
        )
    if method["type"] not in intent["payment_method_types"]:
        raise ApiError(
            f"The PaymentMethod provided ({method['type']}) is not allowed for this PaymentIntent.",
            code="payment_intent_incompatible_payment_method",
            param="payment_method",
        )
    if "receipt_email" in params:
        intent["receipt_email"] = params.text("receipt_email")
    if "shipping" in params:
        intent["shipping"] = read_shipping(params.mapping("shipping"))
    if "capture_method" in params:
        intent["capture_method"] = params.choice("capture_method", ("automatic", "automatic_async", "manual"))
    customers.check_usable(account, intent, method)
    intent.update(payment_method=method["id"], next_action=None)
    return _attempt(account, intent, method, request, return_url=return_url)


def _attempt(
    account: Account, intent: Record, method: Record, request: RequestInfo, *, return_url: str | None
) -> Record:
    behaviour = payment_methods.behaviour_of(account, method["id"])
    if behaviour.outcome == AUTHENTICATION:
        return _ask_for_authentication(account, intent, request, return_url=return_url)
    if behaviour.outcome == DECLINED:
        assert behaviour.decline is not None
        _decline(account, intent, method, request, decline=behaviour.decline)
        raise card_error(intent)
    if behaviour.outcome == PROCESSING:
        return _start_processing(account, intent, method, request)
    return _succeed(account, intent, method, request)


def authenticate(account: Account, intent: Record, request: RequestInfo, *, is_authentic: bool) -> Record:
    """End the 3-D Secure step of an intent which waits for it; one which does not is returned as it is."""
    if intent["status"] != "requires_action":
        return intent
    method = payment_methods.find(account, intent["payment_method"])
    behaviour = payment_methods.behaviour_of(account, method["id"])
    intent["next_action"] = None
    if not is_authentic:
        error = {
            "type": "invalid_request_error",
            "code": "payment_intent_authentication_failure",
            "doc_url": "https://stripe.com/docs/error-codes/payment-intent-authentication-failure",
            "message": _AUTHENTICATION_FAILED,
            "payment_method": method,
        }
        return _fail(account, intent, request, error=error)
    if behaviour.decline:
        return _decline(account, intent, method, request, decline=behaviour.decline)
    return _succeed(account, intent, method, request, is_authenticated=True)


def finish_processing(account: Account, intent: Record, request: RequestInfo, *, is_paid: bool) -> Record:
    """End the processing of a slow method such as SEPA Direct Debit; any other intent stays as it is."""
    if intent["status"] != "processing":
        return intent
    charge = account.store.get("charge", intent["latest_charge"])
    method = payment_methods.find(account, intent["payment_method"])
    assert charge is not None
    intent["processing"] = None
    if is_paid:
        charge.update(status="succeeded", paid=True, captured=True, amount_captured=charge["amount"])
        account.save(charge)
        ledger.book_charge(account, charge)
        account.tell("charge.succeeded", charge, request=request)
        return _paid(account, intent, request, charge=charge)
    behaviour = payment_methods.behaviour_of(account, method["id"])
    decline = behaviour.decline or Decline(
        "payment_intent_payment_attempt_failed", None, "The payment failed."
    )
    charge.update(status="failed", failure_code=decline.code, failure_message=decline.message)
    account.save(charge)
    account.tell("charge.failed", charge, request=request)
    return _fail(account, intent, request, error=_error_of(decline, charge, method))


def card_error(intent: Record) -> ApiError:
    """Return the 402 answer for an intent whose card was just declined."""
    facts = dict(intent["last_payment_error"])
    message, code = facts.pop("message"), facts.pop("code")
    facts.pop("type")
    facts.pop("doc_url")
    return ApiError(
        message, status=402, type="card_error", code=code, kept=True, payment_intent=intent, **facts
    )


def _ask_for_authentication(
    account: Account, intent: Record, request: RequestInfo, *, return_url: str | None
) -> Record:
    token = new_id("src_")
    account.note(intent, authentication=token, return_url=return_url)
    address = f"{request.public_url}/authenticate/{intent['id']}/{token}"
    intent.update(
        status="requires_action",
        next_action={
            "type": "redirect_to_url",
            "redirect_to_url": {"return_url": return_url, "url": address},
        },
    )
    account.save(intent)
    account.tell("payment_intent.requires_action", intent, request=request)
    return intent


def _start_processing(account: Account, intent: Record, method: Record, request: RequestInfo) -> Record:
    charge = charges.charge(account, intent, method, request, is_pending=True)
    intent.update(
        status="processing",
        latest_charge=charge["id"],
        last_payment_error=None,
        processing={"type": method["type"]},
    )
    account.save(intent)
    account.tell("payment_intent.processing", intent, request=request)
    return intent


def _succeed(
    account: Account, intent: Record, method: Record, request: RequestInfo, *, is_authenticated: bool = False
) -> Record:
    options = intent["payment_method_options"].get(method["type"]) or {}
    manual = (options.get("capture_method") or intent["capture_method"]) == "manual"
    charge = charges.charge(
        account, intent, method, request, captured=not manual, is_authenticated=is_authenticated
    )
    return _paid(account, intent, request, charge=charge)


def _paid(account: Account, intent: Record, request: RequestInfo, *, charge: Record) -> Record:
    captured = charge["captured"]
    if intent["customer"] and intent["setup_future_usage"]:
        method = payment_methods.find(account, intent["payment_method"])
        customers.keep(account, intent, method, request)
    intent.update(
        status="succeeded" if captured else "requires_capture",
        amount_received=intent["amount"] if captured else 0,
        amount_capturable=0 if captured else intent["amount"],
        latest_charge=charge["id"],
        last_payment_error=None,
    )
    account.save(intent)
    type_ = "payment_intent.succeeded" if captured else "payment_intent.amount_capturable_updated"
    account.tell(type_, intent, request=request)
    return intent


def _decline(
    account: Account, intent: Record, method: Record, request: RequestInfo, *, decline: Decline
) -> Record:
    charge = charges.charge(account, intent, method, request, decline=decline)
    intent["latest_charge"] = charge["id"]
    return _fail(account, intent, request, error=_error_of(decline, charge, method))


def _fail(account: Account, intent: Record, request: RequestInfo, *, error: dict[str, Any]) -> Record:
    intent.update(status="requires_payment_method", payment_method=None, last_payment_error=error)
    account.save(intent)
    account.tell("payment_intent.payment_failed", intent, request=request)
    return intent


def _error_of(decline: Decline, charge: Record, method: Record) -> dict[str, Any]:
    error = {
        "type": "card_error",
        "code": decline.code,
        "charge": charge["id"],
        "doc_url": f"https://stripe.com/docs/error-codes/{decline.code.replace('_', '-')}",
        "message": decline.message,
        "payment_method": method,
    }
    if decline.decline_code:
        error["decline_code"] = decline.decline_code
    return error
