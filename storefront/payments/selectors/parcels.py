"""The parcels of an order, as its customer is shown them."""

from typing import Any

from storefront.payments.models import Parcel


def parcels_of(order: Any) -> list[Parcel]:
    """Return the order's parcels that have a carrier or a number, in the order they were sent; one query."""
    rows = Parcel.objects.filter(event__order=order).exclude(carrier="", number="")
    return list(rows.select_related("event").order_by("event__date_created", "event_id", "pk"))
