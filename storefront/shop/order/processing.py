"""What a person may do to an order by hand: everything but deciding about money."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from oscar.apps.order import processing
from oscar.apps.payment.exceptions import PaymentError

from storefront.tender.services import return_credit


class EventHandler(processing.EventHandler):
    """Oscar's handler, which neither pays an order by hand nor ships what is not paid."""

    def handle_order_status_change(self, order: Any, new_status: str, note_msg: str | None = None) -> None:
        """Move the order on; raise PaymentError where the payment says otherwise."""
        payment = getattr(order, "payment", None)
        if new_status == "Paid":
            raise PaymentError(_("Only its payment makes an order paid. Nothing was changed."))
        if new_status == "Shipped" and payment is not None and not payment.is_paid:
            raise PaymentError(
                _(
                    "This order is not paid as agreed: %(state)s. Settle that first, then ship. Nothing was changed."
                )
                % {"state": payment.get_state_display()}
            )
        super().handle_order_status_change(order, new_status, note_msg)
        if new_status == "Cancelled" and payment is not None and payment.is_paid:
            return_credit(order=order, now=timezone.now())
