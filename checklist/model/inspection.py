"""``inspection.yml``: supervision on the spot; a campaign without the file has no such phase."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field as Attribute

from checklist.model.base import Id, Node, Text
from checklist.model.forms import FieldId

Number = Annotated[int, Attribute(ge=0, le=500)]


class Mark(StrEnum):
    """What the records say of a village, a household or an issue."""

    TOLD = "told"
    """A household with an issue that was reported rectified, closed or not."""
    NEVER_VISITED = "never-visited"
    PROPOSED = "proposed"
    """A household that its unit proposes."""
    NOTHING_FOUND = "nothing-found"
    """A village in which no issue was found."""
    FROM_SOURCE = "from-source"
    """A household with an issue of certain sources, such as complaints."""
    HASTY = "hasty"
    """A household whose sheet was filled in within a few minutes, or mostly area by area at once."""
    NO_PHOTO = "no-photo"
    """An issue without a photograph of what became of it."""


MARKS_OF = {
    "villages": frozenset({Mark.NOTHING_FOUND}),
    "households": frozenset({Mark.TOLD, Mark.NEVER_VISITED, Mark.PROPOSED, Mark.FROM_SOURCE, Mark.HASTY}),
    "issues": frozenset({Mark.NO_PHOTO}),
}
"""Which marks a stage of the draw knows."""


class Always(Node):
    """What is looked at in any case (必查)."""

    mark: Mark
    take: Annotated[int, Attribute(ge=1, le=500)] | None = None
    """The first so many in drawn order; all of them where there is no number."""


class Weight(Node):
    """What is drawn more often."""

    mark: Mark
    times: Annotated[int, Attribute(ge=2, le=10)]


class Stratum(Node):
    """Households of some types, of which so many are drawn in each village."""

    id: Id
    name: Text
    household_types: tuple[Id, ...] = ()
    """Choices of the form; empty for all that no other stratum has."""
    take: Number


class VillageDraw(Node):
    """The first stage: villages of each township."""

    per_township: Number
    always: tuple[Always, ...] = ()
    weights: tuple[Weight, ...] = ()


class HouseholdDraw(Node):
    """The second stage: households of each drawn village."""

    strata: tuple[Stratum, ...]
    always: tuple[Always, ...] = ()
    weights: tuple[Weight, ...] = ()


class IssueDraw(Node):
    """Issues of each unit that were reported rectified, beside the households."""

    per_unit: Number
    always: tuple[Always, ...] = ()
    weights: tuple[Weight, ...] = ()


class DrawPlan(Node):
    """What is drawn."""

    villages: VillageDraw
    households: HouseholdDraw
    issues: IssueDraw
    sources: tuple[Id, ...] = ()
    """Choices of the forms' field ``source`` that the mark ``from-source`` means."""
    hasty_minutes: Annotated[int, Attribute(ge=1, le=60)] = 5


class Letters(Node):
    """What the office sends out in supervision."""

    number: Annotated[str, Attribute(pattern=r"^[^{}]*(\{year\}[^{}]*)?\{number\}[^{}]*$", max_length=60)] = (
        "督〔{year}〕{number}号"
    )
    """The number of a letter (文号); ``{number}`` runs through the year, without ``{year}`` through the campaign."""
    answer_days: Annotated[int, Attribute(ge=1, le=90)] = 7
    """Within how many days a unit answers."""


class PhasedWork(StrEnum):
    """What belongs to a phase."""

    ZERO_REPORT = "zero-report"
    REGISTER = "register"
    """An issue that a unit found itself; late ones are accepted by everybody's hand."""
    DRAW = "draw"
    """Opening the sealed seed."""
    SPOT = "spot"
    """Sheets, checks and findings of teams."""


class LateWorkers(StrEnum):
    """Who does what is left when the phase is over."""

    ANYONE = "anyone"
    PRINCIPAL = "principal"
    """The unit's principal only."""


class PhaseRight(Node):
    """In which phase something is done: not before, and afterwards by whom."""

    work: PhasedWork
    phase: Id
    late: LateWorkers = LateWorkers.ANYONE


class Inspection(Node):
    """``inspection.yml``."""

    phase: Id
    """Of ``campaign.yml``: when teams are on the spot."""
    source: Id
    """The choice of the forms' field ``source`` that a team's findings have."""
    claimed: tuple[FieldId, ...]
    """Fields that the unit fills in when it claims a finding; the team leaves them empty."""
    claim_days: Annotated[int, Attribute(ge=0, le=90)]
    """Within how many days a unit claims a finding or objects."""
    decided_days: Annotated[int, Attribute(ge=0, le=90)] | None = None
    """Within how many days after the office turned an objection down it claims; as ``claim_days`` if not given."""
    closing_sample: Annotated[int, Attribute(ge=0, le=100)] = 20
    """Of the issues that are closed together, the per cent that must have been opened before."""
    letters: Letters = Letters()
    rights: tuple[PhaseRight, ...] = ()
    draw: DrawPlan

    @property
    def days_after_decision(self) -> int:
        """Within how many days after its objection was turned down a unit claims."""
        return self.claim_days if self.decided_days is None else self.decided_days
