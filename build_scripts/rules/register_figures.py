"""The counts of a register: its YAML's SQL figures over all of its rows, and over those of each place."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from build_scripts.rules.expression_reader import RuleScope, read_expression
from build_scripts.rules.field_columns import columns_of, given_row, named_fields
from build_scripts.rules.locked_database import RULES_DATABASE
from build_scripts.rules.rule_columns import TODAY, ColumnKind, RuleColumn, as_text, quoted, typed_source
from checklist.model import Campaign, Register

_ROWS, _PLACE = "register_rows", RuleColumn("counted:place", ColumnKind.TEXT)

Counts = Mapping[str, Decimal | None]
"""Count to its value; None where it cannot be computed, such as a share of nothing."""


def register_counts(
    campaign: Campaign, register: Register, rows: Sequence[tuple[str, Mapping[str, Any]]], today: date
) -> tuple[Counts, Mapping[str, Counts]]:
    """Return the counts over all rows, and by place.

    Args:
        campaign: of the register.
        register: with the counts.
        rows: the place of each, and its stored values by field id, with ``row_state`` and ``period``.
        today: what the figures call ``today``.

    Raises:
        RulesFailed: time or memory ran out.
    """
    if not register.counts:
        return {}, {}
    columns = columns_of(campaign, register)
    figures = [read_expression(count.formula, columns, RuleScope.FIGURE) for count in register.counts]
    names = {name for figure in figures for name in figure.reads}
    read = [column for name, column in columns.items() if name in names]
    fields = named_fields(campaign, register)
    given = [{**given_row(fields, row), TODAY.name: today, _PLACE.name: place} for place, row in rows]
    table = {column.name: [as_text(row.get(column.name)) for row in given] for column in (*read, _PLACE)}
    source = typed_source((*read, _PLACE), _ROWS)
    made = ", ".join(f"TRY_CAST({figure.sql} AS DECIMAL(30, 6))" for figure in figures)
    whole = f"SELECT {made} FROM ({source})"  # noqa: S608 - rendered by the expression reader
    grouped = f"SELECT {quoted(_PLACE.name)}, {made} FROM ({source}) GROUP BY 1"  # noqa: S608 - the same
    ids = [count.id for count in register.counts]
    (over_all,) = RULES_DATABASE.run(whole, {_ROWS: table})
    by_place = RULES_DATABASE.run(grouped, {_ROWS: table})
    places = {place or "": dict(zip(ids, values, strict=True)) for place, *values in by_place}
    return dict(zip(ids, over_all, strict=True)), places
