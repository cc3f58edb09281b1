"""What pseudonymisation takes out of each table, and what stays because it names no household."""

from collections.abc import Mapping

from sqlalchemy import JSON, Column, ColumnElement, Table, case, func, literal

from forms_server.db import tables
from forms_server.stored_number_masking import TEXTS

HIDDEN = "（已隐去）"
"""In place of a text that may name somebody."""
PSEUDONYM = "农户"
"""What a householder is called, with the beginning of the household's id."""
_OF_ID = 8

STAYS: Mapping[Table, frozenset[str]] = {
    tables.account: frozenset({"display_name"}),  # staff, who sign what they do
    tables.exemption: frozenset({"reason"}),  # one of the YAML's
    tables.extension: frozenset({"new_text"}),
    tables.handed_in_figure: frozenset({"text"}),  # figures of a unit
    tables.household: frozenset({"household_type"}),
    tables.import_batch: frozenset({"figures_before"}),
    tables.issue: frozenset({"household_type", "responsible_unit", "deadline_text", "responsible_person", "found_by"}),
    tables.letter_unit: frozenset({"answer"}),  # of a unit, about its work
    tables.proposed_household: frozenset({"household_type"}),
    tables.finding: frozenset({"found_by"}),
    tables.register_row: frozenset({"extra"}),  # numbers, days and choices
    tables.report_text: frozenset({"text"}),  # of a unit; published as a document
    tables.visit: frozenset({"household_type", "visited_by"}),
}  # fmt: skip
"""Columns of text that stay: counts need them, or they name staff."""

TAKEN_OUT: Mapping[Table, tuple[str, ...]] = {
    table: taken
    for table, columns in TEXTS.items()
    if (taken := tuple(name for name in columns if name not in STAYS.get(table, ())))
}
"""The columns whose content is taken out."""


def replacements(table: Table) -> dict[str, ColumnElement[object] | object]:
    """New values of the columns that are taken out, as SQL."""
    values = {name: _replacement(table, table.c[name]) for name in TAKEN_OUT[table]}
    if table is tables.household:
        values["folded_name"] = _pseudonym(table)
    if table is tables.person:
        values |= {"folded_name": None, "person_key": None, "from_age": None, "age_on": None, "listed": None}
    if table is tables.register_row:
        values["row_key"] = None  # a digest of names, which could be guessed
    if table is tables.exemption:
        values["read_digest"] = {}  # the same; without them it has lapsed
    return values


def _replacement(table: Table, column: Column[object]) -> ColumnElement[object] | object:
    if column.name == "householder":
        return case((column.is_not(None), _pseudonym(table)))
    if table is tables.household and column.name == "number":
        return None  # numbers are unique
    if isinstance(column.type, JSON):
        return None if column.nullable else {}
    return case((column.is_not(None), literal(HIDDEN)))


def _pseudonym(table: Table) -> ColumnElement[str]:
    """The same for a household and for all that is recorded about it."""
    of = table.c.id if table is tables.household else func.coalesce(table.c.household_id, table.c.id)
    return literal(PSEUDONYM) + func.substr(of, 1, _OF_ID)
