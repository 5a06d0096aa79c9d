"""Orders as they stand once their money is there."""

from typing import Any

from oscar.test import factories


def make_paid_order(product: Any, *, user: Any, status: str = "Paid"):
    """Return an order of one piece of a product."""
    basket = factories.create_basket(empty=True)
    basket.add_product(product, 1)
    order = factories.create_order(number=f"T-{product.pk}-{user.pk}", basket=basket, user=user)
    if status != "Awaiting payment":
        order.set_status(status)
    return order
