"""A mail about an order, in its shopper's language: subject, text and HTML from templates of one name."""

from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from storefront.payments.models import Payment
from storefront.payments.services.confirmation import mail_attachments, mail_context


def payment_for_mail(payment_id: int) -> Payment:
    """Return the payment with all that a mail prints."""
    return Payment.objects.select_related(
        "order__user",
        "order__shipping_address__country",
        "order__billing_address__country",
        "order__tax_terms",
    ).get(pk=payment_id)


def send_order_mail(payment: Payment, *, name: str, with_attachments: bool = False, **words: Any) -> None:
    """Mail the templates payments/<name>_mail to whoever ordered; call it with the shopper's language in force.

    `with_attachments` adds what the law wants kept of an order that is new.
    """
    context = mail_context(payment) | words
    message = EmailMultiAlternatives(
        subject=" ".join(render_to_string(f"payments/{name}_mail_subject.txt", context).split()),
        body=render_to_string(f"payments/{name}_mail.txt", context),
        to=[payment.order.email],
        attachments=mail_attachments(context) if with_attachments else None,
    )
    message.attach_alternative(render_to_string(f"payments/{name}_mail.html", context), "text/html")
    message.send()
