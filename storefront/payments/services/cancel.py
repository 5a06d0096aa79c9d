"""End an unpaid payment: Stripe first, then the stock."""

from datetime import datetime

from django.db import transaction

from storefront.payments import stripe_intents
from storefront.payments.models import CANCELLABLE_STATES, Payment, PaymentState
from storefront.payments.services.hosted import cancel_hosted
from storefront.payments.services.intents import adopt_intent, find_lost_intent
from storefront.payments.services.records import record_unpaid
from storefront.payments.services.settle import settle


def cancel_payment(
    *, payment_id: int, state: PaymentState, now: datetime, releases_reserved: bool = False
) -> Payment:
    """Close the payment as `state` and free its stock, but only when Stripe can no longer take the money.

    Money that was faster is settled instead, so look at the state of what comes back; what is reserved is let go
    only with `releases_reserved`. Raises GatewayError
    when Stripe could not be asked; then nothing has changed.
    """
    payment = Payment.objects.select_related("order").get(pk=payment_id)
    if payment.state not in CANCELLABLE_STATES or (payment.is_authorised and not releases_reserved):
        return payment
    if payment.is_hosted and not payment.is_authorised:
        return cancel_hosted(payment=payment, state=state, now=now)
    intent_id = payment.intent_id
    if intent_id is None and payment.attempted_at is not None:
        lost = find_lost_intent(payment)
        intent_id = adopt_intent(payment_id=payment.pk, intent=lost).id if lost else None
    if intent_id is not None and payment.captures_later and payment.state == PaymentState.AWAITING:
        # Stripe would also cancel what the shopper has just had reserved: look first.
        payment = settle(intent_id=intent_id, now=now)
        if payment.state != PaymentState.AWAITING:
            return payment
    if intent_id is not None:
        intent = stripe_intents.cancel_intent(intent_id)
        if intent.status != "canceled":
            return settle(intent_id=intent_id, now=now)
    with transaction.atomic():
        payment = (
            Payment.objects.select_for_update(of=("self", "order")).select_related("order").get(pk=payment_id)
        )
        # An intent made since we looked is left to the next run, which asks Stripe about it.
        if payment.state in CANCELLABLE_STATES and payment.intent_id == intent_id:
            record_unpaid(payment, state=state, now=now)
    return payment
