"""Bank transfers: confirmed by a person who saw the money, or cancelled; once, under the payment's lock."""

import logging
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from storefront.core.money import shown_amount
from storefront.payments.errors import TransferRefused
from storefront.payments.models import Payment, PaymentState, TransferReceipt
from storefront.payments.services.records import record_paid, record_unpaid

logger = logging.getLogger(__name__)


def confirm_transfer(
    *, payment_id: int, amount: Decimal, received_on: date, statement: str, by: Any, now: datetime
) -> Payment:
    """Mark the order paid: its whole amount is in the account. Raises PermissionDenied or TransferRefused."""
    payment: Payment
    with transaction.atomic():
        payment = _locked(payment_id, by=by)
        _check_amount(payment, amount)
        TransferReceipt.objects.create(
            payment=payment,
            amount=amount,
            currency=payment.currency,
            received_on=received_on,
            statement=statement,
            confirmed_by=by,
            confirmed_at=now,
        )
        with translation.override(payment.language):
            method = _("Bank transfer")
        record_paid(payment, now=now, method=method)
    return payment


def cancel_transfer(*, payment_id: int, by: Any, now: datetime) -> Payment:
    """Cancel an order whose transfer did not come and free its stock. Raises PermissionDenied or TransferRefused."""
    with transaction.atomic():
        payment = _locked(payment_id, by=by)
        record_unpaid(payment, state=PaymentState.CANCELLED, now=now)
    return payment


def _locked(payment_id: int, *, by: Any) -> Payment:
    """Return the payment, locked with its order, while a transfer for it is awaited."""
    if not by.has_perm("payments.confirm_transfer"):
        raise PermissionDenied
    rows = Payment.objects.select_for_update(of=("self", "order")).select_related("order")
    payment = rows.get(pk=payment_id)
    words = {"order": payment.order.number, "state": payment.get_state_display()}
    if not payment.is_transfer:
        raise TransferRefused(_("Order %(order)s is not paid by bank transfer. Nothing was changed.") % words)
    if payment.is_paid:
        raise TransferRefused(_("Order %(order)s was confirmed already. Nothing was changed.") % words)
    if not payment.is_awaiting or "Paid" not in payment.order.available_statuses():
        raise TransferRefused(
            _(
                "Order %(order)s is closed (%(state)s) and its stock may be sold. If money arrived for it, send it "
                "back from your bank, or ask the customer to order again. Nothing was changed."
            )
            % words
        )
    return payment


def _check_amount(payment: Payment, amount: Decimal) -> None:
    difference = amount - payment.amount
    words = {
        "order": payment.order.number,
        "due": shown_amount(payment.amount, payment.currency),
        "difference": shown_amount(abs(difference), payment.currency),
        "currency": payment.currency,
    }
    if difference < 0:
        raise TransferRefused(
            _(
                "Order %(order)s costs %(due)s %(currency)s: %(difference)s are missing. Ask the customer for the "
                "rest and confirm once all of it is there. Nothing was changed."
            )
            % words
        )
    if difference > 0:
        raise TransferRefused(
            _(
                "Order %(order)s costs %(due)s %(currency)s: %(difference)s too much arrived. Send the excess back "
                "from your bank, then confirm %(due)s. Nothing was changed."
            )
            % words
        )
