"""Disputes and early fraud warnings: what a cardholder's bank does to a charge, when a test tells it to."""

from . import ledger
from .account import Account, RequestInfo
from .errors import ApiError, missing_resource
from .forms import Params
from .store import Record, new_id

LIST = frozenset(
    {"charge", "payment_intent", "created", "limit", "starting_after", "ending_before", "expand"}
)
ANSWER_SECONDS = 9 * 24 * 60 * 60
_NEXT = {
    "needs_response": ("under_review", "won", "lost"),
    "under_review": ("won", "lost"),
    "warning_needs_response": ("warning_under_review", "warning_closed", "needs_response"),
    "warning_under_review": ("warning_closed", "needs_response"),
    "warning_closed": (),
    "won": (),
    "lost": (),
}


def open_dispute(
    account: Account,
    intent: Record,
    request: RequestInfo,
    *,
    amount: int | None = None,
    reason: str = "fraudulent",
    status: str = "needs_response",
) -> Record:
    """Let the bank take a paid charge's money back, or only ask about it (`warning_needs_response`)."""
    charge = account.store.get("charge", intent["latest_charge"] or "")
    if charge is None or not charge["captured"]:
        raise ApiError("Only a captured charge can be disputed.")
    left = charge["amount_captured"] - charge["amount_refunded"]
    if not 0 < (left if amount is None else amount) <= left:
        raise ApiError("Only what was not refunded can be disputed.")
    dispute: Record = {
        "id": new_id("du_"),
        "object": "dispute",
        "amount": left if amount is None else amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": account.now(),
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {},
        "evidence_details": {
            "due_by": account.now() + ANSWER_SECONDS,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": status.startswith("warning_"),
        "livemode": False,
        "metadata": {},
        "network_reason_code": "10.4",
        "payment_intent": intent["id"],
        "payment_method_details": {
            "card": {"brand": "visa", "case_type": "chargeback", "network_reason_code": "10.4"},
            "type": "card",
        },
        "reason": reason,
        "status": status,
    }
    account.save(dispute)
    charge["disputed"] = True
    account.save(charge)
    account.tell("charge.dispute.created", dispute, request=request)
    if status == "needs_response":
        _withdraw(account, dispute, request)
    return dispute


def move(account: Account, identifier: str, request: RequestInfo, *, status: str) -> Record:
    """Bring a dispute to its next status; money moves when it becomes one, and back when it is won."""
    dispute = find(account, identifier)
    if status not in _NEXT[dispute["status"]]:
        raise ApiError(f"A dispute does not go from {dispute['status']} to {status}.", param="status")
    was_inquiry = dispute["status"].startswith("warning_")
    dispute["status"] = status
    is_closed = not _NEXT[status]
    if is_closed:
        dispute["evidence_details"]["due_by"] = None
    account.save(dispute)
    if was_inquiry and status == "needs_response":
        dispute["is_charge_refundable"] = False
        _withdraw(account, dispute, request)
    if status == "won":
        dispute["balance_transactions"].append(
            _entry(
                account,
                ledger.book(
                    account,
                    "adjustment",
                    dispute,
                    amount=dispute["amount"],
                    fee=-ledger.DISPUTE_FEE,
                    category="dispute_reversal",
                ),
            )
        )
        account.save(dispute)
        account.tell("charge.dispute.funds_reinstated", dispute, request=request)
    type_ = "charge.dispute.closed" if is_closed else "charge.dispute.updated"
    account.tell(type_, dispute, request=request)
    return dispute


def warn(account: Account, intent: Record, request: RequestInfo, *, fraud_type: str = "misc") -> Record:
    """Let the card network warn that a charge is probably fraud."""
    warning = {
        "id": new_id("issfr_"),
        "object": "radar.early_fraud_warning",
        "actionable": True,
        "charge": intent["latest_charge"],
        "created": account.now(),
        "fraud_type": fraud_type,
        "livemode": False,
        "payment_intent": intent["id"],
    }
    account.save(warning)
    account.tell("radar.early_fraud_warning.created", warning, request=request)
    return warning


def find(account: Account, identifier: str) -> Record:
    """Return a dispute by id, or raise resource_missing."""
    dispute = account.store.get("dispute", identifier)
    if dispute is None:
        raise missing_resource("dispute", identifier)
    return dispute


def check_refundable(account: Account, charge: Record) -> None:
    """Refuse a refund of money the bank has already taken, as Stripe does (code charge_disputed)."""
    taken = ("needs_response", "under_review", "lost")
    for dispute in account.store.every("dispute"):
        if dispute["charge"] == charge["id"] and dispute["status"] in taken:
            raise ApiError(
                f"Charge {charge['id']} has been charged back; cannot issue a refund.",
                code="charge_disputed",
                kept=True,
            )


def list_disputes(account: Account, params: Params) -> list[Record]:
    """Return the disputes, oldest first, of one charge or intent or all of them."""
    return _of_payment(account.store.every("dispute"), params)


def list_warnings(account: Account, params: Params) -> list[Record]:
    """Return the early fraud warnings, oldest first, of one charge or intent or all of them."""
    return _of_payment(account.store.every("radar.early_fraud_warning"), params)


def _of_payment(found: list[Record], params: Params) -> list[Record]:
    for name in ("charge", "payment_intent"):
        wanted = params.text(name)
        if wanted:
            found = [thing for thing in found if thing[name] == wanted]
    return found


def _withdraw(account: Account, dispute: Record, request: RequestInfo) -> None:
    entry = ledger.book(
        account,
        "adjustment",
        dispute,
        amount=-dispute["amount"],
        fee=ledger.DISPUTE_FEE,
        category="dispute",
    )
    dispute["balance_transactions"].append(_entry(account, entry))
    account.save(dispute)
    account.tell("charge.dispute.funds_withdrawn", dispute, request=request)


def _entry(account: Account, identifier: str) -> Record:
    entry = account.store.get("balance_transaction", identifier)
    assert entry is not None
    return dict(entry)
