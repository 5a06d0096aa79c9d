"""What a person may do to an order by hand: everything but deciding about money."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from oscar.apps.order import processing
from oscar.apps.payment.exceptions import PaymentError

from storefront.payments.errors import CaptureRefused
from storefront.payments.selectors import is_all_sent, is_any_sent
from storefront.payments.services import (
    SHIPPED_EVENT,
    ParcelLabel,
    capture_shipment,
    check_nothing_is_sent,
    lock_order,
    ship_all,
    write_parcels,
)
from storefront.tender.services import return_credit


class EventHandler(processing.EventHandler):
    """Oscar's handler: nobody pays an order by hand or ships what is not paid; shipping takes reserved money.

    Its argument `parcels` are the labels of what is sent.
    """

    @property
    def parcels(self) -> list[ParcelLabel]:
        return self.kwargs.get("parcels", [])

    @transaction.atomic
    def handle_order_status_change(self, order: Any, new_status: str, note_msg: str | None = None) -> None:
        """Move the order on; raise PaymentError where the payment says otherwise.

        Of shipping and letting reserved money go, whichever comes first under the order's lock wins.
        """
        payment = lock_order(order)
        if new_status in ("Authorised", "Paid"):
            raise PaymentError(_("Only its payment makes an order paid. Nothing was changed."))
        if new_status == "Shipped":
            _check_is_not_let_go(order, payment)
            _check_is_paid(payment)
            is_sent = is_any_sent(order.pk)
            if is_sent and self.parcels:
                raise PaymentError(
                    _(
                        "Its parcels are written down already: add the number to one of them. Nothing was changed."
                    )
                )
        if new_status == "Cancelled" and payment is not None and payment.is_authorised:
            try:
                check_nothing_is_sent(payment)
            except CaptureRefused as error:
                raise PaymentError(str(error)) from error
        super().handle_order_status_change(order, new_status, note_msg)
        if new_status == "Shipped":
            if not is_sent:
                ship_all(order=order, parcels=self.parcels)
            capture_shipment(order=order, by=self.user, now=timezone.now())
        if new_status == "Cancelled" and payment is not None and payment.is_paid:
            return_credit(order=order, now=timezone.now())

    @transaction.atomic
    def handle_shipping_event(
        self, order: Any, event_type: Any, lines: Any, line_quantities: Any, **kwargs: Any
    ) -> Any:
        """Write the parcel down; once every piece is in one, the reserved money is taken."""
        _check_is_not_let_go(order, lock_order(order))
        event = super().handle_shipping_event(order, event_type, lines, line_quantities, **kwargs)
        if self.parcels or event_type.code == SHIPPED_EVENT:
            write_parcels(event=event, parcels=self.parcels)
        if is_all_sent(order.pk):
            capture_shipment(order=order, by=self.user, now=timezone.now())
        return event


def _check_is_not_let_go(order: Any, payment: Any) -> None:
    if payment is not None and order.status == "Cancelled" and not payment.is_paid:
        raise PaymentError(
            _(
                "This order is cancelled and its money not taken, so nothing of it may be sent. Nothing was changed."
            )
        )


def _check_is_paid(payment: Any) -> None:
    if payment is not None and not (payment.is_paid or payment.is_authorised):
        raise PaymentError(
            _(
                "This order is not paid as agreed: %(state)s. Settle that first, then ship. Nothing was changed."
            )
            % {"state": payment.get_state_display()}
        )
