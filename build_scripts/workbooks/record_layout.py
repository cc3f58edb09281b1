"""Annex 1-1, 1-2 and the other forms of one record a line; columns and widths come from ``forms/*.yml``."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from build_scripts.workbooks.column_validation import CELL, Column, column_of
from build_scripts.workbooks.hidden_sheets import LISTS, identity_sheet, ledgers_identity_sheet, lists_sheet
from build_scripts.workbooks.print_setup import height_of, is_landscape
from build_scripts.workbooks.sheet_heading import heading, name_of, title_of
from build_scripts.workbooks.table_header import HEADER, ColumnHead, depth, header
from build_scripts.workbooks.workbook_values import Body, Book, CellStyle, Check, Sheet, Value
from checklist.model import Campaign, Field, RecordForm, Unit

_NUMBERED_ROWS = 15
_ROW_HEIGHT = 27.0
_ROOM = 1000
"""Number of rows with drop-downs: more than any unit's ledger of one campaign holds."""

_OURS = replace(HEADER, shaded=True)
"""Style of columns that the annex lacks: to the right of its own, shaded, not printed."""


@dataclass(frozen=True)
class Ours:
    """A column without a field: the record's state, or its id."""

    label: str
    width: float
    for_machines: bool = False
    """Whether nobody reads it: its long texts do not make the rows higher."""

    @property
    def style(self) -> CellStyle:
        """The style of its cells."""
        return replace(CELL, align="left", wraps=False) if self.for_machines else CELL


@dataclass(frozen=True)
class LedgerRows:
    """A form's ledger with its records."""

    form: RecordForm
    rows: Iterable[Sequence[Value]]
    """Rows with values in the order of ``fields_in_order``, then of ``ours``."""
    ours: Sequence[Ours]


def blank_record_book(form: RecordForm, campaign: Campaign, unit: Unit | None) -> Book:
    """Lay out a blank workbook with the first rows numbered and pre-printed.

    Args:
        form: gives title, lines and columns.
        campaign: gives units, villages and problem types for the drop-downs.
        unit: whose name it carries and whose villages it offers; None for any unit.
    """
    columns = [column_of(field, campaign, unit) for field in fields_in_order(form)]
    numbers = range(1, _NUMBERED_ROWS + 1)
    return record_book(
        form, campaign, unit, ([_printed_ahead(column, number) for column in columns] for number in numbers)
    )


def _printed_ahead(column: Column, number: int) -> Value:
    """Return the content of a blank form's row, counted from 1, in a column."""
    if column.numbered:
        return number
    return column.samples[number - 1] if number <= len(column.samples) else None


def record_book(
    form: RecordForm, campaign: Campaign, unit: Unit | None, rows: Iterable[Sequence[Value]]
) -> Book:
    """Lay out a workbook of the form with rows of records.

    Args:
        form: gives title, lines and columns.
        campaign: gives units, villages and problem types for the drop-downs.
        unit: whose name it carries and whose villages it offers; None for any unit.
        rows: each with a value for each field, in the order of ``fields_in_order``.
    """
    columns = [column_of(field, campaign, unit) for field in fields_in_order(form)]
    table = _table_sheet(form, columns, name_of(unit), rows)
    ids = [field.id for field in fields_in_order(form)]
    identity = identity_sheet(form, campaign, unit.code if unit else "", ids)
    title = title_of(form, name_of(unit))
    return Book(title, campaign.notice.issued, (table, lists_sheet(columns), identity))


def ledgers_book(campaign: Campaign, unit: Unit | None, ledgers: Sequence[LedgerRows]) -> Book:
    """Lay out a workbook with a sheet for each ledger.

    Args:
        campaign: gives units, villages and problem types for the drop-downs.
        unit: of the ledgers; None for the whole county.
        ledgers: one at least.
    """
    sheets: list[Sheet] = []
    for number, ledger in enumerate(ledgers, 1):
        columns = [column_of(field, campaign, unit) for field in fields_in_order(ledger.form)]
        lists = lists_sheet(columns, f"{LISTS}{number}")
        table = _table_sheet(
            ledger.form, columns, name_of(unit) or campaign.notice.county, ledger.rows, ledger.ours
        )
        sheets += (replace(table, lists=lists.name), lists)
    title = f"{name_of(unit) or campaign.notice.county}{campaign.notice.name}"
    forms = [ledger.form for ledger in ledgers]
    identity = ledgers_identity_sheet(campaign, unit.code if unit else "", forms)
    return Book(title, campaign.notice.issued, (*sheets, identity))


def fields_in_order(form: RecordForm) -> tuple[Field, ...]:
    """Return the annex's own columns, then the others."""
    return _official(form) + tuple(field for field in form.fields if not field.column)


def _official(form: RecordForm) -> tuple[Field, ...]:
    return tuple(field for field in form.fields if field.column)


def _table_sheet(
    form: RecordForm,
    columns: Sequence[Column],
    name: str,
    rows: Iterable[Sequence[Value]],
    ours: Sequence[Ours] = (),
) -> Sheet:
    """Lay out the visible sheet, for the unit of that name."""
    fields, official = fields_in_order(form), _official(form)
    printed = [field.width for field in official]
    above = heading(form, name, printed)
    heads = [*(_head(field) for field in fields), *(ColumnHead(column.label, "", _OURS) for column in ours)]
    first_row = above.next_row + depth(heads)
    return Sheet(
        name=form.name,
        cells=(*above.cells, *header(heads, above.next_row)),
        widths=[*(field.width for field in fields), *(column.width for column in ours)],
        heights=above.heights | _header_heights(fields, above.next_row, depth(heads)),
        body=Body(
            first_row,
            styles=[*(column.style for column in columns), *(column.style for column in ours)],
            checks=[*(column.check for column in columns), *(Check() for _ in ours)],
            rows=rows,
            least_height=_ROW_HEIGHT,
            room=_ROOM,
        ),
        landscape=is_landscape(printed),
        repeated_rows=(above.next_row, first_row - 1),
        printed_columns=len(official),
        for_machines=frozenset(
            len(fields) + place for place, column in enumerate(ours) if column.for_machines
        ),
    )


def _head(field: Field) -> ColumnHead:
    return ColumnHead(field.header or field.label_with_unit, field.group, HEADER if field.column else _OURS)


def _header_heights(fields: Sequence[Field], row: int, rows: int) -> dict[int, float]:
    """Return the header's height, that of its tallest label, split over its rows."""
    tallest = max(height_of(field.header or field.label, HEADER.size, [field.width]) for field in fields)
    return dict.fromkeys(range(row, row + rows), max(24.0, tallest / rows))
