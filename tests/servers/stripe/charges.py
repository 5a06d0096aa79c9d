"""Charges: what one attempt at a payment did with the money."""

from typing import Any

from . import ledger
from .account import Account, RequestInfo
from .cards import Decline
from .forms import Params
from .store import Record, new_id

LIST = frozenset(
    {"created", "customer", "payment_intent", "limit", "starting_after", "ending_before", "expand"}
)


RESERVED_SECONDS = 7 * 24 * 60 * 60


def charge(
    account: Account,
    intent: Record,
    method: Record,
    request: RequestInfo,
    *,
    decline: Decline | None = None,
    captured: bool = True,
    is_pending: bool = False,
    is_authenticated: bool = False,
) -> Record:
    """Record one attempt to charge an intent's amount: paid, only authorised, pending, or declined."""
    status = "failed" if decline else "pending" if is_pending else "succeeded"
    paid = status == "succeeded"
    details: dict[str, Any] = {"type": method["type"], method["type"]: dict(method[method["type"]])}
    if method["type"] == "card":
        details["card"].update(
            amount_authorized=intent["amount"] if paid else None,
            **({"capture_before": account.now() + RESERVED_SECONDS} if paid and not captured else {}),
            network=method["card"]["brand"],
            three_d_secure={"result": "authenticated", "version": "2.2.0"} if is_authenticated else None,
        )
    thing = {
        "id": new_id("ch_" if method["type"] == "card" else "py_"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": intent["amount"] if paid and captured else 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": "STAND-IN",
        "captured": paid and captured,
        "created": account.now(),
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": decline.code if decline else None,
        "failure_message": decline.message if decline else None,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "on_behalf_of": None,
        "outcome": _outcome(decline),
        "paid": paid,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": details,
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": intent["shipping"],
        "source": None,
        "source_transfer": None,
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": status,
        "transfer_data": None,
        "transfer_group": None,
    }
    account.save(thing)
    if thing["captured"]:
        ledger.book_charge(account, thing)
    account.tell(f"charge.{status}", thing, request=request)
    return thing


def list_charges(account: Account, params: Params) -> list[Record]:
    """Return the charges, oldest first, of one intent or customer or all of them."""
    found = account.store.every("charge")
    for name in ("payment_intent", "customer"):
        wanted = params.text(name)
        if wanted:
            found = [thing for thing in found if thing[name] == wanted]
    return found


def _outcome(decline: Decline | None) -> Record:
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "declined_by_network" if decline else "approved_by_network",
        "reason": (decline.decline_code or decline.code) if decline else None,
        "risk_level": "normal",
        "seller_message": "The bank did not complete the payment." if decline else "Payment complete.",
        "type": "issuer_declined" if decline else "authorized",
    }
