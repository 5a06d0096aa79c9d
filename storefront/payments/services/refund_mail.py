"""The mail that says how much money is on its way back: one per refund."""

import logging
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone, translation
from django_tasks import task

from storefront.payments.models import Refund, RefundState
from storefront.payments.services.order_mail import payment_for_mail, send_order_mail

logger = logging.getLogger(__name__)

# Money that has left for certain: neither only asked for, nor come back.
_ON_ITS_WAY = (RefundState.PENDING, RefundState.SUCCEEDED)
_LATE_AFTER = timedelta(minutes=10)
_TRIED_FOR = timedelta(days=3)


def queue_refund_mail(refund: Refund) -> None:
    """Have the shopper told after the commit, once the money is on its way and unless they were told."""
    if refund.state in _ON_ITS_WAY and refund.told_at is None:
        transaction.on_commit(partial(send_refund_mail.enqueue, refund.pk))


def queue_missing_refund_mails(*, now: datetime) -> int:
    """Queue the mails that were not sent when they should have been; return how many."""
    late = Refund.objects.filter(
        state__in=_ON_ITS_WAY,
        told_at=None,
        changed_at__lte=now - _LATE_AFTER,
        changed_at__gt=now - _TRIED_FOR,
    )
    keys = list(late.order_by("pk").values_list("pk", flat=True))
    for key in keys:
        send_refund_mail.enqueue(key)
    return len(keys)


@task()
def send_refund_mail(refund_id: int) -> bool:
    """Mail how much goes back and when it arrives, unless that was mailed; return whether this call did."""
    untold = Refund.objects.filter(pk=refund_id, state__in=_ON_ITS_WAY, told_at=None)
    if not untold.update(told_at=timezone.now()):
        return False
    refund = Refund.objects.get(pk=refund_id)
    payment = payment_for_mail(refund.payment_id)
    try:
        with translation.override(payment.language):
            send_order_mail(payment, name="refund", refund=refund)
    except Exception:
        # Reconciliation tries again.
        Refund.objects.filter(pk=refund_id).update(told_at=None)
        logger.exception("The mail about a refund of order %s could not be sent.", payment.order.number)
        raise
    return True
