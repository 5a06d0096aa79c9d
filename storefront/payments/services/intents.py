"""One payment intent per payment, whatever gets lost on the way."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from storefront.core.errors import StorefrontError
from storefront.payments import stripe_intents
from storefront.payments.errors import GatewayFailed, GatewayRefused, PaymentClosed
from storefront.payments.models import OPEN_STATES, Payment, PaymentWay
from storefront.payments.selectors.cards import customer_id_of
from storefront.payments.services.cards import ensure_customer

# Stripe may forget an idempotency key after 24 hours (docs.stripe.com/api/idempotent_requests).
_KEY_IS_SAFE_FOR = timedelta(hours=20)
METADATA_KEY = "payment"


def open_intent(*, payment_id: int, now: datetime) -> stripe_intents.Intent:
    """Return the payment's intent, made now if there is none yet; call it outside any transaction.

    Raises PaymentClosed when the payment is over, GatewayError when Stripe did not make it: then try again.
    """
    payment = Payment.objects.select_related("order").get(pk=payment_id)
    if not payment.is_open:
        raise _closed()
    if payment.is_transfer:
        raise PaymentClosed(_("This order is paid by bank transfer, so no card is charged for it."))
    if payment.intent_id:
        return stripe_intents.retrieve_intent(payment.intent_id)
    intent = _create_or_find(payment, now=now)
    return adopt_intent(payment_id=payment.pk, intent=intent)


def adopt_intent(*, payment_id: int, intent: stripe_intents.Intent) -> stripe_intents.Intent:
    """Tie the intent to the payment for good and return the payment's intent; one too late is cancelled."""
    waiting = Payment.objects.filter(pk=payment_id, intent_id=None, state__in=OPEN_STATES)
    if waiting.exclude(way=PaymentWay.BANK_TRANSFER).update(intent_id=intent.id):
        return intent
    payment = Payment.objects.get(pk=payment_id)
    if payment.intent_id == intent.id:
        return intent
    stripe_intents.cancel_intent(intent.id)
    if payment.intent_id is None or not payment.is_open:
        raise _closed()
    return stripe_intents.retrieve_intent(payment.intent_id)


def find_lost_intent(payment: Payment) -> stripe_intents.Intent | None:
    """Return the intent Stripe made for this payment although we never heard of it."""
    return stripe_intents.find_intent(key=METADATA_KEY, value=payment.reference.hex, since=payment.created_at)


def _create_or_find(payment: Payment, *, now: datetime) -> stripe_intents.Intent:
    is_first = payment.attempted_at is None
    if is_first:
        Payment.objects.filter(pk=payment.pk, attempted_at=None).update(attempted_at=now)
    elif is_key_worn(payment, now=now):
        return find_lost_intent(payment) or _create(payment, key=next_key(payment))
    try:
        return _create(payment, key=payment.attempt_key)
    except (GatewayFailed, GatewayRefused):
        # Stripe repeats its first answer to a key, failures included: look first, then try under a new key.
        if is_first:
            raise
        return find_lost_intent(payment) or _create(payment, key=next_key(payment))


def is_key_worn(payment: Payment, *, now: datetime) -> bool:
    """Say whether Stripe may have forgotten the key: then look before asking."""
    return payment.attempted_at is not None and now - payment.attempted_at > _KEY_IS_SAFE_FOR


def describe_order(payment: Payment) -> str:
    """Return what Stripe shows of the order: the same words at every try, since it refuses a key it saw with others."""
    with translation.override(payment.language):
        return _("Order %(number)s") % {"number": payment.order.number}


def metadata_of(payment: Payment) -> dict[str, str]:
    """Return what ties an intent to the payment, whichever page makes it."""
    return {METADATA_KEY: payment.reference.hex, "order": payment.order.number, "shop": settings.SHOP_NAME}


def _create(payment: Payment, *, key: str) -> stripe_intents.Intent:
    return stripe_intents.create_intent(
        attempt_key=key,
        amount=payment.amount,
        currency=payment.currency,
        metadata=metadata_of(payment),
        description=describe_order(payment),
        captures_later=payment.captures_later,
        customer_id=customer_of(payment),
        saves_card=payment.saves_card,
    )


def customer_of(payment: Payment) -> str:
    """Return who pays at Stripe: only someone who keeps cards there, or wants to keep this one."""
    user = payment.order.user
    if user is not None and payment.saves_card:
        return ensure_customer(user=user, now=timezone.now())
    return customer_id_of(user)


def next_key(payment: Payment) -> str:
    """Return the payment's next idempotency key, kept before it is used."""
    stem, _dash, count = payment.attempt_key.rpartition("-")
    key = f"{stem}-{int(count) + 1}"
    Payment.objects.filter(pk=payment.pk, attempt_key=payment.attempt_key).update(attempt_key=key)
    return key


def _closed() -> StorefrontError:
    return PaymentClosed(_("This order can no longer be paid. Put the items in your basket again."))
