"""When would the shop be eligible? Months so far, then the average of the last three for ever: pure, and no promise."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

RUN_MONTHS = 3
FARTHEST_MONTHS = 60


@dataclass(frozen=True)
class Projection:
    """The first month whose window would pass, such as 2027-03; empty where none within five years does."""

    month: str
    run_rate: Decimal
    value: Decimal


def project_months(
    *,
    months: Sequence[tuple[str, Decimal]],
    window: int,
    passes: Callable[[Sequence[Decimal]], Decimal | None],
) -> Projection:
    """Return when the last `window` months first pass, starting with the last of `months`.

    `passes` returns the figure of a window where it passes, else None. A shop younger than the window is filled up
    with months without sales, as the calls count them.
    """
    values = [value for _, value in months]
    recent = values[-RUN_MONTHS:]
    run_rate = sum(recent, Decimal(0)) / len(recent) if recent else Decimal(0)
    values = [Decimal(0)] * max(window - len(values), 0) + values
    for step in range(FARTHEST_MONTHS + 1):
        found = passes(values[-window:])
        if found is not None:
            return Projection(later_month(months[-1][0], step), run_rate, found)
        values.append(run_rate)
    return Projection("", run_rate, sum(values[-window:], Decimal(0)))


def later_month(month: str, count: int) -> str:
    """Return the month `count` months after one such as 2026-11."""
    number = int(month[:4]) * 12 + int(month[5:]) - 1 + count
    return f"{number // 12}-{number % 12 + 1:02d}"
