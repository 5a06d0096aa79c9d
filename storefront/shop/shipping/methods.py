"""How orders are delivered: each method is a row of data."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from oscar.apps.shipping import methods
from oscar.core import prices

from storefront.core.money import round_amount

_SATURDAY = 5


class Delivery(methods.Base):
    """A carrier's service at a fixed price, free from a basket total on, taking a range of working days."""

    def __init__(
        self,
        *,
        code: str,
        name: str | Promise,
        price: Decimal,
        working_days: tuple[int, int],
        free_from: Decimal | None = None,
        tax_class: str = "",
    ):
        self.code = code
        self.name = name
        self.price = price
        self.working_days = working_days
        self.free_from = free_from
        self.tax_class = tax_class

    def calculate(self, basket: Any) -> prices.Price:
        """Return the charge as it is shown, in the basket's currency; its tax is worked out with the goods'."""
        is_free = self.free_from is not None and basket.shown_total >= self.free_from
        charge = Decimal(0) if is_free else self.price
        charge = round_amount(amount=charge, currency=basket.currency)
        return prices.Price(currency=basket.currency, excl_tax=charge, tax=Decimal(0))

    def arrival_days(self, *, today: date) -> tuple[date, date]:
        """Return the first and last day an order of today should arrive; weekends do not count."""
        first, last = self.working_days
        return _add_working_days(today, first), _add_working_days(today, last)


DELIVERIES = (
    Delivery(
        code="standard",
        name=_("Standard delivery"),
        price=Decimal("4.95"),
        working_days=(2, 4),
        free_from=Decimal("35.00"),
    ),
    Delivery(code="express", name=_("Express delivery"), price=Decimal("12.95"), working_days=(1, 2)),
)


def _add_working_days(start: date, count: int) -> date:
    if count == 0:
        return start
    return next(day for number, day in enumerate(_working_days_after(start), start=1) if number == count)


def _working_days_after(start: date) -> Iterator[date]:
    day = start
    while True:
        day += timedelta(days=1)
        if day.weekday() < _SATURDAY:
            yield day
