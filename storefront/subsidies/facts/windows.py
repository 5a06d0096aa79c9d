"""Days and months as people in China count them, and the moments between which they lie."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Window:
    """Days in Asia/Shanghai, both included, as notices write them."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        """The moment it begins, in UTC."""
        return _midnight(self.first)

    @property
    def end(self) -> datetime:
        """The moment it has ended, in UTC: the first one outside."""
        return _midnight(self.last + timedelta(days=1))

    @property
    def months(self) -> tuple[str, ...]:
        """Its calendar months, such as 2022-06, the empty ones too."""
        count = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        start = self.first.year * 12 + self.first.month - 1
        return tuple(f"{number // 12}-{number % 12 + 1:02d}" for number in range(start, start + count))

    def holds(self, moment: datetime) -> bool:
        """Say whether a moment lies inside: the last second of the last day in China does."""
        return self.start <= moment < self.end

    def year_before(self) -> "Window":
        """Return the same days a year earlier (29 February becomes the 28th)."""
        return Window(_a_year_earlier(self.first), _a_year_earlier(self.last))

    def days(self) -> Iterator[date]:
        """Return each of its days."""
        return (self.first + timedelta(days=step) for step in range((self.last - self.first).days + 1))


def day_of(moment: datetime) -> date:
    """Return the day in China on which a moment lies."""
    return moment.astimezone(BEIJING).date()


def month_of(moment: datetime) -> str:
    """Return the month in China in which a moment lies, such as 2022-06."""
    return f"{day_of(moment):%Y-%m}"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), BEIJING).astimezone(UTC)


def _a_year_earlier(day: date) -> date:
    if (day.month, day.day) == (2, 29):
        return date(day.year - 1, 2, 28)
    return day.replace(year=day.year - 1)
