"""Erasing a customer: what nobody needs is deleted, what tax law makes the shop keep loses the way to the person.

Kept are orders with their invoice address, what was paid, refunded and withdrawn: § 147 AO and § 14b UStG in Germany,
Article 17(3)(b) and (e) GDPR. The newsletter's and the alerts' proofs of consent go with the address.
"""

from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from storefront.payments.services import forget_cards
from storefront.privacy.errors import ErasureError

UNFINISHED = (
    "Awaiting payment",
    "Authorised",
    "Paid",
)  # the shop still needs the address to send the goods or the money


@transaction.atomic
def erase_customer(*, customer: Any) -> None:
    """Erase an account; raise ErasureError, with nothing changed, for staff and while an order is on its way.

    A customer with store credit keeps an empty account without name or address: the ledger's entries name it.
    """
    customer = get_user_model().objects.select_for_update().get(pk=customer.pk)
    if customer.is_staff or customer.is_superuser:
        raise ErasureError(_("This account is used for work. Ask an administrator to remove it."))
    orders = get_model("order", "Order").objects.filter(user=customer)
    open_numbers = list(orders.filter(status__in=UNFINISHED).order_by("pk").values_list("number", flat=True))
    if open_numbers:
        raise ErasureError(
            _("Order %(numbers)s is not finished. Delete your account once it has arrived, or write to us.")
            % {"numbers": ", ".join(open_numbers)}
        )
    _forget_contact(orders)
    forget_cards(user=customer)
    _delete_what_nobody_needs(customer)
    if apps.get_model("tender.CreditAccount").objects.filter(customer=customer).exists():
        _empty_account(customer)
    else:
        customer.delete()


def _forget_contact(orders: Any) -> None:
    """Take from finished orders what an invoice does not need: telephone, wishes to the courier, the account."""
    addresses = get_model("order", "ShippingAddress").objects.filter(order__in=orders)
    addresses.update(phone_number="", notes="")
    orders.update(user=None, guest_email="")


def _delete_what_nobody_needs(customer: Any) -> None:
    email = customer.email
    reviews = get_model("reviews", "ProductReview").objects.filter(user=customer)
    reviewed = list(
        get_model("catalogue", "Product").objects.filter(reviews__in=reviews).distinct().order_by("pk")
    )
    reviews.delete()
    for product in reviewed:
        product.update_rating()
    apps.get_model("newsletter.Subscription").objects.filter(email__iexact=email).delete()
    apps.get_model("stock_alerts.StockAlert").objects.filter(email__iexact=email).delete()
    for app_label, model, owner in (
        ("address", "UserAddress", "user"),
        ("basket", "Basket", "owner"),
        ("communication", "Email", "user"),
        ("communication", "Notification", "recipient"),
        ("customer", "ProductAlert", "user"),
        ("wishlists", "WishList", "owner"),
    ):
        get_model(app_label, model).objects.filter(**{owner: customer}).delete()


def _empty_account(customer: Any) -> None:
    apps.get_model("tender.CreditAccount").objects.filter(customer=customer).update(is_blocked=True)
    customer.email = f"erased-{customer.pk}@erased.invalid"
    customer.first_name = customer.last_name = ""
    customer.is_active = False
    customer.last_login = None
    customer.set_unusable_password()
    customer.save()
