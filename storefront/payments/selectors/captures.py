"""What of an order was sent, in money: what may be taken of what is reserved."""

from collections import Counter
from decimal import Decimal

from oscar.core.loading import get_model

from storefront.core.money import round_amount
from storefront.payments.models import Payment

ShippingEventQuantity = get_model("order", "ShippingEventQuantity")


def sent_amount(payment: Payment) -> Decimal:
    """Return the money of what was sent: all of it when no parcel says otherwise, else its lines and the delivery.

    Gift cards and store credit paid their part first. Two queries.
    """
    order = payment.order
    lines = list(order.lines.order_by("pk"))
    sent = _sent_pieces(order.pk)
    if not sent or all(sent[line.pk] >= line.quantity for line in lines):
        return payment.amount
    kept_back = sum(
        (line.line_price_incl_tax * (line.quantity - min(sent[line.pk], line.quantity)) / line.quantity)
        for line in lines
        if line.quantity
    )
    return max(
        payment.amount - round_amount(amount=Decimal(kept_back), currency=payment.currency), Decimal(0)
    )


def is_all_sent(order_id: int) -> bool:
    """Say whether parcels are written down for every piece of an order."""
    sent = _sent_pieces(order_id)
    quantities = get_model("order", "Line").objects.filter(order_id=order_id).values_list("pk", "quantity")
    return bool(sent) and all(sent[pk] >= quantity for pk, quantity in quantities)


def is_any_sent(order_id: int) -> bool:
    """Say whether a parcel is written down for any piece of an order."""
    return ShippingEventQuantity.objects.filter(event__order_id=order_id).exists()


def _sent_pieces(order_id: int) -> Counter[int]:
    """Return how many pieces of each line left: the event that counts most, not "shipped" and "delivered" added."""
    by_event: dict[int, Counter[int]] = {}
    rows = ShippingEventQuantity.objects.filter(event__order_id=order_id).order_by("pk")
    for event_type, line, quantity in rows.values_list("event__event_type_id", "line_id", "quantity"):
        by_event.setdefault(event_type, Counter())[line] += quantity
    most: Counter[int] = Counter()
    for pieces in by_event.values():
        most |= pieces
    return most
