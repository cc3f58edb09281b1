"""China's time zone, used everywhere regardless of the machine's; it has no summer time."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


def wall_clock() -> datetime:
    """Return the time in China, without an offset, as the tables store it."""
    return datetime.now(ZONE).replace(tzinfo=None)


def today() -> date:
    """Return the day in China."""
    return wall_clock().date()
