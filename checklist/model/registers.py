"""``registers/*.yml``: registers (台账) whose rows live on after the campaign, period by period."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field as Attribute

from checklist.model.base import Id, Node, Text, UnitCode
from checklist.model.forms import Counted, Field, FieldId, FilledForm

Source = Annotated[str, Attribute(pattern=r"^(roster|register:[a-z0-9]+(-[a-z0-9]+)*(\.[a-z][a-z0-9_]*)?)$")]
"""Where a value comes from: the roster, a row of another register, or one field of that row."""


class Period(StrEnum):
    """How often a register opens anew."""

    NONE = "none"  # one list that is always open
    EVENT = "event"  # the same; a row for each event
    MONTH = "month"  # 2026-03
    QUARTER = "quarter"  # 2026-Q1
    YEAR = "year"  # 2026

    @property
    def repeats(self) -> bool:
        """Whether rows belong to a period, which carries them over from the one before."""
        return self not in {Period.NONE, Period.EVENT}


class RowState(Node):
    """A state of a row's life (待核实, 已处置)."""

    id: Id
    label: Text
    ends: bool = False
    """Whether rows in it have ended: they stay in the list, and leave totals, roll-ups and the next period."""


CURRENT = RowState(id="current", label="在册")
ENDED = RowState(id="ended", label="已结束", ends=True)


class RoundStep(Node):
    """A step of a round: who takes its rows further, and by when."""

    id: Id
    label: Text
    """What is done: 村级上报, 乡镇研判, 县级汇总."""
    level: Literal["village", "township", "county"]
    """Who does it: each village, each township of the units that fill the register, or the register's owner."""
    by: int = Attribute(ge=1, le=31)
    """The last day for it, in the period's last month; in a shorter month that month's last day."""
    state: Id
    """The state in which it leaves a row; of the first step that of a new one."""


class Round(Node):
    """What each village, township and the county do in every period (月会商月研判), one row a village."""

    first: Text
    """The first period of which it is asked: 2022-08."""
    steps: tuple[RoundStep, ...] = Attribute(min_length=1)

    def stage(self, state_id: str) -> int:
        """How many steps a row of that state has behind it."""
        return next((place for place, step in enumerate(self.steps, 1) if step.state == state_id), 0)


class RegisterCheck(Node):
    """A check of a register's rows: an SQL condition that holds for rows that are *wrong*.

    Loaded here as text; evaluated, and its expression checked at load, by the rules.
    """

    id: Id
    level: Literal["error", "doubt", "late"]
    """``error`` refuses the row, ``doubt`` asks (and can be exempted), ``late`` is a missed deadline."""
    when: Text
    """The expression over the row's field ids."""
    say: Text
    """The sentence that the row's page shows."""


class RegisterCount(Node):
    """A figure over all rows of a register that have not ended, by SQL: 低效闲置占比, 政策知晓率."""

    id: Id
    label: Text
    formula: Text
    """The expression, such as ``count(*) filter (where state = 'away')``; evaluated by the rules."""
    share: bool = False
    """Whether it is shown in per cent."""


class PersonCount(Counted):
    """A figure that checks may name: rows of a register about the same person, of any village."""

    id: FieldId
    label: Text


class SurveyRate(Node):
    """A share of answers to one question: 政策知晓率, 满意率."""

    id: Id
    label: Text
    question: FieldId
    """The choice field."""
    hits: tuple[Id, ...] = Attribute(min_length=1)
    """The answers that count."""
    leave_out: tuple[Id, ...] = ()
    """Answers that are in neither part of the share: 不涉及, 不清楚."""


class Survey(Node):
    """Papers that tell nobody: they bear no account and no hour, and are published once their period is over."""

    strata: FieldId
    """The choice field that divides households into those of which each answer stands for as many."""
    households: dict[Id, tuple[Text, ...]] = Attribute(default_factory=dict)
    """Answer of ``strata`` to the kinds of the roster's households that it stands for: what answers are weighted by."""
    asked: FieldId | None = None
    """The field of the household that is asked: it gives the answer of ``strata`` and is never stored."""
    sample: int = Attribute(0, ge=0, le=1000)
    """Households of a village that are to be asked in a period; 0 where the YAML says none."""
    rates: tuple[SurveyRate, ...] = ()


class Register(FilledForm):
    """A register: a form whose rows have a life and periods of their own, and no rectification.

    Of its fields, ``required_if`` and ``formula`` are SQL expressions evaluated by the rules, as ``checks`` and
    ``counts`` are; everything else here is evaluated where rows are stored and shown.
    """

    kind: Literal["register"]
    owner: UnitCode
    """The one unit that is answerable for the truth of all rows (一数一源): it reads all of them, and corrects them."""
    filled_by: tuple[str, ...] = Attribute(min_length=1)
    """Codes of units or ids of groups: who makes rows. Others read what lies in their place."""
    period: Period = Period.NONE
    one_row_per: tuple[FieldId, ...] = ()
    """Fields that together occur once a period among rows that have not ended; a second row is shown the first."""
    refers: dict[FieldId, Id] = Attribute(default_factory=dict)
    """Field of type ``reference`` to the register whose row it names."""
    prefill: dict[FieldId, Source] = Attribute(default_factory=dict)
    """Fields filled by the system in a new row: from the roster's household, or from the row that is referred to."""
    fresh: tuple[FieldId, ...] = ()
    """Fields that a new period leaves empty; all others carry over and wait for a confirmation (核实日期)."""
    public: tuple[FieldId, ...] = ()
    """The columns of the printed public notice (公示), in this order; empty without one."""
    totals: tuple[FieldId, ...] = ()
    """Numbers summed below the list and rolled up from village to township to county."""
    states: tuple[RowState, ...] = (CURRENT, ENDED)
    """The states of a row; the first is that of a new one."""
    round: Round | None = None
    """The steps of each period, with their days; None where nobody waits for anybody."""
    same_person: tuple[PersonCount, ...] = ()
    """What checks compare by person: posts held, months away; blank for a row whose person nobody knows."""
    checks: tuple[RegisterCheck, ...] = ()
    counts: tuple[RegisterCount, ...] = ()
    """Figures over the rows that have not ended, shown for the county and each township."""
    exemption_reasons: tuple[Text, ...] = ()
    """Reasons for which a doubt of a row may be exempted (豁免), one of which is chosen; empty for words alone."""
    minimum_cell: int = Attribute(0, ge=0, le=100)
    """The fewest rows of a place, or of an answer, whose figures are shown: of fewer a person might be told."""
    survey: Survey | None = None
    """Makes it a survey of people who are not told; None for every other register."""
    item: str = ""
    """The look-for item at which rows are filed as issues; it gives problem type and responsible units."""
    asked_by: tuple[Text, ...] = ()
    """The documents that ask for the register, for the handbook."""

    @property
    def links(self) -> dict[FieldId, Id]:
        """Each field that names a row of another register, with that register: by ``refers`` or by its type."""
        return self.refers | {field.id: field.refers_to for field in self.fields if field.refers_to}

    @property
    def stored_fields(self) -> tuple[Field, ...]:
        """All fields but the one that a survey asks without storing it."""
        asked = self.survey.asked if self.survey else None
        return tuple(field for field in self.fields if field.id != asked)

    @property
    def first_state(self) -> RowState:
        """The state of a new row."""
        return self.states[0]

    def state(self, state_id: str) -> RowState | None:
        """The state of that id; None for one that the register does not have any more."""
        return next((state for state in self.states if state.id == state_id), None)
