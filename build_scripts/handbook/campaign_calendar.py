"""The phases and the deadline as an iCalendar file, byte-identical for the same campaign."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from build_scripts.icalendar import Event, calendar
from checklist.model import Campaign


def calendar_bytes(campaign: Campaign) -> bytes:
    """Build the file: an all-day event for each phase, and the deadline with an alarm a day before."""
    notice = campaign.notice
    issued = datetime.combine(notice.issued, time(), UTC)  # not the build time: reproducible output
    return calendar(notice.name, "handbook", issued, _events(campaign))


def _events(campaign: Campaign) -> Iterator[Event]:
    notice = campaign.notice
    for phase in notice.phases:
        about = "".join(task.text for task in phase.tasks)
        name = f"{notice.short_name}：{phase.name}"
        yield Event(f"{campaign.id}-{phase.id}", name, about, phase.start, phase.end)
    yield deadline_event(campaign)


def deadline_event(campaign: Campaign) -> Event:
    """The hour before the deadline."""
    notice = campaign.notice
    return Event(
        uid=f"{campaign.id}-deadline",
        summary=f"{notice.short_name}报送截止（{notice.deadline.text}）",
        about="、".join(notice.deadline.what),
        start=notice.deadline.at - timedelta(hours=1),
        end=notice.deadline.at,
        alarm=timedelta(days=1),
        busy=True,
    )
