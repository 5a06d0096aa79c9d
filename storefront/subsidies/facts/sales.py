"""Read the orders whose money arrived in a window, in a stream: memory does not grow with their number."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Min, Q
from django.utils.crypto import salted_hmac
from oscar.core.loading import get_model

from storefront.payments.models import Payment, PaymentState
from storefront.subsidies.facts.exclusions import Marks, address_value, plain_value, why_excluded
from storefront.subsidies.facts.shapes import OrderTraits, SaleFact
from storefront.subsidies.facts.windows import Window
from storefront.subsidies.models import SaleMark

ShippingEvent = get_model("order", "ShippingEvent")

CHUNK_ROWS = 2000
_COLUMNS = {
    "number": "order__number",
    "status": "order__status",
    "total": "order__total_incl_tax",
    "total_net": "order__total_excl_tax",
    "delivery_net": "order__shipping_excl_tax",
    "guest_email": "order__guest_email",
    "user_email": "order__user__email",
    "country": "order__shipping_address__country_id",
    "postcode": "order__shipping_address__postcode",
    "street": "order__shipping_address__line1",
    "key": "pk",
    "order_key": "order_id",
    "paid_at": "paid_at",
    "captured": "amount",
    "currency": "currency",
    "is_live": "is_live",
    "state": "state",
}


def read_sales(*, window: Window, marks: Marks, as_of: datetime) -> Iterator[SaleFact]:
    """Yield every order paid in the window, the excluded ones with their reason, by the moment they were paid.

    Nothing after `as_of` is read, so that the same question later has the same answer.
    """
    for rows in _chunks(window, as_of=as_of):
        shipped = _shipments([row["order_key"] for row in rows], as_of=as_of)
        for row in rows:
            yield _sale(row, marks=marks, events=shipped[row["order_key"]])


def load_marks(group: str) -> Marks:
    """Return what the companies of a group said of their own orders, and who works in the shop."""
    found = {
        (field, value): reason
        for field, value, reason in SaleMark.objects.filter(group=group).values_list(
            "field", "value", "reason"
        )
    }
    works_here = Q(is_staff=True) | Q(is_superuser=True) | Q(groups__isnull=False)
    staff = get_user_model().objects.filter(works_here).values_list("email", flat=True)
    return Marks(found, frozenset(email.strip().lower() for email in staff if email))


def first_sale_at(*, marks: Marks, as_of: datetime) -> datetime | None:
    """Return when the shop's first order that counts was paid, whatever the window."""
    first = Payment.objects.filter(state=PaymentState.PAID).aggregate(first=Min("paid_at"))["first"]
    if first is None:
        return None
    span = Window(first.date(), as_of.date())
    return next(
        (sale.paid_at for sale in read_sales(window=span, marks=marks, as_of=as_of) if not sale.excluded_as),
        None,
    )


def countries_before(moment: datetime) -> set[str]:
    """Return the countries to which something paid for was sent before a moment."""
    return set(
        Payment.objects.filter(state=PaymentState.PAID, is_live=True, paid_at__lt=moment)
        .order_by()
        .values_list("order__shipping_address__country_id", flat=True)
        .distinct()
    ) - {None}


def _chunks(window: Window, *, as_of: datetime) -> Iterator[list[dict[str, Any]]]:
    rows = (
        Payment.objects.filter(paid_at__gte=window.start, paid_at__lt=min(window.end, as_of))
        .order_by("paid_at", "pk")
        .values_list(*_COLUMNS.values())
        .iterator(CHUNK_ROWS)
    )
    while chunk := [dict(zip(_COLUMNS, row, strict=True)) for row in islice(rows, CHUNK_ROWS)]:
        yield chunk


def _shipments(orders: list[int], *, as_of: datetime) -> dict[int, set[str]]:
    """Return what happened to the parcels of each order: shipped, tracked (its number is noted), delivered."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = ShippingEvent.objects.filter(order_id__in=orders, date_created__lte=as_of).values_list(
        "order_id", "event_type__code", "notes"
    )
    for order, code, notes in rows.order_by("pk"):
        found[order].add("delivered" if code == "delivered" else "shipped")
        if notes.strip():
            found[order].add("tracked")
    return found


def _sale(row: dict[str, Any], *, marks: Marks, events: set[str]) -> SaleFact:
    email = row["user_email"] or row["guest_email"] or ""
    traits = OrderTraits(
        number=row["number"],
        status=row["status"],
        is_live=row["is_live"],
        is_paid=row["state"] == PaymentState.PAID,
        captured=row["captured"],
        email=email,
        postcode=row["postcode"] or "",
        street=row["street"] or "",
    )
    return SaleFact(
        number=row["number"],
        paid_at=row["paid_at"],
        currency=row["currency"],
        captured=Decimal(row["captured"]),
        total=row["total"],
        total_net=row["total_net"],
        delivery_net=row["delivery_net"],
        country=row["country"] or "",
        buyer=_mark("buyer", plain_value(email)),
        address=_mark("address", address_value(postcode=traits.postcode, street=traits.street)),
        is_shipped=bool(events) or row["status"] == "Shipped",
        is_tracked="tracked" in events,
        is_delivered="delivered" in events,
        excluded_as=why_excluded(order=traits, marks=marks),
    )


def _mark(what: str, value: str) -> str:
    """Return a mark that tells two values apart and leads nobody back to them."""
    return salted_hmac(f"storefront.subsidies.{what}", value).hexdigest()[:16] if value else ""
