"""The counting query with its input tables and output columns: the contract of every engine."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from checklist.messages import say

QUERY = Path(__file__).with_name("counts.sql").read_text(encoding="utf-8")

KEYS = ("campaign_id", "unit_code", "problem_type_id")
"""The grouping columns."""

FIGURES = (
    "found", "rectified", "rectifying", "household_records", "proposed_households", "proposed_people",
    "zero_reported",
)  # fmt: skip
"""The counted columns."""

COLUMNS = KEYS + FIGURES
"""The columns of a result row, in order."""

TABLES: Mapping[str, Set[str]] = {
    "issue": {"id", "campaign_id", "unit_code", "problem_type_id", "state"},
    "proposed_household": {"id", "campaign_id", "unit_code", "problem_type_id", "state", "people"},
    "zero_report": {"campaign_id", "unit_code", "problem_type_id"},
}
"""The input tables and the columns that the query reads."""

UNIT_TABLE = "unit"
"""Table of exports only: the filing units of every county in the source, with their place in the hierarchy."""

RETURN_TABLE = "return_state"
"""Another one: where each filing unit stands with its return. Exports of earlier versions lack it."""

VILLAGE_TABLE = "village"
"""And another: the villages of every county by code, for their names. Exports of earlier versions lack it."""

LIVE: Mapping[str, Set[str]] = {
    "tally": {"campaign_id", "unit_code", "problem_type_id", "state", "records"},
    "signed_return": {"id", "campaign_id", "unit_code", "number", "content", "sha256", "signed_at", "late", "state"},
    "handed_in_figure": {"campaign_id", "unit_code", "problem_type_id", "column_id", "text", "number", "handed_in_at"},
    "report_text": {"campaign_id", "unit_code", "part_id", "text"},
    "letter": {"campaign_id", "kind", "number", "mark", "as_of", "facts"},
    "register_row": {"campaign_id", "register_id", "period", "number", "state", "extra"},
    "finding": {"campaign_id", "record_table", "record_id", "unit_code"},
    "possible_double": {"campaign_id", "first_id", "second_id", "state"},
    "visit": {"id", "campaign_id", "unit_code", "household_id", "householder", "state", "problems"},
    "audit": {"id", "at", "account_id", "unit_code", "subject", "subject_id", "action"},
}  # fmt: skip
"""Tables of a live database that exports lack, used for reconciliation."""

Line = tuple[str | int, ...]


class BadSource(Exception):
    """The source is unreadable or invalid; the message is a sentence for users."""


@dataclass(frozen=True)
class Records:
    """An opened source; all queries run in one snapshot."""

    run: Callable[[str], Sequence[Line]]
    """Run a query; raises ``BadSource`` if the engine fails."""
    columns: Mapping[str, Set[str]]
    """Table name to column names."""
    octets: str = ""
    """SQL template for a text's UTF-8 bytes, with ``{}`` for its column; empty if the engine has none."""
    files: bool = False
    """Whether they come from counties' export files rather than a live database."""


def has(records: Records, table: str) -> bool:
    """Return whether the source has a table of ``LIVE`` with the required columns."""
    return records.columns.get(table, frozenset()) >= LIVE[table]


def literals(codes: Iterable[str]) -> str:
    """Format codes as an SQL list; engines escape other signs than letters, digits, - and / differently."""
    kept = ("".join(letter for letter in code if letter.isalnum() or letter in "-/") for code in codes)
    return ", ".join(f"'{code}'" for code in kept)


def divided(columns: Mapping[str, str]) -> str:
    """Return the query with an additional grouping column ``part``, the fourth of its result.

    Args:
        columns: table to the expression for ``part``; NULL for tables left out.
    """
    keys = ", ".join(KEYS)
    text = QUERY.replace(keys, f"{keys}, part")
    for table in TABLES:
        part = columns.get(table, "CAST(NULL AS VARCHAR(1))")
        # Trusted names from this module, never user input.
        parted = f"(SELECT *, {part} AS part FROM {table}) AS {table}"  # noqa: S608
        text = text.replace(f"FROM {table}\n", f"FROM {parted}\n")
    return text


def require_tables(found: Mapping[str, Set[str]], needed: Mapping[str, Set[str]] = TABLES) -> None:
    """Raise unless a source has all required tables and columns.

    Args:
        found: table name to column names.
        needed: required table name to required column names.

    Raises:
        BadSource: names all missing tables, or all missing ``table.column``.
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
    """Raise on duplicate records, such as two exports of one county; a database has primary keys against that.

    Args:
        records: an opened source.
        hashed: the engine's integer hash of ``id``. Distinct hashes prove distinct ids in half the memory; only on a
            collision are the ids themselves compared.

    Raises:
        BadSource: naming the table.
    """
    alike = [table for table, rows, numbers in _distinct(records, hashed, _WITH_ID) if rows != numbers]
    for table, rows, ids in _distinct(records, "id", alike):
        if rows != ids:
            raise BadSource(say("summary-records-twice", table=table, records=rows, ids=ids))


_WITH_ID = tuple(table for table, columns in TABLES.items() if "id" in columns)


def _distinct(records: Records, what: str, tables: Iterable[str]) -> list[tuple[str, int, int]]:
    """Return each table's row count and distinct count of an expression."""
    counts = [f"SELECT '{table}', COUNT(*), COUNT(DISTINCT {what}) FROM {table}" for table in tables]  # noqa: S608
    answer = records.run(" UNION ALL ".join(counts)) if counts else ()
    return sorted((str(line[0]), int(line[1]), int(line[2])) for line in answer)


def unreadable(error: Exception) -> BadSource:
    """Format an engine's error as one sentence; ``orig`` is the driver's error behind SQLAlchemy's."""
    cause = getattr(error, "orig", None) or error
    return BadSource(say("summary-source-unreadable", detail=str(cause).strip().partition("\n")[0]))
