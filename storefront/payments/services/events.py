"""Handle a verified webhook event once, whatever the order and number of its deliveries."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import F

from storefront.payments import gateway, selectors, stripe_books
from storefront.payments.errors import UnknownPayment
from storefront.payments.models import StripeEvent
from storefront.payments.services.books import record_payout
from storefront.payments.services.disputes import record_dispute, record_warning
from storefront.payments.services.hosted import settle_session
from storefront.payments.services.intents import METADATA_KEY
from storefront.payments.services.refunds import record_refund, record_refunds
from storefront.payments.services.settle import settle


def handle_event(*, event: gateway.Event, now: datetime) -> StripeEvent:
    """Store the event, bring what it is about up to date from Stripe, and mark it done.

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
        _act_on(event, now=now)
    except UnknownPayment:
        pass
    except Exception as error:
        StripeEvent.objects.filter(pk=row.pk).update(error=f"{type(error).__name__}: {error}"[:500])
        raise
    StripeEvent.objects.filter(pk=row.pk).update(done_at=now, error="")
    return row


def _act_on(event: gateway.Event, *, now: datetime) -> None:
    if event.is_live != gateway.takes_real_money():
        return
    act = next((act for prefix, act in _ACTS if event.type.startswith(prefix)), None)
    if act:
        act(event, now)


def _settle(event: gateway.Event, now: datetime) -> None:
    if selectors.is_ours(intent_id=event.object_id, reference=event.metadata.get(METADATA_KEY, "")):
        settle(intent_id=event.object_id, now=now)


def _read_session(event: gateway.Event, now: datetime) -> None:
    if selectors.is_ours(session_id=event.object_id, reference=event.metadata.get(METADATA_KEY, "")):
        settle_session(session_id=event.object_id, now=now)


def _read_refund(event: gateway.Event, now: datetime) -> None:
    fact = stripe_books.retrieve_refund(event.object_id)
    record_refund(fact, payment_id=_payment_of(fact.intent_id, now=now), now=now)


def _read_refunds_of_charge(event: gateway.Event, now: datetime) -> None:
    intent_id = stripe_books.retrieve_charge_intent(event.object_id)
    payment_id = _payment_of(intent_id, now=now)
    record_refunds(stripe_books.list_refunds(intent_id=intent_id), payment_id=payment_id, now=now)


def _read_dispute(event: gateway.Event, now: datetime) -> None:
    fact = stripe_books.retrieve_dispute(event.object_id)
    record_dispute(fact, payment_id=_payment_of(fact.intent_id, now=now), now=now)


def _read_warning(event: gateway.Event, now: datetime) -> None:
    fact = stripe_books.retrieve_warning(event.object_id)
    record_warning(fact, payment_id=_payment_of(fact.intent_id, now=now))


def _read_payout(event: gateway.Event, now: datetime) -> None:
    record_payout(event.object_id, now=now)


def _payment_of(intent_id: str, *, now: datetime) -> int:
    """Return our payment of an intent, settled first: an event may overtake the one that says it was paid."""
    if not intent_id:
        raise UnknownPayment(intent_id)
    return settle(intent_id=intent_id, now=now).pk


# The first prefix that fits. `charge.refund.updated` is about a refund, `charge.refunded` about a charge.
_ACTS: tuple[tuple[str, Callable[[gateway.Event, datetime], None]], ...] = (
    ("payment_intent.", _settle),
    ("checkout.session.", _read_session),
    ("refund.", _read_refund),
    ("charge.refund.", _read_refund),
    ("charge.refunded", _read_refunds_of_charge),
    ("charge.dispute.", _read_dispute),
    ("radar.early_fraud_warning.", _read_warning),
    ("payout.", _read_payout),
)
