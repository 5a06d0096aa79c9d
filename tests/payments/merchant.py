"""A merchant with a back office, and what the bank and Stripe's Dashboard do in these tests."""

from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.utils import timezone

from storefront.payments.models import Refund
from storefront.payments.services import request_refund
from tests.payments.shopper import Order, deliver, stripe_client


def make_staff(*permissions: str, email: str = "staff@example.test") -> Any:
    """Return a user of the back office with these permissions of the payments app."""
    user = get_user_model().objects.create_user(email, "a long pass phrase")
    user.is_staff = True
    user.save()
    names = [name.rpartition(".")[2] for name in permissions]
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="payments", codename__in=names)
    )
    return user


def refund(order: Order, amount: str, *, by: Any, **changes: Any) -> Refund:
    """Give money back on an order from the back office."""
    details = {"reason": "requested_by_customer", "note": "", "now": timezone.now(), **changes}
    return request_refund(payment_id=order.payment.pk, amount=Decimal(amount), by=by, **details)


def refund_in_dashboard(order: Order, cents: int) -> str:
    """Give money back as Stripe's Dashboard does, without our metadata; return the refund's id."""
    made = stripe_client().v1.refunds.create({"payment_intent": order.intent_id, "amount": cents})
    return made.id


def deliver_new(standin: Any, type: str) -> list[int]:
    """Post every event of a type to the webhook and return the answers' statuses."""
    return [deliver(standin, event["id"]).status_code for event in standin.events(type)]
