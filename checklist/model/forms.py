"""``forms/*.yml``: the definitions of fields and of the tables made of them."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, WithJsonSchema
from pydantic import Field as Attribute
from pydantic_core import PydanticCustomError

from checklist.model.base import Id, Node, Text

FieldId = Annotated[str, Attribute(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=40)]
"""Lower-case letters, digits and single underscores: it may be the name of a database column."""


class FieldType(StrEnum):
    """The type of a field's value. Every projection has one registry with exactly these keys."""

    SERIAL = "serial"  # the row's number: never typed, never stored
    TOWNSHIP = "township"  # a township's code
    VILLAGE = "village"  # a village's code
    PROBLEM_TYPE = "problem_type"  # a problem type's id
    CHOICE = "choice"  # the id of one of the field's choices
    TEXT = "text"  # one line
    PARAGRAPH = "paragraph"  # several lines
    INTEGER = "integer"
    DATE = "date"
    DEADLINE = "deadline"  # a date, or words such as 8月底前 or 立行立改
    MONEY = "money"  # an amount in whole fen; typed and shown in yuan
    DECIMAL = "decimal"  # an exact number with decimals, perhaps with a unit
    RATING = "rating"  # a score: a whole number between its two limits
    MONTH = "month"  # YYYY-MM
    YESNO = "yesno"  # true or false
    CHOICES = "choices"  # the ids of several of the field's choices, in the order of the list
    HOUSEHOLD = "household"  # a household by its householder's name, in the row's village
    PERSON = "person"  # the name of one member of the row's household; never a number
    REFERENCE = "reference"  # the key of a row of another register
    PHOTO = "photo"  # how many photographs there are: added and removed one by one, never typed
    COMPUTED = "computed"  # follows from other fields: never typed


KEPT_BY_SYSTEM = frozenset({FieldType.SERIAL, FieldType.PHOTO})
"""Types whose values no text gives: neither judged nor typed, and left as they are by every edit and import."""


def _exact(value: Any) -> Any:
    """Return a number of the YAML as it was written there; quoted ones are text."""
    if isinstance(value, str | bool):
        raise PydanticCustomError("decimal_type", "not a number")
    return Decimal(str(value)) if isinstance(value, int | float) else value


Number = Annotated[
    Decimal, BeforeValidator(_exact), Attribute(allow_inf_nan=False), WithJsonSchema({"type": "number"})
]
"""A number of the YAML, exact as written."""

Factor = Annotated[Number, Attribute(gt=0), WithJsonSchema({"type": "number"})]
"""How many of a field's own unit another unit holds."""


class Stage(StrEnum):
    """The stage at which a field is filled in."""

    FOUND = "found"  # when the record is made
    RECTIFIED = "rectified"  # when an issue is reported rectified


class Choice(Node):
    """One answer of a choice field."""

    id: Id
    label: Text
    """As the form and the annex print it."""
    aliases: tuple[Text, ...] = ()
    may_mean: tuple[Text, ...] = ()
    """Ambiguous names, shared with others: input with one of them asks for a choice."""
    from_age: Annotated[int, Attribute(ge=0, le=150)] | None = None
    """For a band of ages: the first age in it; the next band's ends it."""
    place: str = ""
    """For a level of general issues: what the annex writes in brackets, such as xx 乡镇."""


class Condition(Node):
    """A conditional field: shown only if a choice field has one of these answers."""

    field: FieldId
    among: tuple[Id, ...] = Attribute(min_length=1)


class Within(Node):
    """A date must follow another one within so many days; until it is filled in, the record waits for it."""

    days: int = Attribute(ge=1, le=3650)
    since: FieldId
    """The date field that the days are counted from."""
    waiting: Text
    """What the ledger calls the records that wait (待录入系统)."""


