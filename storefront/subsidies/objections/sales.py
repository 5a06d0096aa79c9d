"""What the checks need of frozen figures: their window and the orders behind them, as plain data."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True)
class Sale:
    """An order behind a figure. `excluded_as` says why it does not count; card and address are marks, not data."""

    number: str
    paid_at: datetime | None
    amount: Decimal
    excluded_as: str = ""
    card: str = ""
    address: str = ""
    is_tracked: bool = True


@dataclass(frozen=True)
class FrozenFigure:
    """A snapshot of a figure, as it will be filed."""

    kpi_code: str
    value: Decimal | None
    measure_from: date
    measure_to: date
    zone: str
    months: tuple[str, ...] = ()
    sales: tuple[Sale, ...] = ()
    brand_changes: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True)
class Matching:
    """What the latest reconciliation could not match, as a share of the captured sum."""

    manual_payouts: int
    unmatched_share: Decimal
