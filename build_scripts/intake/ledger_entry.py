"""A row of a ledger as a record."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from build_scripts.intake.cell_table import place_of
from build_scripts.intake.ledger_recognition import Header
from build_scripts.intake.person_marks import PersonMark
from checklist.messages import say
from checklist.model import RecordForm
from checklist.problems import Problem
from checklist.values.judge import Value
from checklist.values.photo_type import photo_cell

IDENTITY, HOUSEHOLD_NUMBER = "identity", "household_number"
"""In place of a field's id: the columns of identity numbers and of households' numbers."""


@dataclass(slots=True)
class LedgerEntry:
    """A parsed row; refused fields are None."""

    header: Header
    sheet: str
    row: int
    values: dict[str, Value]
    provided: frozenset[str]
    """The fields that the row sets; others keep their recorded value."""
    rectified: bool
    """Whether its outcome reads as rectified."""
    rectified_on: date | None = None
    """The day of rectification that the row names."""
    record_id: str = ""
    """The record id of an exported workbook; empty in any other."""
    state: str = ""
    """The state beside the id."""
    version: str = ""
    """The version that was exported with it."""
    doubted: bool = False
    """Whether it has problems or warnings."""
    wrong: bool = False
    """Whether it has errors."""
    person: PersonMark | None = None
    """Who the person of the row is, where the list has his number."""
    household_number: str = ""
    """The number of the row's household in the roster, where the list has it."""
    household_id: str | None = None
    """The household that the number names, once the list is compared with the roster."""
    computed_texts: Mapping[str, str] = field(default_factory=dict)
    """What its cells of computed fields say; nothing of it is stored."""
    photo_texts: Mapping[str, str] = field(default_factory=dict)
    """What its cells of photographs say; nothing of it is stored."""

    @property
    def form(self) -> RecordForm:
        """The entry's form."""
        return self.header.form

    @property
    def place_of_id(self) -> str:
        """The place of the record's id."""
        return self._place_in(self.header.record_id)

    @property
    def place_of_state(self) -> str:
        """The place of the record's state."""
        return self._place_in(self.header.state)

    def _place_in(self, column: int | None) -> str:
        return self.place() if column is None else place_of(self.sheet, self.row, column)

    def photo_problems(self, counts: Mapping[str, Value]) -> Iterator[Problem]:
        """Warnings of cells that say another number of photographs than the stored record's ``counts``."""
        for name, typed in self.photo_texts.items():
            if told := photo_cell(self.form.field(name), typed, counts.get(name)):
                yield replace(told, place=self.place(name))

    def lacking_photos(self) -> Iterator[Problem]:
        """Warnings of required photographs, which no workbook carries: a new row has none yet."""
        for each in self.form.photo_fields:
            if each.required:
                words = say("photo-missing", label=each.label)
                yield Problem(self.place(each.id), "photo-missing", words, warning=True)

    def place(self, field_id: str = "") -> str:
        """Return a field's place as ``sheet!cell``; the row's first cell if it has no column."""
        columns = self.header.columns
        if field_id in {IDENTITY, HOUSEHOLD_NUMBER}:
            beside = self.header.identity if field_id == IDENTITY else self.header.household_number
            return self._place_in(beside)
        return place_of(self.sheet, self.row, columns.get(field_id, min(columns.values())))
