"""Dates as Amazon writes them: by marketplace, with abbreviations of time zones, or as a spreadsheet's number."""

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

_HOURS_OF_ZONE = {
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "BST": 1, "WEST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2,
    "EET": 2, "EEST": 3, "TRT": 3, "AST": 3, "GST": 4, "IST": 5.5, "SGT": 8, "CST": 8, "JST": 9, "AWST": 8,
    "AEST": 10, "AEDT": 11, "PST": -8, "PDT": -7, "MST": -7, "MDT": -6, "EST": -5, "EDT": -4, "BRT": -3, "SAST": 2,
}  # fmt: skip
_ZONES = {name: timezone(timedelta(hours=hours)) for name, hours in _HOURS_OF_ZONE.items()}
_MOMENT = re.compile(
    r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?\s*([AP]M)?\s*([A-Za-z]{1,5})?"
)
_SPREADSHEET_DAY = re.compile(r"[2-8]\d{4}(?:\.\d+)?")
_SPREADSHEET_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)
_MONTH_FIRST = frozenset(["us", "ca"])


@lru_cache(maxsize=4096)
def parse_moment(text: str) -> datetime | None:
    """Return a moment such as 2026-06-01T00:00:00Z in UTC; None where the cell is blank or says no moment."""
    text = text.strip()
    try:
        if _SPREADSHEET_DAY.fullmatch(text):
            return _SPREADSHEET_EPOCH + timedelta(days=float(text))
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def parse_local_moment(text: str, *, marketplace: str) -> datetime | None:
    """Return the moment of a report's date, such as '29/09/2025 16:19:39 BST', in UTC; None where it is none.

    The day comes first but in North America, unless the year does. An unknown zone makes the date unusable.
    """
    match = _MOMENT.fullmatch(text)
    if match is None:
        return parse_moment(text)
    first, second, third, hour, minute, seconds, half, zone = match.groups()
    if len(first) == 4:
        year, month, day = int(first), int(second), int(third)
    else:
        day, month, year = int(first), int(second), int(third)
        if (marketplace in _MONTH_FIRST and day <= 12) or (month > 12 >= day):
            day, month = month, day
    hours = int(hour or 0) % 12 + (12 if half.upper() == "PM" else 0) if half else int(hour or 0)
    try:
        moment = datetime(
            year + 2000 if year < 100 else year, month, day, hours, int(minute or 0), int(seconds or 0),
            tzinfo=_ZONES[zone.upper()] if zone else UTC,
        )  # fmt: skip
        return moment.astimezone(UTC)
    except (ValueError, KeyError, OverflowError):
        return None
