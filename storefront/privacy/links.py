"""The link to a customer's data, mailed to them: whoever follows it, signed in, has shown that the mailbox is theirs.

An account alone does not prove its email, and what is kept by email belongs to whoever reads that mailbox.
"""

from datetime import timedelta
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django_tasks import task

VALID_FOR = timedelta(hours=1)
_SALT = "privacy.download"


def make_token(customer: Any) -> str:
    """Return the end of the link for a customer's account and its email of now."""
    return signing.dumps([customer.pk, customer.email], salt=_SALT)


def is_valid(token: str, *, customer: Any) -> bool:
    """Say whether a link was mailed to this customer within the last hour, at the email they still have."""
    try:
        return signing.loads(token, salt=_SALT, max_age=VALID_FOR) == [customer.pk, customer.email]
    except signing.BadSignature:
        return False


@task()
def send_download_link(customer_id: int, path: str, language: str) -> bool:
    """Mail the link, whose path is that of `privacy:download` in the customer's edition; return whether it was sent."""
    customer = get_user_model().objects.filter(pk=customer_id).first()
    if customer is None:
        return False
    with translation.override(language):
        context = {
            "shop_name": settings.SHOP_NAME,
            "link": urljoin(settings.WAGTAILADMIN_BASE_URL, f"{path}{make_token(customer)}/"),
        }
        message = EmailMultiAlternatives(
            subject=" ".join(render_to_string("privacy/mail_subject.txt", context).split()),
            body=render_to_string("privacy/mail.txt", context),
            to=[customer.email],
        )
        message.attach_alternative(render_to_string("privacy/mail.html", context), "text/html")
        message.send()
    return True
