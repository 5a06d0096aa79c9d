"""The mail that says where to send the money of an order paid by bank transfer."""

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django_tasks import task

from storefront.payments import selectors
from storefront.payments.models import Payment
from storefront.payments.services.confirmation import mail_context


@task()
def send_transfer_details(payment_id: int) -> bool:
    """Mail the account and the reference while the money is awaited; return whether it was."""
    payment = Payment.objects.select_related(
        "order__user",
        "order__shipping_address__country",
        "order__billing_address__country",
        "order__tax_terms",
    ).get(pk=payment_id)
    with translation.override(payment.language):
        details = selectors.transfer_details(payment)
        if details is None:
            return False
        context = mail_context(payment) | {"transfer": details}
        message = EmailMultiAlternatives(
            subject=" ".join(render_to_string("payments/transfer_mail_subject.txt", context).split()),
            body=render_to_string("payments/transfer_mail.txt", context),
            to=[payment.order.email],
        )
        message.attach_alternative(render_to_string("payments/transfer_mail.html", context), "text/html")
        message.send()
    return True
