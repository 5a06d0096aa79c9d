"""Write deadlines as a calendar (RFC 5545), each with alarms ahead of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

# Fourteen, seven, three and one day ahead, and four hours.
ALARMS_AHEAD = ("-P14D", "-P7D", "-P3D", "-P1D", "-PT4H")
_LINE_OCTETS = 75


@dataclass(frozen=True)
class Deadline:
    """A moment by which something must be done; `key` stays the same when the moment is moved."""

    key: str
    at: datetime
    title: str
    note: str = ""


def calendar_text(deadlines: Iterable[Deadline], *, name: str, now: datetime) -> str:
    """Return the calendar; importing it again moves what was moved, for every event keeps its identity."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//storefront//subsidies//EN", "CALSCALE:GREGORIAN"]
    lines += [
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
        "X-PUBLISHED-TTL:PT12H",
    ]  # for whoever subscribes (RFC 7986)
    lines.append(f"X-WR-CALNAME:{_escaped(name)}")
    for deadline in deadlines:
        lines += _event(deadline, now=now)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(deadline: Deadline, *, now: datetime) -> Iterator[str]:
    title = _escaped(deadline.title)
    yield from ("BEGIN:VEVENT", f"UID:{_escaped(deadline.key)}", f"DTSTAMP:{_moment(now)}")
    yield from (f"DTSTART:{_moment(deadline.at)}", f"SUMMARY:{title}", "TRANSP:TRANSPARENT")
    if deadline.note:
        yield f"DESCRIPTION:{_escaped(deadline.note)}"
    for ahead in ALARMS_AHEAD:
        yield from (
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{title}",
            f"TRIGGER:{ahead}",
            "END:VALARM",
        )
    yield "END:VEVENT"


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(plain.splitlines())


def _folded(line: str) -> Iterator[str]:
    """Yield a line in parts of at most 75 octets, none of which cuts a character in two (section 3.1)."""
    part, octets = "", 0
    for letter in line:
        size = len(letter.encode())
        if octets + size > _LINE_OCTETS:
            yield part
            part, octets = " ", 1
        part, octets = part + letter, octets + size
    yield part
