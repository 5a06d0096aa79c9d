"""What was promised, what came of it, and what Stripe says of it."""

from storefront.payments.models.events import StripeEvent
from storefront.payments.models.order_tax import OrderTax
from storefront.payments.models.payment import (
    CLOSED_UNPAID_STATES,
    FINAL_STATES,
    OPEN_STATES,
    OrderNumber,
    Payment,
    PaymentState,
)

__all__ = [
    "CLOSED_UNPAID_STATES",
    "FINAL_STATES",
    "OPEN_STATES",
    "OrderNumber",
    "OrderTax",
    "Payment",
    "PaymentState",
    "StripeEvent",
]
