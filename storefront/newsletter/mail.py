"""The mail that asks whether an address really wants the newsletter."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django_tasks import task

from storefront.newsletter.links import CONFIRM_DAYS, Purpose
from storefront.newsletter.models import State, Subscription


@task()
def send_confirmation_link(subscription_id: int) -> bool:
    """Mail the link to an address that still waits for it; return whether this call did."""
    row = Subscription.objects.filter(pk=subscription_id, state=State.ASKED).first()
    if row is None:
        return False
    with translation.override(row.language):
        context = {
            "shop_name": settings.SHOP_NAME,
            "days": CONFIRM_DAYS,
            "confirm_url": row.address_to(Purpose.CONFIRM),
        }
        subject = render_to_string("newsletter/mail_subject.txt", context).strip()
        message = EmailMultiAlternatives(
            subject=subject, body=render_to_string("newsletter/mail.txt", context), to=[row.email]
        )
        message.attach_alternative(render_to_string("newsletter/mail.html", context), "text/html")
        message.send()
    return True
