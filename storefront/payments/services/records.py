"""What being paid, or not, writes into Oscar's tables. Called with the payment's row locked."""

import logging
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F
from oscar.core.loading import get_model

from storefront.payments.models import CaptureState, Payment, PaymentState
from storefront.payments.services.confirmation import send_confirmation
from storefront.payments.services.free_stock import release_stock
from storefront.payments.services.oscar_refunds import write_refunds
from storefront.tender.services import return_credit

Order = get_model("order", "Order")
PaymentEvent = get_model("order", "PaymentEvent")
PaymentEventQuantity = get_model("order", "PaymentEventQuantity")
PaymentEventType = get_model("order", "PaymentEventType")
Source = get_model("payment", "Source")
SourceType = get_model("payment", "SourceType")
Transaction = get_model("payment", "Transaction")
VoucherApplication = get_model("voucher", "VoucherApplication")

logger = logging.getLogger(__name__)


def record_authorised(
    payment: Payment, *, now: datetime, method: str, capture_before: datetime | None
) -> None:
    """Mark the money reserved and the order accepted, and queue the confirmation for after the commit."""
    payment.state, payment.authorised_at = PaymentState.AUTHORISED, now
    payment.method, payment.decline, payment.capture_before = method, "", capture_before
    payment.save()
    source = _source_of(payment)
    source.transactions.create(
        txn_type=Transaction.AUTHORISE,
        amount=payment.amount,
        reference=source.reference,
        status="requires_capture",
    )
    order = payment.order
    if "Authorised" in order.available_statuses():
        order.set_status("Authorised")
        transaction.on_commit(partial(send_confirmation.enqueue, payment.pk))
    logger.info("Order %s is accepted, its money reserved until %s.", order.number, capture_before)


def record_paid(payment: Payment, *, now: datetime, method: str, taken: Decimal | None = None) -> None:
    """Mark the payment and its order paid, and queue the confirmation for after the commit.

    `taken` is what was taken of reserved money, where that may be less than was promised.
    """
    payment.state, payment.paid_at, payment.method, payment.decline = PaymentState.PAID, now, method, ""
    payment.taken = taken if taken != payment.amount else None
    payment.save()
    payment.captures.filter(state=CaptureState.REQUESTED).update(state=CaptureState.DONE, changed_at=now)
    order = payment.order
    if payment.amount:
        _record_debit(payment)
        write_refunds(payment)
    if order.status != "Shipped":
        order.set_status("Paid")
    transaction.on_commit(partial(send_confirmation.enqueue, payment.pk))
    logger.info("Order %s is paid.", order.number)


def record_unpaid(payment: Payment, *, state: PaymentState, now: datetime) -> None:
    """Close the payment, cancel its order, and give back stock, vouchers and credit.

    What is sent already stays sent: then only the money is gone, and a person must ask for it.
    """
    order = payment.order
    payment.state = state
    payment.save()
    Source.objects.filter(order=order, reference=payment.intent_id).update(amount_allocated=Decimal(0))
    if order.status == "Shipped":
        logger.error("Order %s was sent, but its reserved money is gone (%s).", order.number, state)
        return
    release_stock(order, now=now)
    _release_vouchers(order)
    return_credit(order=order, now=now)
    if "Cancelled" in order.available_statuses():
        order.set_status("Cancelled")
    logger.info("Order %s was not paid (%s): its stock is free again.", order.number, state)


def _source_of(payment: Payment) -> Any:
    """Return Oscar's source of the payment, made at the first use."""
    order = payment.order
    reference = order.number if payment.is_transfer else payment.intent_id or ""
    code, name = ("bank-transfer", "Bank transfer") if payment.is_transfer else ("stripe", "Stripe")
    source_type, _created = SourceType.objects.get_or_create(code=code, defaults={"name": name})
    source, _created = Source.objects.get_or_create(
        order=order,
        source_type=source_type,
        reference=reference,
        defaults={
            "currency": payment.currency,
            "amount_allocated": payment.amount,
            "label": payment.method,
        },
    )
    return source


def _record_debit(payment: Payment) -> None:
    order, amount, source = payment.order, payment.taken_amount, _source_of(payment)
    source.amount_allocated = source.amount_debited = amount
    source.save(update_fields=["amount_allocated", "amount_debited"])
    source.transactions.create(
        txn_type=Transaction.DEBIT, amount=amount, reference=source.reference, status="succeeded"
    )
    event_type, _created = PaymentEventType.objects.get_or_create(code="paid", defaults={"name": "Paid"})
    event = PaymentEvent.objects.create(
        order=order, event_type=event_type, amount=amount, reference=source.reference
    )
    PaymentEventQuantity.objects.bulk_create(
        PaymentEventQuantity(event=event, line=line, quantity=line.quantity) for line in order.lines.all()
    )


def _release_vouchers(order: Any) -> None:
    for application in (
        VoucherApplication.objects.select_related("voucher").filter(order=order).order_by("pk")
    ):
        voucher = application.voucher
        type(voucher).objects.filter(pk=voucher.pk, num_orders__gt=0).update(num_orders=F("num_orders") - 1)
        application.delete()
