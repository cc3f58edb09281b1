"""The one query, what it reads, and what it answers: the contract that every engine keeps."""

from collections.abc import Mapping, Set
from pathlib import Path

from checklist.messages import say

QUERY = Path(__file__).with_name("counts.sql").read_text(encoding="utf-8")

COLUMNS = (
    "campaign_id", "unit_code", "problem_type_id",
    "found", "rectified", "rectifying", "household_records", "proposed_households", "proposed_people",
    "zero_reported",
)  # fmt: skip
"""What each line of the query's answer holds, in this order."""

TABLES: Mapping[str, Set[str]] = {
    "issue": {"id", "campaign_id", "unit_code", "problem_type_id", "state"},
    "proposed_household": {"id", "campaign_id", "unit_code", "problem_type_id", "state", "people"},
    "zero_report": {"campaign_id", "unit_code", "problem_type_id"},
}
"""The tables that are counted, with the columns that the counting reads."""

Line = tuple[str | int, ...]


class BadSource(Exception):
    """The source can't be read or isn't one; the message is a sentence for people."""


def require_tables(found: Mapping[str, Set[str]]) -> None:
    """Refuse a source that lacks a table, or a column of one.

    Args:
        found: the tables that are there, each with the names of its columns.

    Raises:
        BadSource: naming every table, or every column as ``table.column``, that is missing.
    """
    missing = [table for table in TABLES if table not in found]
    missing += [
        f"{table}.{column}"
        for table in TABLES
        if table in found
        for column in sorted(TABLES[table] - found[table])
    ]
    if missing:
        raise BadSource(say("summary-tables-missing", missing=missing))


def unreadable(error: Exception) -> BadSource:
    """What an engine stumbled over as one sentence; ``orig`` is the driver's error behind SQLAlchemy's."""
    cause = getattr(error, "orig", None) or error
    return BadSource(say("summary-source-unreadable", detail=str(cause).strip().partition("\n")[0]))
