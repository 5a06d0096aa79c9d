"""Things for the back office to show: one call makes one valid thing."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils import timezone
from oscar.core.loading import get_model

from storefront.payments.models import Payment, PaymentState
from tests.payments.shopper import make_product

PASSWORD = "correct horse"


def make_user(email: str, *, group: str = "", **fields: object) -> Any:
    """Return a person who can sign in, in `group` if one is named."""
    user = get_user_model().objects.create_user(email=email, password=PASSWORD, **fields)
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user


def make_catalogue_product(**fields: object) -> Any:
    """Return a product in a category, which Oscar's product form insists on."""
    product = make_product(**fields)
    product.categories.add(get_model("catalogue", "Category").add_root(name="Garden"))
    return product


def make_order(number: str, *, status: str = "Awaiting payment", product: Any = None) -> Any:
    """Return an order of one product by a customer of its own."""
    product = product or make_product(sku=f"SKU-{number}")
    country, _ = get_model("address", "Country").objects.get_or_create(
        iso_3166_1_a2="DE", defaults={"printable_name": "Germany"}
    )
    address = get_model("order", "ShippingAddress").objects.create(
        first_name="Anna", last_name="Lind", line1="Gartenweg 1", postcode="20095", country=country
    )
    order = get_model("order", "Order").objects.create(
        number=number,
        status=status,
        currency="USD",
        user=make_user(f"customer-{number}@example.test"),
        total_incl_tax=Decimal("19.99"),
        total_excl_tax=Decimal("19.99"),
        shipping_address=address,
        date_placed=timezone.now(),
    )
    record = product.stockrecords.get()
    order.lines.create(
        product=product,
        stockrecord=record,
        partner=record.partner,
        partner_name=record.partner.name,
        partner_sku=record.partner_sku,
        title=product.title,
        status=status,
        quantity=1,
        num_allocated=0,
        **dict.fromkeys(
            (
                "line_price_incl_tax",
                "line_price_excl_tax",
                "line_price_before_discounts_incl_tax",
                "line_price_before_discounts_excl_tax",
            ),
            Decimal("19.99"),
        ),
    )
    return order


def make_payment(order: Any, *, state: str = PaymentState.AWAITING, intent_id: str | None = None) -> Payment:
    """Return the payment of `order`; a paid one was paid on 21 November 2026 at 10:30."""
    now = timezone.now()
    is_paid = state == PaymentState.PAID
    return Payment.objects.create(
        order=order,
        attempt_key=f"key-{order.number}",
        intent_id=intent_id or f"pi_{order.number}",
        amount=order.total_incl_tax,
        currency=order.currency,
        is_live=False,
        language="en",
        state=state,
        created_at=now,
        expires_at=now + timedelta(hours=1),
        paid_at=now.replace(year=2026, month=11, day=21, hour=10, minute=30) if is_paid else None,
    )
