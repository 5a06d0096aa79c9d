"""The mail that says an order, or a part of it, is on its way: one per shipment."""

import logging
from datetime import datetime, timedelta

from django.utils import timezone, translation
from django_tasks import task
from oscar.core.loading import get_model

from storefront.payments.models import Parcel, Payment
from storefront.payments.services.order_mail import payment_for_mail, send_order_mail

ShippingEvent = get_model("order", "ShippingEvent")

logger = logging.getLogger(__name__)

_LATE_AFTER = timedelta(minutes=10)
_TRIED_FOR = timedelta(days=3)


def queue_missing_shipped_mails(*, now: datetime) -> int:
    """Queue the mails that were not sent when they should have been; return how many."""
    late = Parcel.objects.filter(
        told_at=None,
        event__date_created__lte=now - _LATE_AFTER,
        event__date_created__gt=now - _TRIED_FOR,
        event__order__payment__isnull=False,
    )
    keys = list(late.order_by("event_id").values_list("event_id", flat=True).distinct())
    for key in keys:
        send_shipped_mail.enqueue(key)
    return len(keys)


@task()
def send_shipped_mail(event_id: int) -> bool:
    """Mail what was sent and its parcels' numbers, unless that was mailed; return whether this call did."""
    payment_id = Payment.objects.filter(order__shipping_events=event_id).values_list("pk", flat=True).first()
    untold = Parcel.objects.filter(event_id=event_id, told_at=None)
    if payment_id is None or not untold.update(told_at=timezone.now()):
        return False
    payment = payment_for_mail(payment_id)
    try:
        with translation.override(payment.language):
            send_order_mail(payment, name="shipped", **_words(payment, event_id))
    except Exception:
        # Reconciliation tries again.
        Parcel.objects.filter(event_id=event_id).update(told_at=None)
        logger.exception("The mail about a shipment of order %s could not be sent.", payment.order.number)
        raise
    return True


def _words(payment: Payment, event_id: int) -> dict[str, object]:
    """Return what the mail says of a shipment; its pieces only where they are not the whole order."""
    event = ShippingEvent.objects.prefetch_related("line_quantities__line", "parcels").get(pk=event_id)
    sent = [(sent.quantity, sent.line.title) for sent in event.line_quantities.all()]
    ordered = sum(payment.order.lines.values_list("quantity", flat=True))
    is_part = sum(quantity for quantity, _title in sent) < ordered
    return {
        "pieces": sent if is_part else [],
        "parcels": [parcel for parcel in event.parcels.all() if str(parcel)],
    }
