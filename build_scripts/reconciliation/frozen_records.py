"""Signed returns as a record source: their frozen content, loaded into an in-memory database."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any

from build_scripts.counting.count_query import LIVE, TABLES, Line, Records
from build_scripts.reconciliation.signed_returns import Document

_REPORT = "report_text"
_NEEDED: Mapping[str, set[str]] = {
    **{table: {*columns} for table, columns in TABLES.items()},
    _REPORT: {*LIVE[_REPORT]},
}


@contextmanager
def frozen_records(documents: Sequence[Document]) -> Iterator[Records]:
    """Load signed documents, one per unit, into a record source.

    Args:
        documents: as signed; units without one have no records.
    """
    with closing(sqlite3.connect(":memory:")) as connection:
        columns = {
            table: _fill(connection, table, needed, [_rows(each, table) for each in documents])
            for table, needed in _NEEDED.items()
        }

        def run(query: str) -> Sequence[Line]:
            return connection.execute(query).fetchall()

        yield Records(run, columns)


def _rows(document: Document, table: str) -> list[dict[str, Any]]:
    """Return the rows of a document's list, adding the unit to report parts."""
    owner = {"campaign_id": document["campaign_id"], "unit_code": document["unit"]["code"]}
    return [owner | line for line in document[table]]


def _fill(
    connection: sqlite3.Connection, table: str, needed: set[str], rows: Sequence[list[dict[str, Any]]]
) -> set[str]:
    """Create and fill a table; return its columns, named as in the database."""
    flat = [row for each in rows for row in each]
    columns = sorted(needed.union(*flat) if flat else needed | _EMPTY.get(table, set()))
    quoted = ", ".join(f'"{column}"' for column in columns)
    connection.execute(f"CREATE TABLE {table} ({quoted})")
    marks = ", ".join("?" for _ in columns)
    cells = ([_cell(row.get(column)) for column in columns] for row in flat)
    connection.executemany(f"INSERT INTO {table} VALUES ({marks})", cells)  # noqa: S608 - a name of ours
    return set(columns)


_DATED = {"created_at", "village_code", "householder", "household_type"}
_EMPTY: Mapping[str, set[str]] = {
    "issue": _DATED
    | {"content", "deadline", "rectified_on", "responsible_person", "responsible_unit", "source"},
    "proposed_household": _DATED,
    "zero_report": {"created_at"},
}
"""Columns of empty tables that breakdowns and documents read."""


def _cell(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
