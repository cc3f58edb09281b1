"""Export of records to workbooks that can be edited and imported again."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from build_scripts.workbooks.column_validation import (
    EXTENSIONS,
    FIRST_DEADLINE,
    RECORD_ID,
    STATE,
    VERSION,
    with_place,
)
from build_scripts.workbooks.record_layout import LedgerRows, Ours, fields_in_order, ledgers_book
from build_scripts.workbooks.record_version import version_of
from build_scripts.workbooks.workbook_values import Book
from build_scripts.workbooks.workbook_values import Value as CellValue
from checklist.model import Campaign, Field, FieldType, RecordForm, Unit
from checklist.values.judge import Value, display
from checklist.values.type_families import FAMILIES

_STATE = Ours(STATE, 10)
_OF_EXTENSIONS = (Ours(FIRST_DEADLINE, 12), Ours(EXTENSIONS, 8))
_UNIT = Ours("填报单位", 14)
_ID = Ours(RECORD_ID, 38, for_machines=True)
_VERSION = Ours(VERSION, 6, for_machines=True)


@dataclass(frozen=True)
class ExportedRecord:
    """A record to export."""

    id: str
    unit_code: str
    state: str
    """The state's name."""
    values: Mapping[str, Value]
    first_deadline: date | None = None
    """The deadline before it was first moved."""
    extensions: int = 0


def export_book(
    campaign: Campaign, unit: Unit | None, ledgers: Mapping[str, Iterable[ExportedRecord]]
) -> Book:
    """Build the workbook of a unit's ledgers, or of all units'.

    Args:
        campaign: of the records.
        unit: of the ledgers; None for the whole county, with a unit column.
        ledgers: the records of each form, by its id, in the order of the rows.
    """
    forms = [form for form in campaign.record_forms if form.id in ledgers]
    return ledgers_book(
        campaign,
        unit,
        [
            LedgerRows(form, _rows(form, ledgers[form.id], campaign, unit), _ours(form, unit))
            for form in forms
        ],
    )


def _ours(form: RecordForm, unit: Unit | None) -> list[Ours]:
    """Return the columns beside the annex's; only issues are extended."""
    filed_by = [] if unit else [_UNIT]
    return [*filed_by, _STATE, *(_OF_EXTENSIONS if form.kind == "issue" else ()), _ID, _VERSION]


def _rows(
    form: RecordForm, lines: Iterable[ExportedRecord], campaign: Campaign, unit: Unit | None
) -> Iterator[list[CellValue]]:
    writers = [cell_writer(field, form, campaign) for field in fields_in_order(form)]
    for number, line in enumerate(lines, 1):
        cells = [write(number, line) for write in writers]
        filed_by = [] if unit else [campaign.unit_by_code[line.unit_code].name]
        version = version_of(form, line.values, line.state)
        first = line.first_deadline.isoformat() if line.first_deadline else None
        moved: list[CellValue] = [first, line.extensions or None] if form.kind == "issue" else []
        yield [*cells, *filed_by, line.state, *moved, line.id, version]


Writer = Callable[[int, ExportedRecord], CellValue]


def _as_it_is(value: Any) -> CellValue:
    return value  # type: ignore[no-any-return] # a number or a day


CELLS: Mapping[FieldType, Callable[[Any], CellValue] | None] = {
    **dict.fromkeys(FieldType),
    FieldType.INTEGER: _as_it_is,
    FieldType.DATE: _as_it_is,
    **{kind: each.to_cell for kind, each in FAMILIES.items()},
}
"""From a value to a cell by its type (``Field.holds``), for those that a spreadsheet knows; others are their text."""


def cell_writer(field: Field, form: RecordForm, campaign: Campaign) -> Writer:
    """Return a function that formats a field's cell; a level with its place, as the annex has it."""
    words: dict[object, str] = {}
    to_cell = CELLS[field.holds]

    def write(number: int, line: ExportedRecord) -> CellValue:
        value = line.values.get(field.id)
        if value is None:
            return None
        if to_cell:
            return to_cell(value)
        shown = words.get(value)
        if shown is None:
            shown = words[value] = display(field, value, campaign)
        return shown

    if field.type is FieldType.SERIAL:
        return lambda number, line: number
    if any(choice.place for choice in field.choices):
        return lambda number, line: _with_place(str(write(number, line) or ""), line, form, campaign)
    return write


def _with_place(words: str, line: ExportedRecord, form: RecordForm, campaign: Campaign) -> str:
    """Format 村级层面（丁里镇张庄村）; a level without a place field takes the unit's name."""
    places = [
        display(field, line.values.get(field.id), campaign)
        for kind in (FieldType.TOWNSHIP, FieldType.VILLAGE)
        for field in form.fields
        if field.type is kind
    ]
    place = "".join(places) or campaign.unit_by_code[line.unit_code].name
    return with_place(words, place)
