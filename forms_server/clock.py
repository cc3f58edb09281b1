"""The application's clock: wall-clock time in Asia/Shanghai, whatever the machine's time zone."""

from dataclasses import dataclass
from datetime import date, datetime

from checklist.china_time import wall_clock


@dataclass(frozen=True)
class Clock:
    """Source of the current time, real or fixed."""

    fixed: datetime | None = None
    """Wall-clock time without an offset, for demonstrations and tests."""

    def now(self) -> datetime:
        """The wall-clock time in Asia/Shanghai, without an offset, as the tables store it."""
        return self.fixed or wall_clock()

    def today(self) -> date:
        """The day in Asia/Shanghai."""
        return self.now().date()
