"""When an order comes: the days its delivery method promises, and how they are written."""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _


def arrival_days(*, method: Any, today: date) -> tuple[date | None, date | None]:
    """Return the first and last day an order of today arrives; nothing of a method that promises none."""
    service = getattr(method, "method", method)  # a shipping offer wraps the method it discounts
    return service.arrival_days(today=today) if hasattr(service, "arrival_days") else (None, None)


def write_days(first: date | None, last: date | None) -> str:
    """Return the days in the reader's language, such as Tue 2 Dec – Thu 4 Dec; nothing for none."""
    if first is None or last is None:
        return ""
    # Translators: how a day is written in short, in the letters of Django's date filter: Tue 2 Dec
    form = _("D j M")
    days = [date_format(day, form).replace(" ", "\N{NO-BREAK SPACE}") for day in dict.fromkeys((first, last))]
    return " \N{EN DASH} ".join(days)
