"""Reads of Stripe's books through the gateway: refunds, disputes, warnings, balance transactions, payouts, events."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from storefront.payments import gateway

REFUND_KEY = "refund"
_PAGE = 100
_TYPES_AT_ONCE = 20  # docs.stripe.com/api/events/list, types


@dataclass(frozen=True)
class RefundFact:
    """A refund as Stripe has it now; `reference` is ours from its metadata, empty when made in the Dashboard."""

    id: str
    intent_id: str
    amount: Decimal
    currency: str
    status: str
    reason: str
    failure: str
    reference: str
    created_at: datetime


@dataclass(frozen=True)
class DisputeFact:
    """A dispute as Stripe has it now."""

    id: str
    intent_id: str
    amount: Decimal
    currency: str
    reason: str
    status: str
    answer_by: datetime | None
    opened_at: datetime


@dataclass(frozen=True)
class WarningFact:
    """A card network's early fraud warning."""

    id: str
    intent_id: str
    fraud_type: str
    is_actionable: bool
    warned_at: datetime


@dataclass(frozen=True)
class TransactionFact:
    """A line of Stripe's books; `intent_id` is empty where no payment caused it."""

    id: str
    type: str
    category: str
    source_id: str
    intent_id: str
    amount: Decimal
    fee: Decimal
    net: Decimal
    currency: str
    charged_amount: Decimal | None
    charged_currency: str
    exchange_rate: Decimal | None
    description: str
    created_at: datetime
    available_on: datetime


@dataclass(frozen=True)
class PayoutFact:
    """A payout as Stripe has it now; `is_itemised` says whether its lines can be listed yet."""

    id: str
    amount: Decimal
    currency: str
    status: str
    is_automatic: bool
    is_itemised: bool
    arrives_on: date
    created_at: datetime
    failure: str
    bank_reference: str


def create_refund(
    *, key: str, reference: str, intent_id: str, amount: Decimal, currency: str, reason: str
) -> RefundFact:
    """Give money back on a payment intent; the same key gives the same refund."""
    params: dict[str, Any] = {
        "payment_intent": intent_id,
        "amount": gateway.to_minor_units(amount=amount, currency=currency),
        "metadata": {REFUND_KEY: reference},
    }
    if reason:
        params["reason"] = reason
    answer: Any = params
    return _refund(
        gateway.ask(lambda client: client.v1.refunds.create(answer, {"idempotency_key": key}).to_dict())
    )


def retrieve_refund(refund_id: str) -> RefundFact:
    """Return the refund as Stripe has it now."""
    return _refund(gateway.ask(lambda client: client.v1.refunds.retrieve(refund_id).to_dict()))


def list_refunds(*, intent_id: str = "", since: datetime | None = None) -> Iterator[RefundFact]:
    """Yield the refunds of an intent, or those made since a moment, newest first."""
    params = _filter(intent_id=intent_id, since=since)
    found = gateway.stream(lambda client: client.v1.refunds.list(params).auto_paging_iter())
    return (_refund(thing.to_dict()) for thing in found)


def retrieve_dispute(dispute_id: str) -> DisputeFact:
    """Return the dispute as Stripe has it now."""
    return _dispute(gateway.ask(lambda client: client.v1.disputes.retrieve(dispute_id).to_dict()))


def list_disputes(*, intent_id: str = "", since: datetime | None = None) -> Iterator[DisputeFact]:
    """Yield the disputes of an intent, or those opened since a moment, newest first."""
    params = _filter(intent_id=intent_id, since=since)
    found = gateway.stream(lambda client: client.v1.disputes.list(params).auto_paging_iter())
    return (_dispute(thing.to_dict()) for thing in found)


def retrieve_warning(warning_id: str) -> WarningFact:
    """Return the early fraud warning as Stripe has it now."""
    return _warning(
        gateway.ask(lambda client: client.v1.radar.early_fraud_warnings.retrieve(warning_id).to_dict())
    )


def list_warnings(*, since: datetime) -> Iterator[WarningFact]:
    """Yield the early fraud warnings since a moment, newest first."""
    params = _filter(since=since)
    found = gateway.stream(
        lambda client: client.v1.radar.early_fraud_warnings.list(params).auto_paging_iter()
    )
    return (_warning(thing.to_dict()) for thing in found)


def retrieve_charge_intent(charge_id: str) -> str:
    """Return the id of the payment intent a charge belongs to, empty for none."""
    return _id(
        gateway.ask(lambda client: client.v1.charges.retrieve(charge_id).to_dict()).get("payment_intent")
    )


def list_transactions(*, since: datetime | None = None, payout_id: str = "") -> Iterator[TransactionFact]:
    """Yield the balance transactions booked since a moment, or those a payout paid out, newest first."""
    params: Any = {"limit": _PAGE, "expand": ["data.source"]}
    if since:
        params["created"] = {"gte": int(since.timestamp())}
    if payout_id:
        params["payout"] = payout_id
    found = gateway.stream(lambda client: client.v1.balance_transactions.list(params).auto_paging_iter())
    return (_transaction(thing.to_dict()) for thing in found)


def retrieve_payout(payout_id: str) -> PayoutFact:
    """Return the payout as Stripe has it now."""
    return _payout(gateway.ask(lambda client: client.v1.payouts.retrieve(payout_id).to_dict()))


