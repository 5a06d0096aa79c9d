"""Parcels: written down with the shipment they belong to, corrected by hand."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from storefront.core.carriers import carrier_name
from storefront.payments.errors import ParcelRefused
from storefront.payments.models import Parcel
from storefront.payments.services.shipped_mail import send_shipped_mail

ShippingEventQuantity = get_model("order", "ShippingEventQuantity")
ShippingEventType = get_model("order", "ShippingEventType")

SHIPPED_EVENT = "shipped"
MOST_PARCELS = 50


@dataclass(frozen=True)
class ParcelLabel:
    """What stands on a parcel: who carries it and its number there."""

    carrier: str = ""
    number: str = ""


def read_parcels(*, carrier: str, numbers: str) -> list[ParcelLabel]:
    """Return the parcels somebody typed, a number a line. Raises ParcelRefused for what is no number."""
    name = carrier_name(carrier)
    if len(name) > Parcel._meta.get_field("carrier").max_length:
        raise ParcelRefused(_("The carrier's name is too long. Nothing was changed."))
    found = list(dict.fromkeys(" ".join(line.split()) for line in numbers.splitlines() if line.strip()))
    if len(found) > MOST_PARCELS:
        raise ParcelRefused(
            _("Write down at most %(count)d parcels at once. Nothing was changed.") % {"count": MOST_PARCELS}
        )
    for number in found:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 ./-]{2,59}", number):
            raise ParcelRefused(
                _(
                    "“%(number)s” is no parcel number: 3 to 60 letters, digits, spaces and hyphens, one number a line. "
                    "Nothing was changed."
                )
                % {"number": number}
            )
    return [ParcelLabel(name, number) for number in found] or ([ParcelLabel(name)] if name else [])


def write_parcels(*, event: Any, parcels: Sequence[ParcelLabel]) -> None:
    """Write the parcels of a shipment, or one without a number, and have the customer told after the commit."""
    Parcel.objects.bulk_create(
        Parcel(event=event, carrier=label.carrier, number=label.number)
        for label in parcels or [ParcelLabel()]
    )
    transaction.on_commit(partial(send_shipped_mail.enqueue, event.pk))


def ship_all(*, order: Any, parcels: Sequence[ParcelLabel]) -> None:
    """Write down that every piece of an order was sent; call it with the order locked and nothing of it sent."""
    event_type = ShippingEventType.objects.filter(Q(code=SHIPPED_EVENT) | Q(name="Shipped")).first()
    event_type = event_type or ShippingEventType.objects.create(code=SHIPPED_EVENT, name="Shipped")
    event = order.shipping_events.create(event_type=event_type)
    ShippingEventQuantity.objects.bulk_create(
        ShippingEventQuantity(event=event, line=line, quantity=line.quantity)
        for line in order.lines.order_by("pk")
    )
    write_parcels(event=event, parcels=parcels)


def change_parcel(*, order: Any, parcel_id: str, carrier: str, number: str) -> Parcel:
    """Correct a parcel of the order, or add its number; nobody is mailed. Raises ParcelRefused."""
    labels = read_parcels(carrier=carrier, numbers=number)
    parcel = (
        Parcel.objects.filter(event__order=order, pk=int(parcel_id)).first()
        if parcel_id.isdecimal()
        else None
    )
    if parcel is None or len(labels) > 1:
        raise ParcelRefused(_("This is no parcel of this order. Nothing was changed."))
    label = labels[0] if labels else ParcelLabel()
    parcel.carrier, parcel.number = label.carrier, label.number
    parcel.save(update_fields=["carrier", "number"])
    return parcel
