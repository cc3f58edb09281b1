"""The time zone of everything here: the country has one, without summer time, whatever the machine says."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


def wall_clock() -> datetime:
    """The time in China, without an offset, as the tables store it."""
    return datetime.now(ZONE).replace(tzinfo=None)


def today() -> date:
    """The day in China."""
    return wall_clock().date()
