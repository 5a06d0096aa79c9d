"""What a person may do to an order by hand: everything but deciding about money."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from oscar.apps.order import processing
from oscar.apps.payment.exceptions import PaymentError

from storefront.payments.selectors import is_all_sent
from storefront.payments.services import capture_shipment, lock_order
from storefront.tender.services import return_credit


class EventHandler(processing.EventHandler):
    """Oscar's handler: nobody pays an order by hand or ships what is not paid; shipping takes reserved money."""

    @transaction.atomic
    def handle_order_status_change(self, order: Any, new_status: str, note_msg: str | None = None) -> None:
        """Move the order on; raise PaymentError where the payment says otherwise."""
        payment = lock_order(order)
        if new_status in ("Authorised", "Paid"):
            raise PaymentError(_("Only its payment makes an order paid. Nothing was changed."))
        if new_status == "Shipped" and payment is not None and not (payment.is_paid or payment.is_authorised):
            raise PaymentError(
                _(
                    "This order is not paid as agreed: %(state)s. Settle that first, then ship. Nothing was changed."
                )
                % {"state": payment.get_state_display()}
            )
        super().handle_order_status_change(order, new_status, note_msg)
        if new_status == "Shipped":
            capture_shipment(order=order, by=self.user, now=timezone.now())
        if new_status == "Cancelled" and payment is not None and payment.is_paid:
            return_credit(order=order, now=timezone.now())

    @transaction.atomic
    def handle_shipping_event(
        self, order: Any, event_type: Any, lines: Any, line_quantities: Any, **kwargs: Any
    ) -> Any:
        """Write the parcel down; once every piece is in one, the reserved money is taken."""
        lock_order(order)
        event = super().handle_shipping_event(order, event_type, lines, line_quantities, **kwargs)
        if is_all_sent(order.pk):
            capture_shipment(order=order, by=self.user, now=timezone.now())
        return event
