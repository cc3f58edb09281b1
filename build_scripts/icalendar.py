"""iCalendar (RFC 5545) files: the handbook's calendar, and each account's reminder feed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from checklist.china_time import ZONE

_LONGEST = 75
"""Octets of a line without its end; longer lines are folded."""


@dataclass(frozen=True)
class Event:
    """An all-day event, or one with a time.

    Attributes:
        uid: stable across versions of the calendar.
        summary: its title.
        about: its description.
        start: the first day, or the wall-clock time in the county at which it begins.
        end: the last day, or the time at which it ends.
        url: of the page that handles it.
        alarm: lead time of its alarm.
        busy: whether it blocks time in the subscriber's calendar.
    """

    uid: str
    summary: str
    about: str
    start: date
    end: date
    url: str = ""
    alarm: timedelta | None = None
    busy: bool = False


def calendar(name: str, source: str, made: datetime, events: Iterable[Event]) -> bytes:
    """Return the file.

    Args:
        name: of the calendar.
        source: the generating part of the system.
        made: time of the data, in UTC.
        events: in any order.
    """
    lines = (folded(line) for line in _lines(name, source, made, events))
    return "".join(f"{line}\r\n" for line in lines).encode()


def _lines(name: str, source: str, made: datetime, events: Iterable[Event]) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield f"PRODID:-//huitoukan//{source}//ZH"
    yield "CALSCALE:GREGORIAN"
    yield f"X-WR-CALNAME:{escaped(name)}"
    for event in events:
        yield from _event(event, made)
    yield "END:VCALENDAR"


def _event(event: Event, made: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}@huitoukan"
    yield f"DTSTAMP:{made:%Y%m%dT%H%M%SZ}"
    yield f"SUMMARY:{escaped(event.summary)}"
    yield f"DESCRIPTION:{escaped(event.about)}"
    yield from _times(event)
    if event.url:
        yield f"URL:{event.url}"
    if not event.busy:
        yield "TRANSP:TRANSPARENT"
    if event.alarm is not None:
        days = event.alarm // timedelta(days=1)
        told = ("ACTION:DISPLAY", f"DESCRIPTION:{escaped(event.summary)}", f"TRIGGER:-P{days}D")
        yield from ("BEGIN:VALARM", *told, "END:VALARM")
    yield "END:VEVENT"


def _times(event: Event) -> tuple[str, str]:
    if isinstance(event.start, datetime) and isinstance(event.end, datetime):
        return f"DTSTART:{_moment(event.start)}", f"DTEND:{_moment(event.end)}"
    after = event.end + timedelta(days=1)  # the end of an all-day event is exclusive
    return f"DTSTART;VALUE=DATE:{event.start:%Y%m%d}", f"DTEND;VALUE=DATE:{after:%Y%m%d}"


def escaped(words: str) -> str:
    """Escape a text value."""
    for sign in ("\\", ";", ","):
        words = words.replace(sign, f"\\{sign}")
    return words.replace("\n", "\\n")


def folded(line: str) -> str:
    """Fold a line that is too long, never within a character."""
    parts, size = [""], 0
    for character in line:
        octets = len(character.encode())
        if size + octets > _LONGEST:
            parts.append(" ")
            size = 1
        parts[-1] += character
        size += octets
    return "\r\n".join(parts)


def _moment(moment: datetime) -> str:
    return f"{moment.replace(tzinfo=ZONE).astimezone(UTC):%Y%m%dT%H%M%SZ}"
