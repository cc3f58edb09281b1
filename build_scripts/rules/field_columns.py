"""From a form's fields to the columns of its rules, and from stored values to theirs and back."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from build_scripts.rules.rule_columns import ColumnKind, Columns, RuleColumn, columns_by_name
from checklist.model import Campaign, Field, FieldType, FilledForm, Period, Register
from checklist.reading.deadlines import Deadline
from checklist.register_periods import period_of, period_span

ROW_STATE = "row_state"
"""The column of a register row's state: the id of one of its states."""

LAST = "last"
"""What stands before the dot in the name of a field of the same row one period earlier (``last.opinion``)."""

PERIOD = "period"
"""The column of a register row's period: its first day."""

_FEN = 100


@dataclass(frozen=True)
class FieldColumn:
    """How rules see the values of a field type."""

    kind: ColumnKind
    given: Callable[[Any], object] = lambda value: value
    """From a stored value, never None, to the column's."""
    stored: Callable[[Any], Any] = lambda value: value
    """From a computed value, never None, to the one that is stored."""
    blank: object = None
    """What a row without a value holds: no photographs are none of them."""


_TEXT = FieldColumn(ColumnKind.TEXT)

FIELD_COLUMNS: Mapping[FieldType, FieldColumn | None] = {
    FieldType.SERIAL: None,
    FieldType.TOWNSHIP: _TEXT,
    FieldType.VILLAGE: _TEXT,
    FieldType.PROBLEM_TYPE: _TEXT,
    FieldType.CHOICE: _TEXT,
    FieldType.TEXT: _TEXT,
    FieldType.PARAGRAPH: _TEXT,
    FieldType.INTEGER: FieldColumn(ColumnKind.NUMBER),
    FieldType.DATE: FieldColumn(ColumnKind.DATE),
    FieldType.DEADLINE: FieldColumn(
        ColumnKind.DATE, lambda value: value.due if isinstance(value, Deadline) else value
    ),
    FieldType.MONEY: FieldColumn(
        ColumnKind.MONEY, lambda fen: Decimal(fen) / _FEN, lambda yuan: int(yuan * _FEN)
    ),
    FieldType.DECIMAL: FieldColumn(ColumnKind.DECIMAL),
    FieldType.RATING: FieldColumn(ColumnKind.NUMBER),
    FieldType.MONTH: FieldColumn(
        ColumnKind.DATE, lambda month: f"{month}-01", partial(period_of, Period.MONTH)
    ),
    FieldType.YESNO: FieldColumn(ColumnKind.YES_NO),
    FieldType.CHOICES: FieldColumn(ColumnKind.SEVERAL, stored=tuple),
    FieldType.HOUSEHOLD: _TEXT,
    FieldType.PERSON: _TEXT,
    FieldType.REFERENCE: _TEXT,
    FieldType.PHOTO: FieldColumn(ColumnKind.NUMBER, blank=0),
    FieldType.COMPUTED: None,
}
"""Type of a field's values (``Field.holds``) to its column; None for what no rule can read.

Money is in yuan with two decimals, a month its first day."""


def kind_of(field: Field) -> ColumnKind | None:
    """Return the kind of a field's column; None if it has none."""
    column = FIELD_COLUMNS[field.holds]
    return column.kind if column else None


def first_day(period: str) -> date | None:
    """Return the first day of a period such as ``2026``, ``2026-Q2`` or ``2026-03``; None for none."""
    return period_span(period)[0] if period else None


def columns_of(campaign: Campaign, form: FilledForm) -> Columns:
    """Return the columns of a form's rules.

    They are its fields, ``today``, of a register ``row_state`` and ``period``, and for each field that refers to
    a row of another register that row's fields (``station.capacity``). In a register that opens anew each period
    ``last.opinion`` is a field of the same row one period earlier. What is counted of the same person is a number.
    """
    columns = [
        column for name, field in named_fields(campaign, form).items() for column in _column(name, field)
    ]
    columns += [column for name, field in compared_fields(form).items() for column in _column(name, field)]
    if isinstance(form, Register):
        states = {state.id: state.label for state in form.states}
        columns += [RuleColumn(ROW_STATE, ColumnKind.TEXT, "状态", states)]
        columns += [RuleColumn(PERIOD, ColumnKind.DATE, "期")]
    return columns_by_name(columns)


def named_fields(campaign: Campaign, form: FilledForm) -> Mapping[str, Field]:
    """Return the fields that rules of a form may name: its own, and those of rows that it refers to."""
    named = {field.id: field for field in form.fields}
    if not isinstance(form, Register):
        return named
    earlier = {f"{LAST}.{name}": field for name, field in named.items()}
    for field_id, other in form.links.items():
        named |= {f"{field_id}.{field.id}": field for field in campaign.register_by_id[other].fields}
    return named | earlier if form.period.repeats and form.one_row_per else named


def compared_fields(form: FilledForm) -> Mapping[str, Field]:
    """Return what checks of a form may name of the same person's rows, as fields that nobody fills."""
    counts = form.same_person if isinstance(form, Register) else ()
    return {each.id: Field(id=each.id, label=each.label, type=FieldType.INTEGER) for each in counts}


def _column(name: str, field: Field) -> Iterator[RuleColumn]:
    kind = kind_of(field)
    if kind:
        yield RuleColumn(name, kind, field.label, {choice.id: choice.label for choice in field.choices})


def given_row(fields: Mapping[str, Field], values: Mapping[str, Any]) -> dict[str, object]:
    """Return a row of stored values as rules read it; a period is its first day."""
    row = {name: given_value(field, values.get(name)) for name, field in fields.items()}
    period = str(values.get(PERIOD) or "")
    return row | {ROW_STATE: values.get(ROW_STATE), PERIOD: first_day(period)}


def given_value(field: Field, value: Any) -> object:
    """Return a stored value as rules read it."""
    column = FIELD_COLUMNS[field.holds]
    if column is None:
        return None
    return column.blank if value is None else column.given(value)


def stored_value(field: Field, value: Any) -> Any:
    """Return what a formula gave as the value that is stored."""
    column = FIELD_COLUMNS[field.holds]
    return None if value is None or column is None else column.stored(value)
