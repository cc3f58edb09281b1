"""The registry of a ledger's columns, by field type: style and validation.

Headers and widths are YAML: ``header``, ``label`` and ``width`` of a form's fields (``forms/*.yml``).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from build_scripts.workbooks.workbook_values import TEXT, CellStyle, Check
from checklist.messages import say
from checklist.model import Campaign, Field, FieldType, Unit
from checklist.reading.amounts import plain_number
from checklist.values.type_families import FAMILIES
from checklist.values.value_types import ValueType

CELL = CellStyle(font="仿宋", size=11, border=True, number_format=TEXT)
WORDS = replace(CELL, align="left")
NUMBER = replace(CELL, number_format="0")
DATE = replace(CELL, number_format="yyyy-mm-dd")

_ANYTHING = Check()

RECORD_ID = "记录编号"
"""Header of the id column of exported records."""
STATE = "状态"
"""Header of the state column of exported records, beside the id."""
FIRST_DEADLINE, EXTENSIONS = "原定时限", "延期次数"
"""Headers of what an export says of an issue's extensions; an import reads neither."""
VERSION = "版本"
"""Header of the column with the version of exported records, beside the id."""


@dataclass(frozen=True)
class Column:
    """Style and validation of the cells below a header."""

    style: CellStyle
    check: Check = _ANYTHING
    numbered: bool = False
    """Whether it is the serial number."""
    samples: tuple[str, ...] = ()
    """Text pre-printed by the annex in the first rows: 县级层面（xx 单位）."""


Scope = tuple[Campaign, Unit | None]
"""The campaign, and the workbook's unit; None for a blank one for any unit."""


def column_of(field: Field, campaign: Campaign, unit: Unit | None) -> Column:
    """Return the column of a field."""
    column = BUILDERS[field.type](field, (campaign, unit))
    return replace(column, check=replace(column.check, hint=field.help))


def _serial(_field: Field, _scope: Scope) -> Column:
    return Column(NUMBER, numbered=True)


def _township(field: Field, scope: Scope) -> Column:
    campaign, unit = scope
    townships = campaign.units.townships
    return _one_of(field, (township.name for township in (townships if unit not in townships else (unit,))))


def _village(field: Field, scope: Scope) -> Column:
    campaign, unit = scope
    villages = unit.villages if unit and unit.villages else campaign.village_by_code.values()
    return _one_of(field, (village.name for village in villages))


def _problem_type(field: Field, scope: Scope) -> Column:
    return _one_of(field, (problem_type.name for problem_type in scope[0].problem_types))


def _choice(field: Field, _scope: Scope) -> Column:
    column = _one_of(field, (choice.label for choice in field.choices))
    samples = tuple(with_place(choice.label, choice.place) for choice in field.choices if choice.place)
    if not samples:
        return column
    # A level with its placeholder filled in is not in the list, so other values are allowed.
    return replace(column, check=replace(column.check, others=True), samples=samples)


def with_place(level: str, place: str) -> str:
    """Format a level with its place, as the annex has them in one cell: 村级层面（丁里镇张庄村）."""
    return f"{level}（{place}）"


def _text(_field: Field, _scope: Scope) -> Column:
    return Column(CELL)


def _paragraph(_field: Field, _scope: Scope) -> Column:
    return Column(WORDS)


def _integer(field: Field, _scope: Scope) -> Column:
    if field.min_value is None or field.max_value is None:
        return Column(NUMBER)
    return Column(NUMBER, _between(field, (field.min_value, field.max_value)))


def _between(field: Field, limits: tuple[Decimal, Decimal], *, decimals: bool = False) -> Check:
    low, high = limits
    words = {"label": field.label, "minimum": plain_number(low), "maximum": plain_number(high)}
    refusal = say("workbook-number" if decimals else "workbook-integer", **words)
    return Check(minimum=low, maximum=high, decimals=decimals, refusal=refusal)


def _computed(field: Field, scope: Scope) -> Column:
    """The look of what is computed; nothing needs to be typed, so that nothing is checked."""
    return replace(BUILDERS[field.holds](field, scope), check=Check()) if field.result else Column(CELL)


def _looking(kind: ValueType) -> "Callable[[Field, Scope], Column]":
    """The builder of a column that looks as its type says."""

    def build(field: Field, _scope: Scope) -> Column:
        look = kind.cell(field)
        if look.choices:
            return _one_of(field, look.choices)
        align: Literal["center", "right"] = "right" if look.figures else "center"
        style = replace(CELL, number_format=look.number_format, align=align)
        return (
            Column(style, _between(field, look.limits, decimals=look.decimals))
            if look.limits
            else Column(style)
        )

    return build


def _date(_field: Field, _scope: Scope) -> Column:
    # No date validation: it would refuse 2022年8月15日 and other accepted spellings.
    return Column(DATE)


def _one_of(field: Field, names: Iterable[str]) -> Column:
    """Build a drop-down, without duplicate names."""
    refusal = say("workbook-choice", label=field.label)
    return Column(CELL, Check(choices=tuple(dict.fromkeys(names)), refusal=refusal))


BUILDERS: dict[FieldType, Callable[[Field, Scope], Column]] = {
    FieldType.SERIAL: _serial,
    FieldType.TOWNSHIP: _township,
    FieldType.VILLAGE: _village,
    FieldType.PROBLEM_TYPE: _problem_type,
    FieldType.CHOICE: _choice,
    FieldType.TEXT: _text,
    FieldType.PARAGRAPH: _paragraph,
    FieldType.INTEGER: _integer,
    FieldType.DATE: _date,
    FieldType.DEADLINE: _text,
    FieldType.COMPUTED: _computed,
    **{kind: _looking(each) for kind, each in FAMILIES.items()},
}
"""Field type to builder."""
