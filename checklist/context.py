"""What a judge of values needs to know besides the field and the text."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from checklist.model import Campaign, Unit, UnitKind
from checklist.names import Names
from checklist.reading.deadlines import Deadline

Value = str | int | date | Deadline | None
"""A township's, village's or problem type's code, a choice's id, text, a number, a day, a deadline; None if empty."""


@dataclass(frozen=True)
class Context:
    """Who files, in which campaign, and when. Make one for many values: it keeps its look-ups."""

    campaign: Campaign
    unit: Unit
    """Who files: a township may only name its own villages."""
    today: date
    """For dates that must not lie ahead, and the year of dates that are written without one."""

    @cached_property
    def names(self) -> Names:
        """The campaign's names, looked up in any spelling."""
        return Names(self.campaign)

    @cached_property
    def township(self) -> Unit | None:
        """The township within which villages are looked for; None means all of the county."""
        return self.unit if self.campaign.kind_of(self.unit) is UnitKind.TOWNSHIP else None

    def within(self, township: Unit) -> "Context":
        """The same for a record whose township is known; the look-ups are shared."""
        narrowed = replace(self, unit=township)
        narrowed.__dict__["names"] = self.names
        narrowed.__dict__["township"] = township
        return narrowed
