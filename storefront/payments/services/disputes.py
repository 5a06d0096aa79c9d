"""Write what a customer's bank wants back, and what a card network warns of."""

import logging
from datetime import datetime

from django.db import transaction

from storefront.payments.models import (
    DISPUTE_RANK,
    Dispute,
    EarlyFraudWarning,
    Payment,
)
from storefront.payments.stripe_books import DisputeFact, WarningFact

logger = logging.getLogger(__name__)


def record_dispute(fact: DisputeFact, *, payment_id: int, now: datetime) -> Dispute:
    """Write what Stripe says of a dispute; what was read earlier never overwrites what was read later."""
    with transaction.atomic():
        payment = Payment.objects.select_for_update(of=("self",)).select_related("order").get(pk=payment_id)
        dispute, is_new = Dispute.objects.get_or_create(
            dispute_id=fact.id,
            defaults={
                "payment": payment,
                "amount": fact.amount,
                "currency": fact.currency,
                "reason": fact.reason,
                "status": fact.status,
                "answer_by": fact.answer_by,
                "opened_at": fact.opened_at,
                "changed_at": now,
            },
        )
        if not is_new and DISPUTE_RANK.get(fact.status, 0) >= DISPUTE_RANK.get(dispute.status, 0):
            if dispute.status != fact.status:
                dispute.changed_at = now
            dispute.status, dispute.amount, dispute.reason = fact.status, fact.amount, fact.reason
            dispute.answer_by = fact.answer_by
            dispute.save()
    if is_new:
        logger.error(
            "Order %s is disputed (%s): answer until %s.", payment.order.number, fact.reason, fact.answer_by
        )
    return dispute


def record_warning(fact: WarningFact, *, payment_id: int) -> EarlyFraudWarning:
    """Write a card network's warning; once it can no longer be acted on it never can be again."""
    warning, is_new = EarlyFraudWarning.objects.get_or_create(
        warning_id=fact.id,
        defaults={
            "payment_id": payment_id,
            "fraud_type": fact.fraud_type,
            "is_actionable": fact.is_actionable,
            "warned_at": fact.warned_at,
        },
    )
    if not is_new and warning.is_actionable and not fact.is_actionable:
        warning.is_actionable = False
        warning.save(update_fields=["is_actionable"])
    return warning