class Counted(Node):
    """What a computed field of a register counts: rows of the same village, and of the same period by ``where``."""

    of: Id
    """Another register, or ``households``, ``visits``, ``issues``, ``proposed``."""
    where: str = ""
    """An SQL condition over the counted rows with ``period_start``, ``period_end`` and ``today``, for the rules."""
    sum: FieldId | None = None
    """The number that is summed instead of counting rows."""


class Field(Node):
    """One field, from which web form, workbook column, handbook entry and JSON Schema are made."""

    id: FieldId
    label: Text
    """The words at the field and, without its group, in the column's header."""
    type: FieldType
    required: bool = False
    stage: Stage = Stage.FOUND
    column: bool = True
    """Whether the annex has an official column for it; other fields stand to the right of these."""
    header: str = ""
    """The column's header where the annex says more than the label."""
    group: str = ""
    """The upper row of a two-level header (整改责任)."""
    header_aliases: tuple[Text, ...] = ()
    """Other headers under which workbooks carry this column."""
    width: float = 12
    """The column's width in characters of the workbook's default font."""
    help: str = ""
    """What to write, in a sentence a village cadre understands."""
    example: str = ""
    choices: tuple[Choice, ...] = ()
    min_value: Number | None = None
    """The least number taken: of money in yuan."""
    max_value: Number | None = None
    digits: Annotated[int, Attribute(ge=0, le=6)] | None = None
    """The most decimals of a decimal, two by default."""
    unit: str = ""
    """The unit of a decimal: 千瓦."""
    unit_aliases: Mapping[Text, Factor] = {}
    """Other units in a header or behind a figure, and how many of the field's own they hold: 兆瓦 is 1000 千瓦."""
    identity_headers: tuple[Text, ...] = ()
    """For a person: headers of a column of identity numbers. A key is made of each where a list is read; the number
    is not stored."""
    refers_to: Id | None = None
    """The id of the register whose row a reference names."""
    result: FieldType | None = None
    """The type of what a computed field holds."""
    max_length: int | None = None
    """The longest text taken, in characters."""
    most_photos: Annotated[int, Attribute(ge=1, le=20)] = 6
    """For photographs: how many there may be."""
    not_future: bool = False
    """For a date: it is not later than today."""
    within: Within | None = None
    """For a date: the time within which it is due."""
    when: Condition | None = None
    default: str = ""
    """For a choice: the default of new records, and of workbooks without the column."""
    suggest: Literal["", "responsible-units", "own-name"] = ""
    """Suggestions of the web form; other text may be typed."""
    together: bool = False
    """Whether it can be bulk-edited."""
    required_if: str = ""
    """An SQL condition over the row's fields under which the field is required; evaluated by the rules."""
    formula: str = ""
    """The SQL expression of a computed field, which is never typed; evaluated by the rules."""
    counted: Counted | None = None
    """What a computed field counts, in place of a formula."""

    @property
    def label_with_unit(self) -> str:
        """The label, with the unit where it lacks it: 装机容量（千瓦）."""
        return f"{self.label}（{self.unit}）" if self.unit not in self.label else self.label

    @property
    def is_age_band(self) -> bool:
        """Whether its choices are bands of ages."""
        return any(choice.from_age is not None for choice in self.choices)

    @property
    def holds(self) -> FieldType:
        """The type of its values: its own, or that of what it computes."""
        return (self.result or FieldType.TEXT) if self.type is FieldType.COMPUTED else self.type


class FilingLine(Node):
    """A line that the annex wants filled in above or below its table (填报单位（盖章）, 填报人)."""

    id: Literal["unit", "filler", "principal", "date"]
    label: Text


class _Table(Node):
    """What the forms that print as an annex have in common."""

    id: Id
    version: int = Attribute(ge=1)
    annex: str = ""
    """The annex's number in the notice (附件 1-1); empty for a form of our own."""
    name: Text
    """What the form is called in menus: 户内问题."""
    title: Text
    """The title on paper; ``{unit}`` stands for the unit's name."""
    blank_unit: str = ""
    """What the blank form prints in place of the unit's name."""
    filing_lines: tuple[FilingLine, ...] = ()
    purpose: Text
    """Handbook: what this form is for and who fills it in."""

    @property
    def called(self) -> str:
        """Its usual name: its annex (附件2), or its name."""
        return self.annex.replace(" ", "") or self.name


