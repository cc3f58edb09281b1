"""The phases and the deadline as an iCalendar file (RFC 5545), the same bytes for the same campaign."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from checklist.model import Campaign

_ZONE = ZoneInfo("Asia/Shanghai")
_LONGEST = 75
"""Octets of a line, its end not counted; a longer one goes on in the next after a space."""


def calendar_bytes(campaign: Campaign) -> bytes:
    """The file: a whole-day event for each phase, and the deadline with a reminder a day before."""
    lines = (folded(line) for line in _calendar(campaign))
    return "".join(f"{line}\r\n" for line in lines).encode()


def _calendar(campaign: Campaign) -> Iterator[str]:
    notice = campaign.notice
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield "PRODID:-//huitoukan//handbook//ZH"
    yield "CALSCALE:GREGORIAN"
    yield f"X-WR-CALNAME:{escaped(notice.name)}"
    for phase in notice.phases:
        summary = f"{notice.short_name}：{phase.name}"
        about = "".join(task.text for task in phase.tasks)
        after = phase.end + timedelta(days=1)  # the end of a whole-day event is the day after it
        days = (f"DTSTART;VALUE=DATE:{_day(phase.start)}", f"DTEND;VALUE=DATE:{_day(after)}")
        yield from _event(campaign, phase.id, summary, about, (*days, "TRANSP:TRANSPARENT"))
    yield from _deadline(campaign)
    yield "END:VCALENDAR"


def _deadline(campaign: Campaign) -> Iterator[str]:
    notice = campaign.notice
    due = notice.deadline.at.replace(tzinfo=_ZONE)
    summary = f"{notice.short_name}报送截止（{notice.deadline.text}）"
    alarm = (
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{escaped(summary)}",
        "TRIGGER:-P1D",
        "END:VALARM",
    )
    times = (f"DTSTART:{_moment(due - timedelta(hours=1))}", f"DTEND:{_moment(due)}", *alarm)
    yield from _event(campaign, "deadline", summary, "、".join(notice.deadline.what), times)


def _event(campaign: Campaign, name: str, summary: str, about: str, times: tuple[str, ...]) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{campaign.id}-{name}@huitoukan"
    yield f"DTSTAMP:{_day(campaign.notice.issued)}T000000Z"  # not the moment of the build: the same bytes each time
    yield f"SUMMARY:{escaped(summary)}"
    yield f"DESCRIPTION:{escaped(about)}"
    yield from times
    yield "END:VEVENT"


def escaped(words: str) -> str:
    """A text value."""
    for sign in ("\\", ";", ","):
        words = words.replace(sign, f"\\{sign}")
    return words.replace("\n", "\\n")


def folded(line: str) -> str:
    """A line cut where it is longer than a line may be, never within a character."""
    parts, size = [""], 0
    for character in line:
        octets = len(character.encode())
        if size + octets > _LONGEST:
            parts.append(" ")
            size = 1
        parts[-1] += character
        size += octets
    return "\r\n".join(parts)


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
