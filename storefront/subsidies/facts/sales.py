"""Read the orders whose money arrived in a window, in a stream: memory does not grow with their number."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Min, Q
from django.utils.crypto import salted_hmac
from oscar.core.loading import get_model

from storefront.payments.models import (
    BLOCKING_DISPUTES,
    LIVE_REFUND_STATES,
    Dispute,
    Payment,
    PaymentState,
    Refund,
)
from storefront.subsidies.facts.exclusions import Marks, address_value, plain_value, why_excluded
from storefront.subsidies.facts.shapes import DISPUTE, REFUND, MoneyBack, OrderTraits, SaleFact
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
    "taken": "taken",
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
        of_these = Q(payment__in=[row["key"] for row in rows])
        back = _money_back(refunds=of_these, disputes=of_these, as_of=as_of)
        for row in rows:
            yield _sale(row, marks=marks, events=shipped[row["order_key"]], back=back[row["key"]])


def read_late_returns(*, window: Window, marks: Marks, as_of: datetime) -> Iterator[SaleFact]:
    """Yield what went back in the window of orders paid before it: as orders of the day it went back, nothing captured.

    For calls that count a refund in the window in which it was made; those that count it with its order need none.
    """
    before = {"payment__paid_at__lt": window.start}
    refunds = Q(**before, requested_at__gte=window.start, requested_at__lt=window.end)
    disputes = Q(**before, opened_at__gte=window.start, opened_at__lt=window.end)
    found = _money_back(refunds=refunds, disputes=disputes, as_of=as_of)
    keys = iter(sorted(found))
    while chunk := list(islice(keys, CHUNK_ROWS)):
        for columns in Payment.objects.filter(pk__in=chunk).order_by("pk").values_list(*_COLUMNS.values()):
            row = dict(zip(_COLUMNS, columns, strict=True))
            for one in found[row["key"]]:
                sale = _sale(row, marks=marks, events=_NO_EVENTS, back=[one])
                yield replace(sale, paid_at=one.at, captured=Decimal(0))


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


@dataclass
class _Parcels:
    """What happened to an order's parcels. The carrier's number is the first parcel's, else a shipping event's note."""

    is_shipped: bool = False
    is_delivered: bool = False
    number: str = ""
    note: str = ""

    @property
    def tracking(self) -> str:
        return self.number or self.note[:100]


_NO_EVENTS = _Parcels()


def _shipments(orders: list[int], *, as_of: datetime) -> dict[int, _Parcels]:
    found: dict[int, _Parcels] = defaultdict(_Parcels)
    rows = ShippingEvent.objects.filter(order_id__in=orders, date_created__lte=as_of).values_list(
        "order_id", "event_type__code", "notes", "parcels__number"
    )
    for order, code, notes, number in rows.order_by("pk", "parcels__pk"):
        parcels = found[order]
        parcels.is_shipped = True
        parcels.is_delivered |= code == "delivered"
        parcels.number = parcels.number or number or ""
        parcels.note = parcels.note or notes.strip()
    return found


def _money_back(*, refunds: Q, disputes: Q, as_of: datetime) -> dict[int, list[MoneyBack]]:
    """Return what went back of each payment until a moment: refunds unless they failed, disputes unless won."""
    found: dict[int, list[MoneyBack]] = defaultdict(list)
    rows = Refund.objects.filter(refunds, state__in=LIVE_REFUND_STATES, requested_at__lt=as_of)
    for payment, at, amount in rows.order_by("requested_at", "pk").values_list(
        "payment_id", "requested_at", "amount"
    ):
        found[payment].append(MoneyBack(REFUND, at, amount))
    rows = Dispute.objects.filter(disputes, status__in=BLOCKING_DISPUTES, opened_at__lt=as_of)
    for payment, at, amount in rows.order_by("opened_at", "pk").values_list(
        "payment_id", "opened_at", "amount"
    ):
        found[payment].append(MoneyBack(DISPUTE, at, amount))
    return found


def _sale(row: dict[str, Any], *, marks: Marks, events: _Parcels, back: list[MoneyBack]) -> SaleFact:
    email = row["user_email"] or row["guest_email"] or ""
    captured = row["captured"] if row["taken"] is None else row["taken"]
    traits = OrderTraits(
        number=row["number"],
        status=row["status"],
        is_live=row["is_live"],
        is_paid=row["state"] == PaymentState.PAID,
        captured=captured,
        email=email,
        postcode=row["postcode"] or "",
        street=row["street"] or "",
    )
    return SaleFact(
        key=row["key"],
        number=row["number"],
        paid_at=row["paid_at"],
        currency=row["currency"],
        captured=Decimal(captured),
        total=row["total"],
        total_net=row["total_net"],
        delivery_net=row["delivery_net"],
        country=row["country"] or "",
        buyer=_mark("buyer", plain_value(email)),
        address=_mark("address", address_value(postcode=traits.postcode, street=traits.street)),
        is_shipped=events.is_shipped or row["status"] == "Shipped",
        is_delivered=events.is_delivered,
        tracking=events.tracking,
        excluded_as=why_excluded(order=traits, marks=marks),
        back=tuple(back),
    )


def _mark(what: str, value: str) -> str:
    """Return a mark that tells two values apart and leads nobody back to them."""
    return salted_hmac(f"storefront.subsidies.{what}", value).hexdigest()[:16] if value else ""
