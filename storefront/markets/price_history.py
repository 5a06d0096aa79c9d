"""What a price was: which one was in force when, and the reference of an announced reduction.

Follows Article 6a of Directive 98/6/EC (inserted by Directive (EU) 2019/2161, Article 2): whoever announces a price
reduction states the prior price, that is the lowest price applied during a period of not less than 30 days before
the reduction is applied. Read with the Commission's guidance on that article (OJ C 526, 29.12.2021, p. 130) and
with CJEU C-330/23 Aldi Süd (26.9.2024): a percentage or "price highlight" is reckoned from that price, too.

Choices where the article leaves one:
- Article 6a(5), a Member State option that Germany (§ 11 (2) PAngV) and others took: while a reduction grows step by
  step without interruption, its reference stays the price before the first step. An announced price that goes up
  again ends the growth: a new reduction begins there.
- Article 6a(4), goods on the market for less than 30 days: the lowest price since they were first offered.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

REFERENCE_PERIOD = timedelta(days=30)


@dataclass(frozen=True)
class Change:
    """From this moment this price is in force; no amount: the product is not offered."""

    at: datetime
    amount: Decimal | None
    is_reduction: bool = False


@dataclass(frozen=True)
class Period:
    """A price that holds while `begins` <= t < `ends`.

    Of several that hold, a temporary one is in force before a lasting one, and of two alike the one begun last.
    """

    begins: datetime
    ends: datetime | None
    amount: Decimal
    is_reduction: bool = False
    is_temporary: bool = False


@dataclass(frozen=True)
class Reduction:
    """An announced reduction in force: when it began, and the price it must be measured by."""

    began: datetime
    reference: Decimal | None


def lowest_price_before_reduction(changes: Iterable[Change], *, reduction_began: datetime) -> Decimal | None:
    """Return the lowest price in force in the 30 days before the moment the reduction began.

    The reduction's own price does not count; a price older than the 30 days counts when it was still in force as
    they opened. None when nothing was offered then: such a reduction has no reference and may not be announced.
    """
    opens = reduction_began - REFERENCE_PERIOD
    amounts: list[Decimal | None] = []
    in_force_at_opening: Decimal | None = None
    for change in _in_order(changes):
        if change.at >= reduction_began:
            break
        if change.at <= opens:
            in_force_at_opening = change.amount
        else:
            amounts.append(change.amount)
    return min((amount for amount in [in_force_at_opening, *amounts] if amount is not None), default=None)


def find_reduction(changes: Iterable[Change], *, at: datetime) -> Reduction | None:
    """Return the announced reduction in force at a moment, with its reference; None while there is none."""
    past = [change for change in _in_order(changes) if change.at <= at]
    if not past or not past[-1].is_reduction or past[-1].amount is None:
        return None
    began = past[-1]
    for earlier in reversed(past[:-1]):
        if not earlier.is_reduction or earlier.amount is None or earlier.amount < (began.amount or 0):
            break
        began = earlier
    return Reduction(began=began.at, reference=lowest_price_before_reduction(past, reduction_began=began.at))


def price_at(periods: Iterable[Period], *, at: datetime) -> Period | None:
    """Return the period whose price is in force at a moment, if any is."""
    holding = [
        period for period in periods if period.begins <= at and (period.ends is None or at < period.ends)
    ]
    return max(holding, key=lambda period: (period.is_temporary, period.begins), default=None)


def due_changes(periods: Sequence[Period], *, after: datetime | None, until: datetime) -> list[Change]:
    """Return the changes of the price in force at moments t with `after` < t <= `until`, in order.

    A price that was set to begin or end later changes by the clock alone; this finds what the clock has done.
    """
    moments = {period.begins for period in periods} | {
        period.ends for period in periods if period.ends is not None
    }
    before = price_at(periods, at=after) if after is not None else None
    found: list[Change] = []
    for moment in sorted(
        moment for moment in moments if (after is None or moment > after) and moment <= until
    ):
        now = price_at(periods, at=moment)
        if _said(now) != _said(before):
            found.append(Change(moment, now.amount if now else None, bool(now and now.is_reduction)))
        before = now
    return found


def _said(period: Period | None) -> tuple[Decimal, bool] | None:
    return (period.amount, period.is_reduction) if period else None


def _in_order(changes: Iterable[Change]) -> list[Change]:
    return sorted(changes, key=lambda change: change.at)
