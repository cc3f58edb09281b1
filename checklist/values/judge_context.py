"""The context of the judge, besides field and text."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from checklist.model import Campaign, Field, FilledForm, Unit, UnitKind
from checklist.questions import Answers
from checklist.values.campaign_names import Names
from checklist.values.judge_results import Checked, CheckedRecord, Value

Compute = Callable[[FilledForm, Mapping[str, Value]], CheckedRecord]
"""From a form and the values of a row to those of its computed fields, and what its rules find missing."""


@dataclass(frozen=True)
class Context:
    """The filing unit, campaign and date. Make one for many values: it caches its look-ups."""

    campaign: Campaign
    unit: Unit
    """The filing unit: a township may only name its own villages."""
    today: date
    """Today: for dates that must not be in the future, and for dates without a year."""
    answers: Answers = field(default_factory=Answers, compare=False)
    """Of questions about texts that are not certain; only imports ask any."""
    compute: Compute | None = field(default=None, compare=False)
    """Evaluates a form's rules (``formula``, ``required_if``); without it computed fields hold nothing."""
    most_seen: int = field(default=20_000, compare=False)
    """Short texts whose results are kept, for this unit."""

    @cached_property
    def names(self) -> Names:
        """The campaign's names, looked up in any spelling."""
        return Names(self.campaign)

    @cached_property
    def township(self) -> Unit | None:
        """The township to search for villages; None means all of the county."""
        return self.unit if self.campaign.kind_of(self.unit) is UnitKind.TOWNSHIP else None

    @cached_property
    def seen(self) -> dict[tuple[int, str], tuple[Field, Checked]]:
        """Cache of results for short texts, by the field's identity: workbooks repeat a few values."""
        return {}

    @cached_property
    def _narrowed(self) -> "dict[str, Context]":
        return {}

    def within(self, unit: Unit) -> "Context":
        """Return a context of another unit, such as the one township that is meant, which shares the look-ups."""
        narrowed = self._narrowed.get(unit.code)
        if narrowed is None:
            narrowed = replace(self, unit=unit)
            narrowed.__dict__["names"] = self.names
            self._narrowed[unit.code] = narrowed
        return narrowed
