"""A row of a ledger as a record."""

from dataclasses import dataclass

from build_scripts.intake.cell_table import place_of
from build_scripts.intake.ledger_headers import Header
from checklist.model import RecordForm
from checklist.values.judge import Value


@dataclass(slots=True)
class LedgerEntry:
    """What one row says; of a field that was refused the value is None."""

    header: Header
    sheet: str
    row: int
    values: dict[str, Value]
    provided: frozenset[str]
    """The fields that the row says something about; the others stay as they are recorded."""
    rectified: bool
    """Whether its outcome says that it is rectified."""
    record_id: str = ""
    """The id that an exported workbook carries; empty in any other."""
    state: str = ""
    """The state that stands beside the id."""
    doubted: bool = False
    """Whether something in it was refused or doubted."""
    wrong: bool = False
    """Whether something in it was refused."""

    @property
    def form(self) -> RecordForm:
        """The form whose record it is."""
        return self.header.form

    @property
    def place_of_id(self) -> str:
        """Where the record's id stands."""
        return self._place_in(self.header.record_id)

    @property
    def place_of_state(self) -> str:
        """Where the record's state stands."""
        return self._place_in(self.header.state)

    def _place_in(self, column: int | None) -> str:
        return self.place() if column is None else place_of(self.sheet, self.row, column)

    def place(self, field_id: str = "") -> str:
        """Where a field stands, as ``sheet!cell``; where it has no column, where the row begins."""
        columns = self.header.columns
        return place_of(self.sheet, self.row, columns.get(field_id, min(columns.values())))
