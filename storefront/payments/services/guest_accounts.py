"""A guest's order becomes a customer's: of a new account made for it, or of one they have signed in to."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from storefront.payments.errors import AccountExists, OrderTaken
from storefront.payments.models import Payment
from storefront.payments.services.address_book import remember_address
from storefront.payments.services.locking import lock_order


def open_account(*, payment: Payment, password: str) -> Any:
    """Make an account for a guest's order, with the order and its addresses in it, and return it.

    Nobody has proved that the mailbox is theirs, so other orders of the same email stay where they are.
    Raises AccountExists or OrderTaken, with nothing changed.
    """
    secret = make_password(password)  # takes its time: not under the lock
    with transaction.atomic():
        order = _lock_guest_order(payment)
        users = get_user_model().objects
        email = users.normalize_email(order.guest_email)
        if users.filter(email__iexact=email).exists():
            raise _account_exists()
        try:
            with transaction.atomic():
                user = users.create(email=email, password=secret)
        except IntegrityError as error:  # another order of the same email, at the same moment
            raise _account_exists() from error
        _give_order(order, user)
        remember_address(user, order.shipping_address, is_default_for_shipping=True)
        remember_address(user, order.billing_address, is_default_for_billing=True)
    return user


@transaction.atomic
def keep_in_account(*, payment: Payment, user: Any) -> None:
    """Put a guest's order into the account of the same email; raise OrderTaken where it is not theirs to take."""
    order = _lock_guest_order(payment)
    if order.guest_email.lower() != user.email.lower():
        raise _order_taken()
    _give_order(order, user)
    remember_address(user, order.shipping_address)


def _lock_guest_order(payment: Payment) -> Any:
    order = payment.order
    lock_order(order)
    order.refresh_from_db(fields=["user", "guest_email"])
    if order.user_id or not order.guest_email:
        raise _order_taken()
    return order


def _give_order(order: Any, user: Any) -> None:
    type(order).objects.filter(pk=order.pk).update(user=user, guest_email="")
    order.user, order.guest_email = user, ""


def _account_exists() -> AccountExists:
    return AccountExists(_("There is an account with this email already. Sign in to it."))


def _order_taken() -> OrderTaken:
    return OrderTaken(_("This order is in an account already."))