class FilledForm(_Table):
    """A form whose every line has fields to fill in."""

    fields: tuple[Field, ...] = Attribute(min_length=1)

    def has(self, field_id: str) -> bool:
        """Return whether there is a field of that id: values stored under an older form may have none now."""
        return any(field.id == field_id for field in self.fields)

    @property
    def person_field(self) -> Field | None:
        """The field of the person whom a row is about, known by a key where a list has a number; None without one."""
        return next((field for field in self.fields if field.type is FieldType.PERSON), None)

    @property
    def photo_fields(self) -> tuple[Field, ...]:
        """The fields of photographs."""
        return tuple(field for field in self.fields if field.type is FieldType.PHOTO)

    def photo_counts(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Of a row's values those that say how many photographs it has; fields without any are omitted."""
        return {field.id: values[field.id] for field in self.photo_fields if values.get(field.id)}

    def field(self, field_id: str) -> Field:
        """Return the field of that id; KeyError if the form has none."""
        for field in self.fields:
            if field.id == field_id:
                return field
        raise KeyError(field_id)


class RecordForm(FilledForm):
    """A form whose every line is a record: an issue (annex 1-1, 1-2) or a proposed household."""

    kind: Literal["issue", "household"]
    subject: Literal["household", "general"]
    visit_name: str = ""
    """The name of the sheet for visits of this subject: 入户排查表."""
    counter: Text = "户"
    """The counter word of visited subjects: 3户, 3所."""

    @property
    def sheet_name(self) -> str:
        """The sheet's name, by default derived from the form's."""
        return self.visit_name or f"{self.name}逐项排查"

    @property
    def clock(self) -> Field | None:
        """The date field that its records wait for, if any."""
        return next((field for field in self.fields if field.within), None)


class SummaryColumn(Node):
    """A column of figures in the summary table."""

    id: Literal["found", "rectified", "rectifying", "proposed_households", "proposed_people"]
    label: Text
    group: str = ""
    width: float = 10


class SummaryTable(_Table):
    """The summary that is compiled from the ledgers (annex 2): a row for each problem type."""

    kind: Literal["summary"]
    unit_label: Text
    """Header of the first column (单位/乡镇)."""
    unit_width: float = 12
    """The first column's width in characters of the workbook's default font."""
    row_label: Text
    """Header of the columns that name the problem types (问题类型)."""
    area_width: float = 16
    """The width of the column of areas that have several problem types."""
    row_width: float = 13
    """The width of the column of these problem types; that of a sole one has both columns."""
    columns: tuple[SummaryColumn, ...] = Attribute(min_length=1)
    total_label: Text
    total_spans_unit: bool = True
    """Whether the total's label (合计) begins in the unit's column and spans to the row names."""
    zero_mark: str = "0"
    """The mark for units that looked and found nothing."""
    missing_mark: str = "—"
    """The mark for units that have not reported."""


class ReportPart(Node):
    """One part of the self-inspection report."""

    id: Id
    title: Text
    help: str = ""
    sentences: tuple[Text, ...] = ()
    """Generated sentences of the part, with the ledgers' figures: ``{{ 共排查问题数 }}`` and the other words in braces
    that the documents' templates have."""
    max_length: int = Attribute(5000, ge=1)
    """The longest text taken, in characters."""


class ReportForm(_Table):
    """The self-inspection report (自查报告) with its parts (notice, section three, phase three)."""

    kind: Literal["report"]
    parts: tuple[ReportPart, ...] = Attribute(min_length=1)


Form = Annotated[RecordForm | SummaryTable | ReportForm, Attribute(discriminator="kind")]
