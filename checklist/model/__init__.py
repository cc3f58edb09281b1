"""The campaign as frozen values: the content of one folder of YAML, independent of display and storage."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property

from pydantic import ConfigDict
from pydantic import Field as PydanticField

from checklist.model.area import Area, Example, Item, ProblemType
from checklist.model.base import Node
from checklist.model.campaign import Notice, Phase
from checklist.model.demo import Demo, Finding
from checklist.model.forms import (
    KEPT_BY_SYSTEM,
    Choice,
    Condition,
    Counted,
    Field,
    FieldType,
    FilingLine,
    FilledForm,
    Form,
    RecordForm,
    ReportForm,
    Stage,
    SummaryColumn,
    SummaryTable,
    Within,
)
from checklist.model.guidance import Claim, Conflict, Fact, Glossary, Policy, ShortAnswer, Term
from checklist.model.inspection import DrawPlan, Inspection, Mark
from checklist.model.personal_data import HeldData, PersonalData
from checklist.model.reading import Reading
from checklist.model.registers import (
    Period,
    PersonCount,
    Register,
    RegisterCheck,
    RegisterCount,
    Round,
    RoundStep,
    RowState,
    Survey,
    SurveyRate,
)
from checklist.model.roles import CampaignRole, Duty, Handover, Roles
from checklist.model.roster import Roster, RosterColumns
from checklist.model.search_words import AskedWords, SearchWords
from checklist.model.trails import ShareRule, Trail, Trails, TrailStep
from checklist.model.units import Group, Unit, UnitKind, Units, Village

__all__ = [
    "KEPT_BY_SYSTEM",
    "Area",
    "AskedWords",
    "Campaign",
    "CampaignRole",
    "Choice",
    "Claim",
    "Condition",
    "Conflict",
    "Counted",
    "Demo",
    "DrawPlan",
    "Duty",
    "Example",
    "Fact",
    "Field",
    "FieldType",
    "FilingLine",
    "FilledForm",
    "Finding",
    "Form",
    "Glossary",
    "Group",
    "Handover",
    "HeldData",
    "Inspection",
    "Item",
    "Mark",
    "Notice",
    "Period",
    "PersonCount",
    "PersonalData",
    "Policy",
    "ProblemType",
    "Reading",
    "RecordForm",
    "Register",
    "RegisterCheck",
    "RegisterCount",
    "ReportForm",
    "Roles",
    "Roster",
    "RosterColumns",
    "Round",
    "RoundStep",
    "RowState",
    "SearchWords",
    "ShareRule",
    "ShortAnswer",
    "Stage",
    "SummaryColumn",
    "SummaryTable",
    "Survey",
    "SurveyRate",
    "Term",
    "Trail",
    "TrailStep",
    "Trails",
    "Unit",
    "UnitKind",
    "Units",
    "Village",
    "Within",
]  # fmt: skip


class Campaign(Node):
    """The content of one campaign folder, with the look-ups that the projections need."""

    model_config = ConfigDict(arbitrary_types_allowed=True, ignored_types=(cached_property,))

    notice: Notice
    areas: tuple[Area, ...]
    units: Units
    forms: tuple[Form, ...]
    registers: tuple[Register, ...] = ()
    trails: Trails = Trails()
    policies: tuple[Policy, ...] = ()
    glossary: Glossary = Glossary()
    roles: Roles = Roles()
    reading: Reading = Reading()
    roster: Roster = Roster()
    inspection: Inspection | None = None
    personal_data: PersonalData = PersonalData()
    demo: Demo = Demo()
    search: SearchWords = SearchWords()
    outlines: Mapping[str, tuple[tuple[tuple[float, float], ...], ...]] = {}
    """``map.geojson``: by township code the outer rings as longitudes and latitudes; empty without the file."""
    pictures: Mapping[str, bytes] = PydanticField(default={}, repr=False)
    """``pictures/``: by file name what the server's pages look like, for the handbook; empty without the folder."""

    @property
    def id(self) -> str:
        """The campaign's id, which every record carries."""
        return self.notice.id

    @cached_property
    def filing_units(self) -> tuple[Unit, ...]:
        """The units that file and are counted: townships, then county units, in ``units.yml``'s order."""
        return self.units.townships + self.units.county_units

    @cached_property
    def unit_by_code(self) -> dict[str, Unit]:
        """Every unit, the office included."""
        return {unit.code: unit for unit in (self.units.office, *self.filing_units)}

    @cached_property
    def village_by_code(self) -> dict[str, Village]:
        """Every village of the county."""
        return {village.code: village for unit in self.units.townships for village in unit.villages}

    @cached_property
    def township_of_village(self) -> dict[str, Unit]:
        """Village code to its township."""
        return {village.code: unit for unit in self.units.townships for village in unit.villages}

    @cached_property
    def problem_types(self) -> tuple[ProblemType, ...]:
        """All problem types in the order of the summary table: by area, then as the area lists them."""
        return tuple(problem_type for area in self.areas for problem_type in area.problem_types)

    @cached_property
    def problem_type_by_id(self) -> dict[str, ProblemType]:
        """Every problem type."""
        return {problem_type.id: problem_type for problem_type in self.problem_types}

    @cached_property
    def area_of_problem_type(self) -> dict[str, Area]:
        """Problem type id to the area that counts it."""
        return {problem_type.id: area for area in self.areas for problem_type in area.problem_types}

    @cached_property
    def item_by_id(self) -> dict[str, tuple[Area, Item]]:
        """Item id to the area it stands in and the item itself."""
        return {item.id: (area, item) for area in self.areas for item in area.all_items}

    @cached_property
    def policy_by_id(self) -> dict[str, Policy]:
        """Every policy topic."""
        return {policy.id: policy for policy in self.policies}

    @cached_property
    def form_by_id(self) -> dict[str, RecordForm | SummaryTable | ReportForm]:
        """Every form."""
        return {form.id: form for form in self.forms}

    @cached_property
    def identity_headers(self) -> tuple[str, ...]:
        """Headers of columns of identity numbers, in any list."""
        of_fields = (field.identity_headers for form in self.filled_forms for field in form.fields)
        return tuple(dict.fromkeys((*self.roster.identity, *(name for names in of_fields for name in names))))

    @cached_property
    def age_bounds(self) -> tuple[int, ...]:
        """The first ages of all bands of ages, in order, from 0: of an age the greatest not above it is kept."""
        choices = (choice for form in self.filled_forms for field in form.fields for choice in field.choices)
        return tuple(sorted({0, *(choice.from_age for choice in choices if choice.from_age is not None)}))

    @cached_property
    def filled_forms(self) -> tuple[FilledForm, ...]:
        """The forms of records, and the registers."""
        return (*self.record_forms, *self.registers)

    def shares(self, register: Register) -> bool:
        """Whether other campaigns read and write the same rows of a register."""
        return register.id in self.notice.shared_registers

    @cached_property
    def register_by_id(self) -> dict[str, Register]:
        """Every register."""
        return {register.id: register for register in self.registers}

    @cached_property
    def registers_by_owner(self) -> dict[str, list[Register]]:
        """The registers of each owner's code, owners as in ``units``, a register after those whose rows it names."""
        ordered: dict[str, Register] = {}

        def take(register: Register, above: frozenset[str] = frozenset()) -> None:
            for named in register.links.values():
                if named not in above | {register.id}:
                    take(self.register_by_id[named], above | {register.id})
            ordered.setdefault(register.id, register)

        for register in self.registers:
            take(register)
        kept = {code: [each for each in ordered.values() if each.owner == code] for code in self.unit_by_code}
        return {owner: registers for owner, registers in kept.items() if registers}

    @cached_property
    def record_forms(self) -> tuple[RecordForm, ...]:
        """The forms whose lines are records."""
        return tuple(form for form in self.forms if isinstance(form, RecordForm))

    @cached_property
    def household_form(self) -> RecordForm | None:
        """The form of a household's issues; None where the campaign has none."""
        of_households = (form for form in self.record_forms if form.subject == "household")
        return next((form for form in of_households if form.kind == "issue"), None)

    @property
    def supervision(self) -> Phase | None:
        """The phase in which teams are on the spot; None without one."""
        named = self.inspection.phase if self.inspection else ""
        return next((phase for phase in self.notice.phases if phase.id == named), None)

    @property
    def self_check_end(self) -> date:
        """The last day of the self-check: that of the phase before supervision, else the return's."""
        supervision = self.supervision
        earlier = [phase.end for phase in self.notice.phases if supervision and phase.end < supervision.start]
        return max(earlier, default=self.notice.deadline.at.date())

    @property
    def counter(self) -> str:
        """The counter word of visited subjects (户)."""
        return self.household_form.counter if self.household_form else "户"

    @cached_property
    def summary_table(self) -> SummaryTable:
        """The table that is compiled from the ledgers; the loader ensures that there is exactly one."""
        return next(form for form in self.forms if isinstance(form, SummaryTable))

    @cached_property
    def report_form(self) -> ReportForm | None:
        """The self-inspection report, if the campaign requires one."""
        return next((form for form in self.forms if isinstance(form, ReportForm)), None)

    def kind_of(self, unit: Unit) -> UnitKind:
        """Return whether a unit is a township, a county unit or the office."""
        if unit.code == self.units.office.code:
            return UnitKind.OFFICE
        return UnitKind.TOWNSHIP if unit in self.units.townships else UnitKind.COUNTY

    def members(self, reference: str) -> tuple[Unit, ...]:
        """Resolve a unit's code or a group's id to units, in the order of ``units.yml``; () if unknown."""
        return self._members_by_reference.get(reference, ())

    @cached_property
    def _members_by_reference(self) -> dict[str, tuple[Unit, ...]]:
        single = {unit.code: (unit,) for unit in self.filing_units}
        return single | {group.id: self._members_of(group) for group in self.units.groups}

    def _members_of(self, group: Group) -> tuple[Unit, ...]:
        """Resolve a group's members: units, or a word for all units of a kind."""
        everyone = {"townships": self.units.townships, "county-units": self.units.county_units}
        codes = {unit.code for member in group.members for unit in everyone.get(member, ())} | set(
            group.members
        )
        return tuple(unit for unit in self.filing_units if unit.code in codes)

    def responsible_for(self, area: Area, item: Item | None = None) -> tuple[Unit, ...]:
        """Return the units responsible for an item, or for the whole area, each once."""
        references = item.responsible if item and item.responsible else area.responsible
        codes = {unit.code for reference in references for unit in self.members(reference)}
        return tuple(unit for unit in self.filing_units if unit.code in codes)
