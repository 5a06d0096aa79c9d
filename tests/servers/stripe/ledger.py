"""The account's books: a balance transaction per movement of money, and the payouts that empty the balance."""

from .account import Account, RequestInfo
from .errors import ApiError, missing_resource
from .forms import Params
from .store import Record, new_id

TRANSACTION_LIST = frozenset(
    {
        "created", "currency", "payout", "source", "type", "limit", "starting_after", "ending_before",
        "expand",
    }
)  # fmt: skip
PAYOUT_LIST = frozenset(
    {"arrival_date", "created", "status", "limit", "starting_after", "ending_before", "expand"}
)
DISPUTE_FEE = 1500
_DAY_SECONDS = 24 * 60 * 60
# Stripe's type of a movement, and the category its reports put it in.
_CATEGORIES = {
    "charge": "charge",
    "payment": "charge",
    "refund": "refund",
    "payment_refund": "refund",
    "refund_failure": "refund_failure",
    "payout": "payout",
    "payout_failure": "payout_reversal",
}


def book(
    account: Account,
    type: str,
    source: Record,
    *,
    amount: int,
    fee: int = 0,
    category: str | None = None,
) -> str:
    """Write a movement of `amount` (signed) and `fee` into the books and return its id."""
    entry = {
        "id": new_id("txn_"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": account.now() + 2 * _DAY_SECONDS,
        "balance_type": "payments",
        "created": account.now(),
        "currency": source["currency"],
        "description": source.get("description"),
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [
            {
                "amount": fee,
                "application": None,
                "currency": source["currency"],
                "description": "Stripe processing fees",
                "type": "stripe_fee",
            }
        ]
        if fee
        else [],
        "net": amount - fee,
        "reporting_category": category or _CATEGORIES[type],
        "source": source["id"],
        "status": "pending",
        "type": type,
    }
    account.save(entry)
    return str(entry["id"])


def book_charge(account: Account, charge: Record) -> None:
    """Book what a charge took, less a fee of 2.9 % and 30 of the smallest units."""
    taken = charge["amount_captured"]
    fee = min(taken, taken * 29 // 1000 + 30)
    type_ = "charge" if charge["payment_method_details"]["type"] == "card" else "payment"
    charge["balance_transaction"] = book(account, type_, charge, amount=taken, fee=fee)
    account.save(charge)


def list_transactions(account: Account, params: Params) -> list[Record]:
    """Return the movements, oldest first, all or of one payout, object, type or currency."""
    found = account.store.every("balance_transaction")
    for name in ("source", "type", "currency"):
        wanted = params.text(name)
        if wanted:
            found = [entry for entry in found if entry[name] == wanted]
    payout_id = params.text("payout")
    if payout_id:
        payout = find_payout(account, payout_id, status=400)
        if payout["reconciliation_status"] != "completed":
            raise ApiError(
                "Balance transaction history can only be filtered on automatic transfers, not manual.",
                param="payout",
            )
        paid_out = set(account.noted(payout_id)["transactions"])
        found = [entry for entry in found if entry["id"] in paid_out]
    return found


def find_payout(account: Account, identifier: str, *, status: int = 404) -> Record:
    """Return a payout by id, or raise resource_missing."""
    payout = account.store.get("payout", identifier)
    if payout is None:
        raise missing_resource("payout", identifier, status=status)
    return payout


def list_payouts(account: Account, params: Params) -> list[Record]:
    """Return the payouts, oldest first, all or of one status."""
    status = params.text("status")
    return [p for p in account.store.every("payout") if status in (None, p["status"])]


def pay_out(account: Account, request: RequestInfo, *, currency: str) -> Record | None:
    """Pay the whole balance of a currency out to the bank, as the daily schedule does; None when there is nothing."""
    taken = {
        name
        for note in account.store.every("note")
        if "transactions" in note
        for name in note["transactions"]
    }
    entries = [
        entry
        for entry in account.store.every("balance_transaction")
        if entry["currency"] == currency and entry["id"] not in taken
    ]
    amount = sum(entry["net"] for entry in entries)
    if amount <= 0:
        return None
    payout: Record = {
        "id": new_id("po_"),
        "object": "payout",
        "amount": amount,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": account.now() + 2 * _DAY_SECONDS,
        "automatic": True,
        "balance_transaction": None,
        "created": account.now(),
        "currency": currency,
        "description": "STRIPE PAYOUT",
        "destination": "ba_standin",
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "original_payout": None,
        "reconciliation_status": "in_progress",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": None,
        "status": "in_transit",
        "trace_id": None,
        "type": "bank_account",
    }
    payout["balance_transaction"] = book(account, "payout", payout, amount=-amount)
    names = [entry["id"] for entry in entries] + [payout["balance_transaction"]]
    account.note(payout, transactions=names)
    account.save(payout)
    account.tell("payout.created", payout, request=request)
    return payout


def finish_payout(account: Account, identifier: str, request: RequestInfo, *, is_paid: bool = True) -> Record:
    """Let a payout arrive, its lines listed from now on; or fail, its money back in the balance."""
    payout = find_payout(account, identifier)
    if is_paid:
        payout.update(status="paid", reconciliation_status="completed")
        account.save(payout)
        account.tell("payout.paid", payout, request=request)
        account.tell("payout.reconciliation_completed", payout, request=request)
        return payout
    payout.update(
        status="failed",
        failure_code="account_closed",
        failure_message="The bank account has been closed.",
        failure_balance_transaction=book(account, "payout_failure", payout, amount=payout["amount"]),
    )
    account.save(payout)
    account.tell("payout.failed", payout, request=request)
    return payout
