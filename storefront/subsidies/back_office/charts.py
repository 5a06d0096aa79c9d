"""The months of a figure as bars, with the threshold as a line: numbers for an SVG that needs no script."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT, FOOT = 640, 180, 22


@dataclass(frozen=True)
class Bar:
    """One month: where its bar stands, and what it is called. In the SVG's own units."""

    x: float
    y: float
    width: float
    height: float
    month: str
    value: Decimal

    @property
    def middle(self) -> float:
        """Where its name stands."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True)
class Chart:
    """Bars, the line of the average so far, and the threshold where there is one."""

    bars: list[Bar]
    average: str
    threshold_y: float | None
    width: int = WIDTH
    height: int = HEIGHT
    foot: int = HEIGHT - 4


def draw_chart(points: Sequence[tuple[str, Decimal, Decimal]], *, threshold: Decimal | None) -> Chart | None:
    """Return the chart of (month, value, average so far); None where no month has a value."""
    highest = max([threshold or Decimal(0), *(value for _, value, _ in points)], default=Decimal(0))
    if not points or highest <= 0:
        return None
    room = HEIGHT - FOOT - 6
    step = WIDTH / len(points)

    def level(value: Decimal) -> float:
        return round(6 + room * (1 - float(max(value, Decimal(0)) / highest)), 1)

    bars = [
        Bar(
            x=round(number * step + step * 0.15, 1),
            y=level(value),
            width=round(step * 0.7, 1),
            height=round(6 + room - level(value), 1),
            month=month,
            value=value,
        )
        for number, (month, value, _) in enumerate(points)
    ]
    average = " ".join(
        f"{number * step + step / 2:.1f},{level(value)}" for number, (_, _, value) in enumerate(points)
    )
    return Chart(bars, average, level(threshold) if threshold is not None else None)
