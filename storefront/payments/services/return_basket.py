"""Let a shopper change an order that was not paid: cancel it and put its articles back in the basket."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from storefront.payments.errors import PaymentClosed
from storefront.payments.models import CLOSED_UNPAID_STATES, Payment, PaymentState
from storefront.payments.services.cancel import cancel_payment


def return_to_basket(*, payment: Payment, basket: Any, now: datetime) -> None:
    """Cancel the unpaid order and copy its lines into `basket`; asked twice, they are there once.

    The old basket stays as it was ordered. Raises PaymentClosed when the order was paid meanwhile,
    GatewayError when Stripe could not be asked.
    """
    payment = cancel_payment(payment_id=payment.pk, state=PaymentState.CANCELLED, now=now)
    if payment.state not in CLOSED_UNPAID_STATES:
        raise PaymentClosed(_("This order is paid or being paid, so it can no longer be changed here."))
    with transaction.atomic():
        _copy_lines(payment, basket)


def _copy_lines(payment: Payment, basket: Any) -> None:
    if payment.basket is None:
        return
    lines = list(payment.basket.lines.select_related("product", "stockrecord").order_by("pk"))
    basket.strategy.prefetch(line.product for line in lines)
    for line in lines:
        options = [{"option": a.option, "value": a.value} for a in line.attributes.select_related("option")]
        missing = line.quantity - basket.line_quantity(line.product, line.stockrecord, options)
        if missing > 0 and basket.strategy.fetch_for_product(line.product).price.exists:
            basket.add_product(line.product, quantity=missing, options=options)
    for voucher in payment.basket.vouchers.all():
        basket.vouchers.add(voucher)
