"""Give stock back when nobody paid in time."""

import logging
from datetime import datetime

from storefront.payments import selectors
from storefront.payments.errors import PaymentError
from storefront.payments.models import CLOSED_UNPAID_STATES, Payment, PaymentState
from storefront.payments.services.cancel import cancel_payment

logger = logging.getLogger(__name__)


def expire_payments(*, now: datetime) -> int:
    """Cancel what is overdue, asking Stripe first, and return how many were; one failure stops no other."""
    expired = 0
    for payment in selectors.overdue_payments(now=now).select_related("order"):
        try:
            expired += _expire(payment, now=now)
        except PaymentError as error:
            logger.warning("Order %s could not be expired yet: %s", payment.order.number, error)
    return expired


def _expire(payment: Payment, *, now: datetime) -> bool:
    is_cancelled = payment.order.status == "Cancelled"
    state = PaymentState.CANCELLED if is_cancelled else PaymentState.EXPIRED
    ended = cancel_payment(payment_id=payment.pk, state=state, now=now, releases_reserved=is_cancelled)
    return ended.state in CLOSED_UNPAID_STATES
