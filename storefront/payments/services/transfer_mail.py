"""The mail that says where to send the money of an order paid by bank transfer."""

from django.utils import translation
from django_tasks import task

from storefront.payments import selectors
from storefront.payments.services.order_mail import payment_for_mail, send_order_mail


@task()
def send_transfer_details(payment_id: int) -> bool:
    """Mail the account and the reference while the money is awaited; return whether it was."""
    payment = payment_for_mail(payment_id)
    details = selectors.transfer_details(payment)
    if details is None:
        return False
    with translation.override(payment.language):
        send_order_mail(payment, name="transfer", with_attachments=True, transfer=details)
    return True
