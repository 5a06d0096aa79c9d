"""Refunds: never more than was captured; at once, or pending for the test cards which say so."""

from . import disputes, ledger, payment_methods
from .account import Account, RequestInfo
from .currencies import format_amount
from .errors import ApiError, missing_resource
from .forms import Params
from .store import Record, new_id

CREATE = frozenset({"amount", "charge", "payment_intent", "metadata", "reason", "expand"})
UPDATE = frozenset({"metadata", "expand"})
LIST = frozenset(
    {"charge", "payment_intent", "created", "limit", "starting_after", "ending_before", "expand"}
)
REASONS = ("duplicate", "fraudulent", "requested_by_customer")
_LIVE = ("pending", "succeeded", "requires_action")


def find(account: Account, identifier: str) -> Record:
    """Return a refund by id, or raise resource_missing."""
    refund = account.store.get("refund", identifier)
    if refund is None:
        raise missing_resource("refund", identifier)
    return refund


def create(account: Account, params: Params, request: RequestInfo) -> Record:
    """Refund a charge or an intent, wholly or in part."""
    reason = params.choice("reason", REASONS)
    charge = _find_charge(account, params)
    disputes.check_refundable(account, charge)
    left = charge["amount_captured"] - charge["amount_refunded"]
    if left <= 0:
        raise ApiError(
            f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded", kept=True
        )
    amount = params.integer("amount")
    amount = left if amount is None else amount
    if amount < 1:
        raise ApiError("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if amount > left:
        partly = "unrefunded amount on charge" if charge["amount_refunded"] else "charge amount"
        shown, most = (format_amount(value, currency=charge["currency"]) for value in (amount, left))
        raise ApiError(
            f"Refund amount ({shown}) is greater than {partly} ({most})", param="amount", kept=True
        )
    status = payment_methods.behaviour_of(account, charge["payment_method"]).refund
    refund = {
        "id": new_id("re_"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": account.now(),
        "currency": charge["currency"],
        "customer": charge["customer"],
        "customer_account": None,
        "destination_details": {"card": {"type": "refund"}, "type": "card"},
        "metadata": params.metadata({}),
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": status,
        "transfer_reversal": None,
    }
    if status == "pending":
        refund["pending_reason"] = "processing"
    type_ = "refund" if charge["payment_method_details"]["type"] == "card" else "payment_refund"
    refund["balance_transaction"] = ledger.book(account, type_, refund, amount=-amount)
    account.save(refund)
    _count(account, charge)
    account.tell("refund.created", refund, request=request)
    account.tell("charge.refunded", charge, request=request)
    return refund


def update(account: Account, identifier: str, params: Params, request: RequestInfo) -> Record:
    """Change a refund's metadata."""
    refund = find(account, identifier)
    refund["metadata"] = params.metadata(refund["metadata"])
    account.save(refund)
    account.tell("refund.updated", refund, request=request)
    return refund


def finish(account: Account, identifier: str, request: RequestInfo, *, status: str) -> Record:
    """Let a refund succeed, fail or be cancelled, as the bank would days later."""
    if status not in ("succeeded", "failed", "canceled"):
        raise ApiError("status must be succeeded, failed or canceled", param="status")
    refund = find(account, identifier)
    was_live = refund["status"] in _LIVE
    refund.pop("pending_reason", None)
    refund["status"] = status
    if status == "failed":
        refund["failure_reason"] = "expired_or_canceled_card"
    if was_live and status != "succeeded":
        refund["failure_balance_transaction"] = ledger.book(
            account, "refund_failure", refund, amount=refund["amount"]
        )
    account.save(refund)
    charge = account.store.get("charge", refund["charge"])
    if charge:
        _count(account, charge)
    account.tell("refund.updated", refund, request=request)
    if status == "failed":
        account.tell("refund.failed", refund, request=request)
    return refund


def list_refunds(account: Account, params: Params) -> list[Record]:
    """Return the refunds, oldest first, of one charge or intent or all of them."""
    found = account.store.every("refund")
    for name in ("charge", "payment_intent"):
        wanted = params.text(name)
        if wanted:
            found = [refund for refund in found if refund[name] == wanted]
    return found


def _find_charge(account: Account, params: Params) -> Record:
    identifier, intent_id = params.text("charge"), params.text("payment_intent")
    if intent_id:
        intent = account.store.get("payment_intent", intent_id)
        if intent is None:
            raise missing_resource("payment_intent", intent_id, param="payment_intent", status=400)
        if intent["status"] != "succeeded":
            raise ApiError(
                f"This PaymentIntent ({intent_id}) does not have a successful charge to refund.",
                param="payment_intent",
                kept=True,
            )
        identifier = intent["latest_charge"]
    if not identifier:
        raise ApiError(
            "One of the following params should be provided for this request: payment_intent or charge.",
            code="parameter_missing",
        )
    charge = account.store.get("charge", identifier)
    if charge is None:
        raise missing_resource("charge", identifier, param="charge", status=400)
    return charge


def _count(account: Account, charge: Record) -> None:
    refunds = [refund for refund in account.store.every("refund") if refund["charge"] == charge["id"]]
    charge["amount_refunded"] = sum(refund["amount"] for refund in refunds if refund["status"] in _LIVE)
    charge["refunded"] = charge["amount_refunded"] >= charge["amount_captured"]
    account.save(charge)
