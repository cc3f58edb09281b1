"""Columns of a ledger's list: which there are, which are usual, which an account chose, and what a cell shows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from checklist.date_formats import full_day
from checklist.model import Campaign, Field, FieldType, RecordForm, Stage
from checklist.values.type_families import FAMILIES
from forms_server.records.record import Record
from forms_server.web.fields.offered_choices import Offer
from forms_server.web.records.record_words import short_value

CELLS: Mapping[FieldType, str] = {
    FieldType.SERIAL: "",
    FieldType.TOWNSHIP: "short",
    FieldType.VILLAGE: "short",
    FieldType.PROBLEM_TYPE: "short",
    FieldType.CHOICE: "short",
    FieldType.TEXT: "short",
    FieldType.PARAGRAPH: "long",
    FieldType.INTEGER: "short",
    FieldType.DATE: "short day",
    FieldType.DEADLINE: "short day",
    FieldType.COMPUTED: "short",
    **{kind: each.listed for kind, each in FAMILIES.items()},
}
"""Cell style by type of value (``Field.holds``); empty for types not shown in the list."""

FILED_ON, RECTIFIED_ON, DEADLINES = "filed-on", "rectified-on", "deadlines"
"""Ids of columns that are no field; a field's id has no hyphen."""

_OF_ISSUES = ((RECTIFIED_ON, "整改完成日期", "short day"), (DEADLINES, "时限变化", "short day"))


@dataclass(frozen=True)
class LedgerColumn:
    """A column of the list; without a field it shows what the system knows of the record."""

    id: str
    label: str
    style: str
    field: Field | None = None
    width: float = 14
    """In a workbook, in characters."""


def columns_of(form: RecordForm) -> list[LedgerColumn]:
    """Every column that a form's ledger may show, beside number, state and unit."""
    fields = [
        LedgerColumn(field.id, field.label, CELLS[field.holds], field, field.width)
        for field in form.fields
        if CELLS[field.holds]
    ]
    others = [(FILED_ON, "登记日期", "short day"), *(_OF_ISSUES if form.kind == "issue" else ())]
    return [*fields, *(LedgerColumn(*each) for each in others)]


def usual_columns(form: RecordForm, offer: Offer, *, with_units: bool = False) -> list[LedgerColumn]:
    """The annex's fields, with a single long text and without constant columns.

    Args:
        form: whose ledger it is.
        offer: says what is the same in every record that the account sees.
        with_units: whether the column of the filing unit is there, which names the township where that is another.
    """
    constant = offer.same | ({FieldType.TOWNSHIP} if with_units else set())
    asked = [
        each
        for each in columns_of(form)
        if each.field and each.field.column and each.field.stage is Stage.FOUND
    ]
    long = [each for each in asked if each.style == "long"]
    return [each for each in asked if each not in long[1:] and each.field and each.field.type not in constant]


def cell_words(
    column: LedgerColumn, record: Record, extensions: Sequence[Row[Any]], campaign: Campaign
) -> str:
    """What a record shows in a column; ``extensions`` are its own, oldest first."""
    if column.field:
        return short_value(column.field, record.values.get(column.field.id), campaign)
    if column.id == DEADLINES:
        return deadline_history(record, extensions)
    day = record.created_at.date() if column.id == FILED_ON else record.rectified_on
    return full_day(day) if day else ""


def deadline_history(record: Record, extensions: Sequence[Row[Any]]) -> str:
    """Every deadline of a record, the first one first; empty where it was never moved."""
    if not record.first_deadline:
        return ""
    moved = [
        full_day(each.new_day) if each.new_day else each.new_text for each in _chained(record, extensions)
    ]
    now = full_day(record.deadline) if record.deadline else "没有期限"
    days = [full_day(record.first_deadline), *moved]
    return " → ".join(days if days[-1] == now or (moved and not record.deadline) else [*days, now])


def _chained(record: Record, extensions: Sequence[Row[Any]]) -> Iterator[Row[Any]]:
    """Extensions in the order in which each moved the day that the one before had set."""
    day, left = record.first_deadline, list(extensions)
    while left:
        each = next((one for one in left if one.old_day == day), left[0])
        left.remove(each)
        day = each.new_day
        yield each
