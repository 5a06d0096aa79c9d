"""The address book of a customer who orders."""

from typing import Any

from oscar.core.loading import get_model

UserAddress = get_model("address", "UserAddress")
ShippingAddress = get_model("order", "ShippingAddress")


def remember_address(user: Any, address: Any, **defaults: bool) -> None:
    """Keep an order's address in the address book, once, and count it, as Oscar's own checkout does.

    `defaults` are fields such as is_default_for_shipping.
    """
    kept = UserAddress.objects.filter(user=user, hash=address.generate_hash()).first()
    if kept is None:
        kept = UserAddress(user=user)
        address.populate_alternative_model(kept)
    if isinstance(address, ShippingAddress):
        kept.num_orders_as_shipping_address += 1
    else:
        kept.num_orders_as_billing_address += 1
    for field, value in defaults.items():
        setattr(kept, field, value)
    kept.save()
