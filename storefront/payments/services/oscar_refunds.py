"""Write refunds into Oscar's payment source, whichever of payment and refund was heard of first."""

from decimal import Decimal

from django.db.models import Sum
from oscar.core.loading import get_model

from storefront.payments.models import LIVE_REFUND_STATES, Payment, RefundState

Source = get_model("payment", "Source")
Transaction = get_model("payment", "Transaction")


def write_refunds(payment: Payment) -> None:
    """Bring the source's refunded amount and transactions up to date; call it with the payment's row locked.

    Nothing is written while the order is not paid: `record_paid` calls it again.
    """
    reference = payment.order.number if payment.is_transfer else payment.intent_id
    source = Source.objects.filter(order_id=payment.order_id, reference=reference).first()
    if source is None:
        return
    known = payment.refunds.all() if payment.is_transfer else payment.refunds.exclude(refund_id=None)
    for refund in known.order_by("pk"):
        Transaction.objects.update_or_create(
            source=source,
            txn_type=Transaction.REFUND,
            reference=refund.refund_id or refund.key,
            defaults={"amount": refund.amount, "status": refund.state},
        )
    live = payment.refunds.filter(state__in=LIVE_REFUND_STATES).exclude(state=RefundState.REQUESTED)
    source.amount_refunded = live.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    source.save(update_fields=["amount_refunded"])
