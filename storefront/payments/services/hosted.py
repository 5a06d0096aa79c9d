"""Stripe's own payment page: one session for an order that is placed already; its intent is settled as any other."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from storefront.core.money import round_amount
from storefront.payments import stripe_sessions
from storefront.payments.errors import GatewayFailed, GatewayRefused, PaymentClosed, UnknownPayment
from storefront.payments.models import OPEN_STATES, Payment, PaymentState
from storefront.payments.selectors import is_reference
from storefront.payments.services.intents import (
    customer_of,
    describe_order,
    is_key_worn,
    metadata_of,
    next_key,
)
from storefront.payments.services.records import record_unpaid
from storefront.payments.services.settle import settle
from storefront.payments.stripe_sessions import PageLine, Session, SessionOrder


@dataclass(frozen=True)
class ReturnAddresses:
    """Where Stripe sends the shopper: after paying, and when they turn back."""

    paid: str
    back: str


def open_session(*, payment_id: int, addresses: ReturnAddresses, now: datetime) -> str:
    """Return the address of the order's payment page, the same one as long as it is open.

    Raises PaymentClosed when the order is paid, being paid or over, GatewayError when Stripe did not answer: then
    try again. Call it outside any transaction.
    """
    payment = Payment.objects.select_related("order__user").get(pk=payment_id)
    if payment.state == PaymentState.AWAITING and payment.session_id:
        session = stripe_sessions.retrieve_session(payment.session_id)
        if session.is_open:
            return session.url
        payment = read_session(session=session, now=now)
    if payment.state != PaymentState.AWAITING or payment.session_id:
        raise _closed()
    session = _create_or_find(payment, addresses=addresses, now=now)
    if not _adopt(payment_id=payment_id, session=session):
        raise _closed()
    return session.url


def read_session(*, session: Session, now: datetime) -> Payment:
    """Bring the payment of this session to what became of it; raises UnknownPayment for what is not ours."""
    payment = Payment.objects.filter(session_id=session.id).first() or _of_reference(session)
    if payment is None:
        raise UnknownPayment(session.id)
    if session.intent_id and session.status == "complete":
        return settle(intent_id=session.intent_id, now=now)
    if session.status == "expired":
        return _close(payment.pk, state=PaymentState.EXPIRED, now=now, session_id=session.id)
    return payment


def settle_session(*, session_id: str, now: datetime) -> Payment:
    """Read a session from Stripe and settle it; raises UnknownPayment, or GatewayError when it could not be read."""
    return read_session(session=stripe_sessions.retrieve_session(session_id), now=now)


def settle_hosted(*, payment: Payment, now: datetime) -> bool:
    """Find out what became of an open order's page; return whether it is paid now."""
    if payment.session_id:
        return settle_session(session_id=payment.session_id, now=now).is_paid
    if payment.attempted_at is None:
        return False
    lost = _find_lost(payment)
    return (
        bool(lost)
        and _adopt(payment_id=payment.pk, session=lost)
        and read_session(session=lost, now=now).is_paid
    )


def cancel_hosted(*, payment: Payment, state: PaymentState, now: datetime) -> Payment:
    """Close the page at Stripe first, then the order as `state`; money that was faster is settled instead."""
    session_id = payment.session_id
    if session_id is None and payment.attempted_at is not None:
        lost = _find_lost(payment)
        session_id = lost.id if lost and _adopt(payment_id=payment.pk, session=lost) else None
    if session_id:
        session = stripe_sessions.expire_session(session_id)
        if session.status == "complete":
            return settle(intent_id=session.intent_id, now=now)
    return _close(payment.pk, state=state, now=now, session_id=session_id)


def _close(payment_id: int, *, state: PaymentState, now: datetime, session_id: str | None) -> Payment:
    """Write the order off while it is still unpaid; a session made since we looked is left to the next run."""
    with transaction.atomic():
        rows = Payment.objects.select_for_update(of=("self", "order")).select_related("order")
        payment = rows.get(pk=payment_id)
        if payment.state == PaymentState.AWAITING and payment.session_id == session_id:
            record_unpaid(payment, state=state, now=now)
    return payment


