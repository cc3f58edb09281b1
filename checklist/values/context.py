"""What a judge of values needs to know besides the field and the text."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from checklist.model import Campaign, Field, Unit, UnitKind
from checklist.values.campaign_names import Names
from checklist.values.checked import Checked


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

    @cached_property
    def seen(self) -> dict[tuple[int, str], tuple[Field, Checked]]:
        """What short texts came to, by the field's identity: a workbook says the same few things in every row."""
        return {}

    @cached_property
    def _narrowed(self) -> "dict[str, Context]":
        return {}

    def within(self, township: Unit) -> "Context":
        """The same for a record whose township is known; the look-ups are shared."""
        if township.code not in self._narrowed:
            narrowed = replace(self, unit=township)
            narrowed.__dict__["names"] = self.names
            self._narrowed[township.code] = narrowed
        return self._narrowed[township.code]