def list_payouts(*, since: datetime) -> Iterator[PayoutFact]:
    """Yield the payouts made since a moment, newest first."""
    params = _filter(since=since)
    found = gateway.stream(lambda client: client.v1.payouts.list(params).auto_paging_iter())
    return (_payout(thing.to_dict()) for thing in found)


def list_missed_events(*, since: datetime, types: Iterable[str]) -> list[gateway.Event]:
    """Return the events since a moment that no webhook took, oldest first; Stripe keeps them for 30 days."""
    wanted, found = list(types), []
    for start in range(0, len(wanted), _TYPES_AT_ONCE):
        params: Any = {
            "limit": _PAGE,
            "created": {"gte": int(since.timestamp())},
            "types": wanted[start : start + _TYPES_AT_ONCE],
            "delivery_success": False,
        }
        page = gateway.ask(lambda client, p=params: list(client.v1.events.list(p).auto_paging_iter()))
        found += [_event(thing.to_dict()) for thing in page]
    return sorted(found, key=lambda event: (event.created_at, event.id))


def _filter(*, intent_id: str = "", since: datetime | None = None) -> Any:
    params: dict[str, Any] = {"limit": _PAGE}
    if intent_id:
        params["payment_intent"] = intent_id
    if since:
        params["created"] = {"gte": int(since.timestamp())}
    return params


def _refund(thing: dict[str, Any]) -> RefundFact:
    reference = (thing.get("metadata") or {}).get(REFUND_KEY, "")
    return RefundFact(
        id=thing["id"],
        intent_id=_id(thing.get("payment_intent")),
        amount=_amount(thing["amount"], thing["currency"]),
        currency=thing["currency"].upper(),
        # Null for a few old methods, whose refunds are made at once (docs.stripe.com/api/refunds/object).
        status=thing.get("status") or "succeeded",
        reason=thing.get("reason") or "",
        failure=thing.get("failure_reason") or "",
        reference=reference if re.fullmatch(r"[0-9a-f]{32}", reference) else "",
        created_at=_moment(thing["created"]),
    )


def _dispute(thing: dict[str, Any]) -> DisputeFact:
    due = (thing.get("evidence_details") or {}).get("due_by")
    return DisputeFact(
        id=thing["id"],
        intent_id=_id(thing.get("payment_intent")),
        amount=_amount(thing["amount"], thing["currency"]),
        currency=thing["currency"].upper(),
        reason=thing["reason"],
        status=thing["status"],
        answer_by=_moment(due) if due else None,
        opened_at=_moment(thing["created"]),
    )


def _warning(thing: dict[str, Any]) -> WarningFact:
    return WarningFact(
        id=thing["id"],
        intent_id=_id(thing.get("payment_intent")),
        fraud_type=thing["fraud_type"],
        is_actionable=thing["actionable"],
        warned_at=_moment(thing["created"]),
    )


def _transaction(thing: dict[str, Any]) -> TransactionFact:
    source = thing.get("source")
    held: dict[str, Any] = source if isinstance(source, dict) else {}
    charged_in = str(held.get("currency") or "")
    charged = None
    if charged_in and "amount" in held:
        # Of a charge taken in part, the books hold that part.
        held_amount = held.get("amount_captured") or held["amount"]
        charged = abs(_amount(held_amount, charged_in)) * (1 if thing["amount"] >= 0 else -1)
    rate = thing.get("exchange_rate")
    return TransactionFact(
        id=thing["id"],
        type=thing["type"],
        category=thing["reporting_category"],
        source_id=_id(source),
        intent_id=_id(held.get("payment_intent")),
        amount=_amount(thing["amount"], thing["currency"]),
        fee=_amount(thing["fee"], thing["currency"]),
        net=_amount(thing["net"], thing["currency"]),
        currency=thing["currency"].upper(),
        charged_amount=charged,
        charged_currency=charged_in.upper() if charged is not None else "",
        exchange_rate=Decimal(str(rate)) if rate is not None else None,
        description=thing.get("description") or "",
        created_at=_moment(thing["created"]),
        available_on=_moment(thing["available_on"]),
    )


def _payout(thing: dict[str, Any]) -> PayoutFact:
    return PayoutFact(
        id=thing["id"],
        amount=_amount(thing["amount"], thing["currency"]),
        currency=thing["currency"].upper(),
        status=thing["status"],
        is_automatic=thing["automatic"],
        is_itemised=thing["reconciliation_status"] == "completed",
        arrives_on=_moment(thing["arrival_date"]).date(),
        created_at=_moment(thing["created"]),
        failure=thing.get("failure_message") or thing.get("failure_code") or "",
        bank_reference=thing.get("statement_descriptor") or "",
    )


def _event(thing: dict[str, Any]) -> gateway.Event:
    about = thing["data"]["object"]
    return gateway.Event(
        id=thing["id"],
        type=thing["type"],
        object_id=about.get("id") or "",
        metadata=about.get("metadata") or {},
        is_live=thing["livemode"],
        created_at=_moment(thing["created"]),
    )


def _amount(minor: int, currency: str) -> Decimal:
    return gateway.from_minor_units(minor=minor, currency=currency.upper())


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)


def _id(value: Any) -> str:
    """Return the id of what may be an id, an expanded object or nothing."""
    return str(value["id"] if isinstance(value, dict) else value or "")