def _adopt(*, payment_id: int, session: Session) -> bool:
    """Tie the session to the payment for good; one too late is expired. Return whether the payment's is this one."""
    waiting = Payment.objects.filter(pk=payment_id, session_id=None, state__in=OPEN_STATES)
    if waiting.update(session_id=session.id) or Payment.objects.filter(session_id=session.id).exists():
        return True
    stripe_sessions.expire_session(session.id)
    return False


def _of_reference(session: Session) -> Payment | None:
    """Return the payment of a session whose answer was lost, the session tied to it."""
    if not is_reference(session.reference):
        return None
    payment = Payment.objects.filter(reference=session.reference, is_hosted=True).first()
    if payment is None or not _adopt(payment_id=payment.pk, session=session):
        return None
    return payment


def _find_lost(payment: Payment) -> Session | None:
    return stripe_sessions.find_session(reference=payment.reference.hex, since=payment.created_at)


def _create_or_find(payment: Payment, *, addresses: ReturnAddresses, now: datetime) -> Session:
    is_first = payment.attempted_at is None
    if is_first:
        Payment.objects.filter(pk=payment.pk, attempted_at=None).update(attempted_at=now)
        payment.refresh_from_db(fields=["attempted_at"])
    elif is_key_worn(payment, now=now):
        return _find_or_create(payment, addresses=addresses, now=now)
    # Counted from the first try: two tabs at once, or a second try, say the same under the same key.
    order = _session_order(payment, addresses=addresses, now=payment.attempted_at or now)
    try:
        return stripe_sessions.create_session(key=payment.attempt_key, order=order)
    except (GatewayFailed, GatewayRefused):
        # Stripe repeats its first answer to a key, failures included: look first, then try under a new key.
        if is_first:
            raise
        return _find_or_create(payment, addresses=addresses, now=now)


def _find_or_create(payment: Payment, *, addresses: ReturnAddresses, now: datetime) -> Session:
    order = _session_order(payment, addresses=addresses, now=now)
    return _find_lost(payment) or stripe_sessions.create_session(key=next_key(payment), order=order)


def _session_order(payment: Payment, *, addresses: ReturnAddresses, now: datetime) -> SessionOrder:
    order = payment.order
    ends = max(payment.expires_at, now + stripe_sessions.SHORTEST)
    return SessionOrder(
        amount=payment.amount,
        currency=payment.currency,
        lines=_page_lines(order),
        description=describe_order(payment),
        metadata=metadata_of(payment),
        email=order.email,
        language=payment.language.partition("-")[0],
        expires_at=min(ends, now + stripe_sessions.LONGEST),
        success_url=addresses.paid,
        cancel_url=addresses.back,
        captures_later=payment.captures_later,
        customer_id=customer_of(payment),
        saves_card=payment.saves_card,
    )


def _page_lines(order: Any) -> list[PageLine]:
    """Return what was bought with tax and after discounts, and the delivery. Gift cards are no line: see the sum."""
    lines = [_page_line(line, order.currency) for line in order.lines.order_by("pk")]
    if order.shipping_incl_tax:
        lines.append(PageLine(str(order.shipping_method), order.shipping_incl_tax, 1))
    return lines


def _page_line(line: Any, currency: str) -> PageLine:
    each = round_amount(amount=Decimal(line.line_price_incl_tax) / line.quantity, currency=currency)
    if each * line.quantity == line.line_price_incl_tax:
        return PageLine(line.title, each, line.quantity)
    return PageLine(f"{line.quantity} × {line.title}", line.line_price_incl_tax, 1)


def _closed() -> PaymentClosed:
    return PaymentClosed(_("This order can no longer be paid. Put the items in your basket again."))
