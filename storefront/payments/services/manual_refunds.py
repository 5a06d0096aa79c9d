"""Money of a bank transfer that a person sent back from the bank: recorded, never sent by the shop."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from storefront.core.money import round_amount
from storefront.payments import gateway
from storefront.payments.errors import RefundBlocked, RefundTooLarge
from storefront.payments.models import Payment, Refund, RefundState
from storefront.payments.services.oscar_refunds import write_refunds
from storefront.payments.services.refund_mail import queue_refund_mail
from storefront.payments.services.refunds import refunded_amount


def record_manual_refund(
    *, payment_id: int, key: str, amount: Decimal, reason: str, note: str, by: Any, now: datetime
) -> Refund:
    """Record what was sent back from the bank; the same key again gives the same refund.

    Raises PermissionDenied, RefundBlocked, RefundTooLarge or AmountDoesNotFit; then nothing is written.
    """
    if not by.has_perm("payments.add_refund"):
        raise PermissionDenied
    with transaction.atomic():
        payment = Payment.objects.select_for_update(of=("self",)).select_related("order").get(pk=payment_id)
        known = payment.refunds.filter(key=f"manual-{key}").first()
        if known:
            return known
        if not payment.is_transfer or not payment.is_paid:
            raise RefundBlocked(
                _("This order was not paid by bank transfer, so nothing was sent back for it.")
            )
        gateway.to_minor_units(amount=amount, currency=payment.currency)
        left = round_amount(amount=payment.amount - refunded_amount(payment), currency=payment.currency)
        if amount <= 0 or amount > left:
            raise RefundTooLarge(
                _("Between 0 and %(left)s %(currency)s can be given back.")
                % {"left": left, "currency": payment.currency},
                left=left,
            )
        refund = Refund.objects.create(
            payment=payment,
            key=f"manual-{key}",
            amount=amount,
            currency=payment.currency,
            state=RefundState.SUCCEEDED,
            reason=reason,
            note=note,
            requested_by=by,
            requested_at=now,
            changed_at=now,
        )
        write_refunds(payment)
        queue_refund_mail(refund)
    return refund
