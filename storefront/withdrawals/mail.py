"""The acknowledgement on a durable medium: what was declared, and the date and time it came in."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django_tasks import task

from storefront.withdrawals.models import Withdrawal


@task()
def send_acknowledgement(withdrawal_id: int) -> bool:
    """Mail what was declared to whoever declared it, once; return whether this call did."""
    row = Withdrawal.objects.filter(pk=withdrawal_id, acknowledged_at=None).first()
    if row is None:
        return False
    with translation.override(row.language):
        context = {"withdrawal": row, "shop_name": settings.SHOP_NAME}
        message = EmailMultiAlternatives(
            subject=" ".join(render_to_string("withdrawals/mail_subject.txt", context).split()),
            body=render_to_string("withdrawals/mail.txt", context),
            to=[row.email],
        )
        message.attach_alternative(render_to_string("withdrawals/mail.html", context), "text/html")
        message.send()
    Withdrawal.objects.filter(pk=row.pk).update(acknowledged_at=timezone.now())
    return True
