"""The unit in which a column's figures are written: 万元 in its header, or above the table, is converted and told."""

import re
from collections.abc import Sequence
from decimal import Decimal

from build_scripts.intake.cell_table import place_of
from build_scripts.intake.ledger_recognition import Header
from checklist.messages import say
from checklist.model import Field, FieldType
from checklist.problems import Problem
from checklist.reading.amounts import YUAN, Amount, plain_number, read_amount, unit_in
from checklist.text_normalisation import compact
from checklist.values.amount_types import units_of_field
from checklist.values.judge import Context

_AMOUNTS = frozenset({FieldType.MONEY, FieldType.DECIMAL})
_OF_THE_TABLE = re.compile(r"单位[:：]?([^\s:：,，;；()（）]{1,6})")
_CURRENCY = re.compile(r"\(([^()]*元)\)")
_OWN_MONEY = "元"


def column_units(
    header: Header, sheet: str, titles: Sequence[str], context: Context
) -> tuple[dict[str, Decimal], list[Problem]]:
    """Return by what the figures of each column are to be multiplied, by field id, and what is told about it.

    Args:
        header: with the columns.
        sheet: its name.
        titles: texts above the table, one of which may say 单位：万元; it holds where a header says nothing.
        context: of the judge.
    """
    factors: dict[str, Decimal] = {}
    problems: list[Problem] = []
    of_table = _unit_above(titles)
    for field in header.fields.values():
        if field.type not in _AMOUNTS:
            continue
        column = header.columns[field.id]
        words = header.headings.get(column, "")
        units, own = units_of_field(field), field.unit or _OWN_MONEY
        unit = unit_in(words, units) or (of_table if field.type is FieldType.MONEY else "")
        place = place_of(sheet, header.last_row, column)
        foreign = _CURRENCY.search(compact(words)) if field.type is FieldType.MONEY and not unit else None
        if foreign:
            params = {"label": field.label, "unit": foreign[1], "own": own}
            problems.append(Problem(place, "header-unit-unknown", say("header-unit-unknown", **params)))
        elif unit and units[unit] != 1:
            factors[field.id] = units[unit]
            params = {"label": field.label, "unit": unit, "own": own, "factor": plain_number(units[unit])}
            problems.append(Problem(place, "header-unit", say("header-unit", **params), warning=True))
    return factors, problems


def scaled(field: Field, text: str, factor: Decimal, context: Context) -> str:
    """Return a figure in the field's own unit; a text with a unit of its own, or without a figure, as it is."""
    amount = read_amount(text, context.campaign.reading.numbers, units_of_field(field))
    return plain_number(amount.number * factor) if isinstance(amount, Amount) and not amount.unit else text


def _unit_above(titles: Sequence[str]) -> str:
    """Return the unit of money that the table says above itself; empty if none."""
    named = (found[1] for title in titles for found in _OF_THE_TABLE.finditer(compact(title)))
    return next((unit for unit in named if unit in YUAN), "")
