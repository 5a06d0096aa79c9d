"""Every write of this app: take a declaration, mark it as dealt with."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from oscar.core.loading import get_model

from storefront.withdrawals.mail import send_acknowledgement
from storefront.withdrawals.models import Withdrawal


def declare_withdrawal(
    *,
    token: UUID,
    order_number: str,
    name: str,
    email: str,
    items: str,
    language: str,
    market_code: str,
    now: datetime,
) -> Withdrawal:
    """Keep a declaration and mail its acknowledgement with date and time; the same form sent twice is one.

    It is taken whether or not the shop knows the order: a consumer who mistyped has withdrawn all the same, and a
    stranger learns nothing of who ordered what.
    """
    order_number = order_number.strip().lstrip("#")
    with transaction.atomic():
        row, is_new = Withdrawal.objects.get_or_create(
            token=token,
            defaults={
                "order_number": order_number,
                "order": _find_order(order_number, email),
                "name": name.strip(),
                "email": email.strip(),
                "items": items.strip(),
                "language": language,
                "market_code": market_code,
                "received_at": now,
            },
        )
        if is_new:
            transaction.on_commit(lambda: send_acknowledgement.enqueue(row.pk))
    return row


def mark_as_handled(*, withdrawal_id: int, now: datetime) -> bool:
    """Note that the merchant dealt with a declaration; return whether this call did."""
    rows = Withdrawal.objects.filter(pk=withdrawal_id, handled_at=None)
    return bool(rows.update(handled_at=now))


def _find_order(number: str, email: str) -> Any:
    """Return the order with a number that was placed with an e-mail address, or None."""
    order = get_model("order", "Order").objects.filter(number=number).select_related("user").first()
    if order is None:
        return None
    known = {order.guest_email, order.user.email if order.user else ""}
    return order if email.strip().lower() in {each.lower() for each in known if each} else None
