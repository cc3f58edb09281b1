"""Export of a register's rows to a workbook that can be edited and imported again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from build_scripts.workbooks.column_validation import RECORD_ID, STATE, VERSION
from build_scripts.workbooks.ledger_export import ExportedRecord, cell_writer
from build_scripts.workbooks.record_layout import LedgerRows, Ours, fields_in_order, ledgers_book
from build_scripts.workbooks.record_version import version_of
from build_scripts.workbooks.workbook_values import Book
from build_scripts.workbooks.workbook_values import Value as CellValue
from checklist.model import Campaign, FieldType, RecordForm, Register, Unit
from checklist.register_periods import period_words
from checklist.values.judge import Value

CHECKED_ON = "核实日期"
"""Header of the day on which a row was confirmed; not read again."""

DOUBTS = "核对"
"""Header of what the checks find, exempted doubts told apart; not read again."""

_OURS = (
    Ours(STATE, 10),
    Ours(CHECKED_ON, 12),
    Ours(DOUBTS, 30),
    Ours(RECORD_ID, 38, for_machines=True),
    Ours(VERSION, 6, for_machines=True),
)


@dataclass(frozen=True)
class ExportedRow:
    """A row to export."""

    id: str
    unit_code: str
    state: str
    """The state's label."""
    checked_on: date | None
    values: Mapping[str, Value]
    doubts: str = ""
    """What the checks find in it, in words."""
    household_number: str = ""
    """Of its household in the roster; read again."""


def register_book(
    campaign: Campaign, unit: Unit | None, register: Register, period: str, rows: Iterable[ExportedRow]
) -> Book:
    """Build the workbook of one period of a register; without rows it is the blank form.

    Args:
        campaign: of the rows.
        unit: whose name it carries and whose villages it offers; None for the whole county.
        register: gives title and columns.
        period: of the rows.
        rows: in the order of the sheet.
    """
    of_household = names_household(register)
    ours = [Ours(campaign.roster.number_label, 14), *_OURS] if of_household else [*_OURS]
    form = as_form(
        register.model_copy(update={"title": titled(register, period), "fields": register.stored_fields})
    )
    return ledgers_book(campaign, unit, [LedgerRows(form, _rows(form, rows, campaign, of_household), ours)])


def names_household(register: Register) -> bool:
    """Whether a stored row of a register is about a household of the roster."""
    return any(field.type is FieldType.HOUSEHOLD for field in register.stored_fields)


def titled(register: Register, period: str) -> str:
    """The register's title with the period in words, and the unit still open."""
    return register.title.replace("{period}", period_words(period))


def as_form(register: Register) -> RecordForm:
    """A register as what lays out and reads workbooks takes it: by its fields, name and title alone."""
    return cast("RecordForm", register)


def _rows(
    form: RecordForm, rows: Iterable[ExportedRow], campaign: Campaign, of_household: bool
) -> Iterator[Sequence[CellValue]]:
    writers = [cell_writer(field, form, campaign) for field in fields_in_order(form)]
    for number, row in enumerate(rows, 1):
        line = ExportedRecord(row.id, row.unit_code, row.state, row.values)
        checked = row.checked_on.isoformat() if row.checked_on else None
        yield [
            *(write(number, line) for write in writers),
            *([row.household_number or None] if of_household else ()),
            row.state,
            checked,
            row.doubts or None,
            row.id,
            version_of(form, row.values, row.state),
        ]
