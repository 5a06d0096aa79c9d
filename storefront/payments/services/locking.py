"""One order of locks for whoever changes an order: its payment, the order, then its stock."""

from typing import Any

from oscar.core.loading import get_model

from storefront.payments.models import Payment

Order = get_model("order", "Order")


def lock_order(order: Any) -> Payment | None:
    """Lock the order and its payment, read the order's status anew, and return the payment, if it has one.

    Call it in a transaction, before the order is written to.
    """
    rows = Payment.objects.select_for_update(of=("self", "order")).select_related("order")
    payment = rows.filter(order_id=order.pk).first()
    if payment is None:
        order.refresh_from_db(fields=["status"], from_queryset=Order.objects.select_for_update())
        return None
    order.status, payment.order = payment.order.status, order
    return payment
