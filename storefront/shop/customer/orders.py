"""A customer's orders as the account pages print them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from storefront.payments.totals import Totals, shown_line_price, totals_of_order

MAX_PICTURES = 4
AWAITING_PAYMENT, AUTHORISED, PAID = "Awaiting payment", "Authorised", "Paid"
SHIPPED, CANCELLED = "Shipped", "Cancelled"


@dataclass(frozen=True)
class LineView:
    """One line of an order: what was bought, at the price agreed then."""

    title: str
    quantity: int
    total: Decimal
    picture: str
    url: str


@dataclass(frozen=True)
class Step:
    """A station of an order's way; `state` is "done", "now" or nothing yet."""

    label: str
    moment: datetime | None
    state: str


@dataclass(frozen=True)
class OrderView:
    """An order with everything its card and its page show; `is_expected` until the last day of its arrival is over."""

    order: Any
    lines: list[LineView]
    steps: list[Step]
    totals: Totals
    pay_url: str
    arrival: str
    is_expected: bool
    parcels: Sequence[Any]

    @property
    def pictures(self) -> list[LineView]:
        return self.lines[:MAX_PICTURES]

    @property
    def more_count(self) -> int:
        return max(0, len(self.lines) - MAX_PICTURES)


def with_lines(orders: QuerySet) -> QuerySet:
    """Return the orders with their lines, products, pictures and status changes, in a fixed number of queries."""
    lines = get_model("order", "Line").objects.select_related("product__parent").order_by("pk")
    pictures = ("product__images", "product__parent__images")
    return orders.select_related(
        "shipping_address__country", "billing_address__country", "tax_terms", "payment"
    ).prefetch_related(
        Prefetch("lines", queryset=lines.prefetch_related(*pictures)), "status_changes", "credit_entries"
    )


def view_orders(orders: Iterable[Any], *, today: date) -> list[OrderView]:
    """Return what the pages print of orders read by `with_lines`."""
    return [view_order(order, today=today) for order in orders]


def view_order(order: Any, *, today: date, parcels: Sequence[Any] = ()) -> OrderView:
    """Return what the pages print of one order read by `with_lines`; a list shows no parcels."""
    payment = getattr(order, "payment", None)
    arrival = payment.promised_days if payment else ""
    return OrderView(
        order=order,
        lines=[_view_line(line, order) for line in order.lines.all()],
        steps=_steps(order),
        totals=totals_of_order(order),
        pay_url=_pay_url(order),
        arrival=arrival,
        parcels=parcels,
        is_expected=bool(arrival) and payment.arrives_by >= today,
    )


def _view_line(line: Any, order: Any) -> LineView:
    product = line.product
    return LineView(
        title=line.title,
        quantity=line.quantity,
        total=shown_line_price(line, order=order),
        picture=_picture(product),
        url=product.get_absolute_url() if product and product.is_public else "",
    )


def _picture(product: Any) -> str:
    if product is None:
        return ""
    images = list(product.images.all()) or (list(product.parent.images.all()) if product.is_child else [])
    return str(images[0].original) if images else ""


def _steps(order: Any) -> list[Step]:
    if order.status == CANCELLED:
        return []
    moments = {change.new_status: change.date_created for change in order.status_changes.all()}
    way = [
        (AWAITING_PAYMENT, _("Ordered"), order.date_placed),
        (PAID, _("Paid"), moments.get(PAID)),
        (SHIPPED, _("Shipped"), moments.get(SHIPPED)),
    ]
    codes = [code for code, _label, _moment in way]
    if order.status == AUTHORISED:  # paid for when it is sent, and being packed until then
        way.insert(1, (AUTHORISED, _("Accepted"), moments.get(AUTHORISED)))
        codes.insert(1, AUTHORISED)
    reached = codes.index(order.status) if order.status in codes else 0
    return [
        Step(
            label=label,
            moment=moment,
            state="done" if place <= reached else "now" if place == reached + 1 else "",
        )
        for place, (_code, label, moment) in enumerate(way)
    ]


def _pay_url(order: Any) -> str:
    if order.status != AWAITING_PAYMENT:
        return ""
    try:
        return reverse("checkout:pay", kwargs={"token": order.verification_hash()})
    except NoReverseMatch:
        return ""
