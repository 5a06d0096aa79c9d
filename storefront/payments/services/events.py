"""Handle a verified webhook event once, whatever the order and number of its deliveries."""

from datetime import datetime

from django.db.models import F

from storefront.payments import gateway, selectors
from storefront.payments.errors import UnknownPayment
from storefront.payments.models import StripeEvent
from storefront.payments.services.intents import METADATA_KEY
from storefront.payments.services.settle import settle


def handle_event(*, event: gateway.Event, now: datetime) -> StripeEvent:
    """Store the event, settle the payment it is about, and mark it done.

    What is not ours is stored and done. Raises whatever kept a payment of ours from being settled, so that
    Stripe is told to deliver again.
    """
    row, _created = StripeEvent.objects.get_or_create(
        event_id=event.id,
        defaults={
            "type": event.type,
            "object_id": event.object_id,
            "is_live": event.is_live,
            "created_at": event.created_at,
            "received_at": now,
        },
    )
    if row.done_at:
        return row
    StripeEvent.objects.filter(pk=row.pk).update(tries=F("tries") + 1)
    try:
        if _is_about_us(event):
            settle(intent_id=event.object_id, now=now)
    except UnknownPayment:
        pass
    except Exception as error:
        StripeEvent.objects.filter(pk=row.pk).update(error=f"{type(error).__name__}: {error}"[:500])
        raise
    StripeEvent.objects.filter(pk=row.pk).update(done_at=now, error="")
    return row


def _is_about_us(event: gateway.Event) -> bool:
    return (
        event.type.startswith("payment_intent.")
        and event.is_live == gateway.takes_real_money()
        and selectors.is_ours(intent_id=event.object_id, reference=event.metadata.get(METADATA_KEY, ""))
    )
