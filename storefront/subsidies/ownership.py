"""Which part of a company another one controls: the product along each chain, summed over the chains."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Holding:
    """One company holds a part of another, from a day to a day, both included."""

    parent: int
    child: int
    percent: Decimal
    valid_from: date
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Say whether it is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def control_percent(*, parent: int, child: int, holdings: Sequence[Holding], day: date) -> Decimal:
    """Return the part of `child` that `parent` holds on a day, directly and through others (100 for itself)."""
    valid = [holding for holding in holdings if holding.holds_on(day)]
    return _percent(parent, child, valid, frozenset())


def _percent(parent: int, child: int, holdings: Sequence[Holding], passed: frozenset[int]) -> Decimal:
    if parent == child:
        return Decimal(100)
    if parent in passed:  # companies that hold each other
        return Decimal(0)
    return sum(
        (
            holding.percent * _percent(holding.child, child, holdings, passed | {parent}) / 100
            for holding in holdings
            if holding.parent == parent
        ),
        Decimal(0),
    )
