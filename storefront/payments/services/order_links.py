"""The mail that leads people to their orders again, for whoever no longer has the confirmation."""

from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q, QuerySet
from django.db.models.functions import Upper
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django_tasks import task
from oscar.core.loading import get_model

from storefront.payments.models import Payment
from storefront.payments.services.confirmation import order_address

MAIL_AGAIN_AFTER = timedelta(minutes=10)
SHOWN_FOR = timedelta(
    days=2 * 366
)  # as long as goods may be complained about (Directive (EU) 2019/771, Art. 10)
MOST = 20

Order = get_model("order", "Order")


def ask_for_order_links(*, email: str, now: datetime) -> None:
    """Have links to the orders placed with an address mailed to it.

    Nobody gets the mail twice within ten minutes. The caller cannot tell whether there are orders: the same work is
    done where there are none. The task carries an order's number in the database, not the address.
    """
    email = email.strip().upper()
    if cache.add(f"order-links:{sha256(email.encode()).hexdigest()}", 1, MAIL_AGAIN_AFTER.total_seconds()):
        newest = _orders_of(email, now=now).values_list("pk", flat=True).first()
        send_order_links.enqueue(newest or 0)


@task()
def send_order_links(order_id: int) -> bool:
    """Mail the links to all orders that share the address of this one; return whether there was one."""
    payment = Payment.objects.select_related("order__user").filter(order_id=order_id).first()
    email = payment and payment.order.email
    if not payment or not email:
        return False
    orders = _orders_of(email.upper(), now=timezone.now()).select_related("tax_terms")[:MOST]
    with translation.override(payment.language):
        context = {
            "shop_name": settings.SHOP_NAME,
            "orders": [(order, order_address(order)) for order in orders],
        }
        message = EmailMultiAlternatives(
            subject=" ".join(render_to_string("payments/order_links_mail_subject.txt", context).split()),
            body=render_to_string("payments/order_links_mail.txt", context),
            to=[email],
        )
        message.attach_alternative(render_to_string("payments/order_links_mail.html", context), "text/html")
        message.send()
    return True


def _orders_of(email: str, *, now: datetime) -> QuerySet:
    """Return the orders of the last two years placed with an address in capitals, newest first."""
    customers = list(get_user_model().objects.filter(email__iexact=email).values_list("pk", flat=True))
    theirs = Order.objects.alias(guest=Upper("guest_email")).filter(Q(guest=email) | Q(user__in=customers))
    return theirs.filter(date_placed__gt=now - SHOWN_FOR, payment__isnull=False).order_by(
        "-date_placed", "-pk"
    )
