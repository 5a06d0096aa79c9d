"""What the back office shows about orders, payments and stock."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Count, Model, Q
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

AWAITING_PAYMENT, AUTHORISED, PAID = "Awaiting payment", "Authorised", "Paid"
SHIPPED, CANCELLED = "Shipped", "Cancelled"

STATUS_LABELS = {
    AWAITING_PAYMENT: _("Awaiting payment"),
    AUTHORISED: _("Money reserved"),
    PAID: _("Paid"),
    SHIPPED: _("Shipped"),
    CANCELLED: _("Cancelled"),
}


@dataclass(frozen=True)
class PaymentSummary:
    """What a merchant needs to know about the money of one order; `label` is for people, `state` for colours."""

    state: str
    label: str
    amount: Decimal
    currency: str
    paid_at: datetime | None = None
    expires_at: datetime | None = None
    capture_before: datetime | None = None
    method: str = ""
    intent_id: str = ""
    decline: str = ""
    note: str = ""
    pk: int | None = None
    arrival: str = ""


# How the status of an order without a payment of its own, such as an imported one, reads as a payment's state.
_STATES_BY_STATUS = {AWAITING_PAYMENT: "awaiting", PAID: "paid", SHIPPED: "paid", CANCELLED: "cancelled"}


def summarise_payment(order: Model) -> PaymentSummary:
    """Return the state of the money of `order`, read from its own status when it has no payment."""
    try:
        payment = order.payment
    except ObjectDoesNotExist:
        return PaymentSummary(
            state=_STATES_BY_STATUS.get(order.status, ""),
            label=STATUS_LABELS.get(PAID if order.status == SHIPPED else order.status, order.status),
            amount=order.total_incl_tax,
            currency=order.currency,
        )
    return PaymentSummary(
        state=payment.state,
        label=payment.get_state_display(),
        amount=payment.amount,
        currency=payment.currency,
        paid_at=payment.paid_at,
        expires_at=payment.expires_at,
        capture_before=payment.capture_before,
        method=payment.method,
        intent_id=payment.intent_id or "",
        decline=payment.decline,
        note=payment.note,
        pk=payment.pk,
        arrival=payment.promised_days,
    )


def count_orders_of_today() -> dict[str, int]:
    """Return how many orders wait to be shipped (`to_ship`) and to be paid (`awaiting_payment`); one query."""
    return get_model("order", "Order").objects.aggregate(
        to_ship=Count("pk", filter=Q(status__in=(AUTHORISED, PAID))),
        awaiting_payment=Count("pk", filter=Q(status=AWAITING_PAYMENT)),
    )


def count_low_stock() -> int:
    """Return how many stock records are under their threshold: the open stock alerts, as their page lists them."""
    StockAlert = get_model("partner", "StockAlert")
    return StockAlert.objects.filter(status=StockAlert.OPEN).count()
