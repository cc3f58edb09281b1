"""The one query, what it reads, and what it answers: the contract that every engine keeps."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from checklist.messages import say

QUERY = Path(__file__).with_name("counts.sql").read_text(encoding="utf-8")

KEYS = ("campaign_id", "unit_code", "problem_type_id")
"""What the query groups by."""

FIGURES = (
    "found", "rectified", "rectifying", "household_records", "proposed_households", "proposed_people",
    "zero_reported",
)  # fmt: skip
"""What it counts."""

COLUMNS = KEYS + FIGURES
"""What each line of the query's answer holds, in this order."""

TABLES: Mapping[str, Set[str]] = {
    "issue": {"id", "campaign_id", "unit_code", "problem_type_id", "state"},
    "proposed_household": {"id", "campaign_id", "unit_code", "problem_type_id", "state", "people"},
    "zero_report": {"campaign_id", "unit_code", "problem_type_id"},
}
"""The tables that are counted, with the columns that the counting reads."""

UNIT_TABLE = "unit"
"""A table that only exports have: the filing units of every county in there, with their places in the state."""

RETURN_TABLE = "return_state"
"""Another one: where each filing unit stands with its return. Exports of earlier versions lack it."""

LIVE: Mapping[str, Set[str]] = {
    "tally": {"campaign_id", "unit_code", "problem_type_id", "state", "records"},
    "signed_return": {"id", "campaign_id", "unit_code", "number", "content", "sha256", "signed_at", "late", "state"},
    "handed_in_figure": {"campaign_id", "unit_code", "problem_type_id", "column_id", "text", "number", "handed_in_at"},
    "report_text": {"campaign_id", "unit_code", "part_id", "text"},
    "audit": {"id", "at", "account_id", "unit_code", "subject", "subject_id", "action"},
}  # fmt: skip
"""What a live database has besides, and an export does not: what the figures are compared with."""

Line = tuple[str | int, ...]


class BadSource(Exception):
    """The source can't be read or isn't one; the message is a sentence for people."""


@dataclass(frozen=True)
class Records:
    """An opened source. Everything that is run while it is open is of one moment."""

    run: Callable[[str], Sequence[Line]]
    """Runs a query. A ``BadSource`` is raised where the engine can't."""
    columns: Mapping[str, Set[str]]
    """The tables that are there, each with the names of its columns."""
    octets: str = ""
    """The expression for a text's UTF-8 as bytes, with ``{}`` for its column; empty where there is none."""
    files: bool = False
    """Whether they come from files that counties have handed up, and not from a live database."""


def has(records: Records, table: str) -> bool:
    """Whether the source has one of the tables of ``LIVE``, with the columns that are read."""
    return records.columns.get(table, frozenset()) >= LIVE[table]


def literals(codes: Iterable[str]) -> str:
    """Codes as a list in SQL: letters, digits, hyphens and slashes, since engines escape other signs differently."""
    kept = ("".join(letter for letter in code if letter.isalnum() or letter in "-/") for code in codes)
    return ", ".join(f"'{code}'" for code in kept)


def divided(columns: Mapping[str, str]) -> str:
    """The query with one key more, ``part``, at the fourth place of its answer.

    Args:
        columns: table to the expression that is its ``part``; a table without one has none (NULL).
    """
    keys = ", ".join(KEYS)
    text = QUERY.replace(keys, f"{keys}, part")
    for table in TABLES:
        part = columns.get(table, "CAST(NULL AS VARCHAR(1))")
        # The names are ours, never a person's.
        parted = f"(SELECT *, {part} AS part FROM {table}) AS {table}"  # noqa: S608
        text = text.replace(f"FROM {table}\n", f"FROM {parted}\n")
    return text


def require_tables(found: Mapping[str, Set[str]], needed: Mapping[str, Set[str]] = TABLES) -> None:
    """Refuse a source that lacks a table, or a column of one.

    Args:
        found: the tables that are there, each with the names of its columns.
        needed: the tables that must be, each with the columns that it must have.

    Raises:
        BadSource: naming every table, or every column as ``table.column``, that is missing.
    """
    missing = [table for table in needed if table not in found]
    missing += [
        f"{table}.{column}"
        for table in needed
        if table in found
        for column in sorted(needed[table] - found[table])
    ]
    if missing:
        raise BadSource(say("summary-tables-missing", missing=missing))


def require_once(records: Records, hashed: str) -> None:
    """Refuse a record that is there twice, as from two exports of one county; a database has keys against that.

    Args:
        records: an opened source.
        hashed: the engine's expression for a number made of ``id``: numbers that all differ are of ids that do, and
            are told apart in half the memory. Only where two are alike are the ids themselves looked at.

    Raises:
        BadSource: naming the table.
    """
    alike = [table for table, rows, numbers in _distinct(records, hashed, _WITH_ID) if rows != numbers]
    for table, rows, ids in _distinct(records, "id", alike):
        if rows != ids:
            raise BadSource(say("summary-records-twice", table=table, records=rows, ids=ids))


_WITH_ID = tuple(table for table, columns in TABLES.items() if "id" in columns)


def _distinct(records: Records, what: str, tables: Iterable[str]) -> list[tuple[str, int, int]]:
    """Each table with how many rows it has, and how many different ones of something."""
    counts = [f"SELECT '{table}', COUNT(*), COUNT(DISTINCT {what}) FROM {table}" for table in tables]  # noqa: S608
    answer = records.run(" UNION ALL ".join(counts)) if counts else ()
    return sorted((str(line[0]), int(line[1]), int(line[2])) for line in answer)


def unreadable(error: Exception) -> BadSource:
    """What an engine stumbled over as one sentence; ``orig`` is the driver's error behind SQLAlchemy's."""
    cause = getattr(error, "orig", None) or error
    return BadSource(say("summary-source-unreadable", detail=str(cause).strip().partition("\n")[0]))
