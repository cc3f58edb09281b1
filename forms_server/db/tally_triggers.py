"""The current triggers, composed from ``tally_triggers.sql`` and installed by migrations."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, TextClause, text

from checklist.states import COUNT_AS_RECTIFIED
from forms_server.db.tables import metadata

_FILE = Path(__file__).with_suffix(".sql")
_SECTION = re.compile(r"^-- == (.+)\n", re.MULTILINE)
_CELL = re.compile(r"\bROW\.(\w+)")

TALLIED: Mapping[str, tuple[str, ...]] = {"tally": ("issue", "proposed_household"), "day_tally": ("issue",)}
"""The tables whose records each tally counts; a column that one of them lacks is NULL to the rule."""

_DROPS = {
    "sqlite": """
        SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger'
    """,
    "postgresql": """
        SELECT DISTINCT 'DROP FUNCTION ' || tgfoid::regprocedure || ' CASCADE' FROM pg_trigger
        JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_proc ON pg_proc.oid = tgfoid
        WHERE NOT tgisinternal AND relname = ANY(:tables)
            AND current_schema()::regnamespace = ALL(ARRAY[relnamespace, pronamespace])
    """,
}
"""What makes the statements that drop the triggers on our tables; on PostgreSQL they go with their function."""


def install(connection: Connection) -> None:
    """Replace the triggers on the program's tables by the current ones, within a transaction."""
    dialect = connection.dialect.name
    given = {"tables": list(metadata.tables)} if dialect == "postgresql" else {}
    drops = connection.execute(text(_DROPS[dialect]), given).scalars().all()
    for statement in (*drops, *trigger_statements(dialect)):
        connection.exec_driver_sql(statement)


def trigger_statements(dialect: str) -> list[str]:
    """Statements that create the triggers, for ``sqlite`` or ``postgresql``."""
    frames = _sections()[f"frame {dialect}"].split("\n\n")
    return [
        _framed(frame, tally, table)
        for tally, counted in TALLIED.items()
        for table in counted
        for frame in frames
    ]


def rule_of_many(tally: str) -> tuple[list[TextClause], list[str]]:
    """A tally's rule for many equal records.

    Returns:
        Its statements, which take a record's columns and ``times`` as parameters; and the names of these columns.
    """
    rule = _applied(tally, lambda column: f":{column}", ":times")
    return [text(statement) for statement in rule.split(";\n")], _columns(tally)


def pause(connection: Connection) -> None:
    """Pause the triggers for inserts of this transaction, until ``resume``."""
    connection.execute(text(_sections()["pause"]))


def resume(connection: Connection) -> None:
    """Resume the triggers."""
    connection.execute(text(_sections()["resume"]))


def _framed(frame: str, tally: str, table: str) -> str:
    known = metadata.tables[table].c
    columns = [column for column in _columns(tally) if column in known]

    def counting(row: str, times: str) -> str:
        rule = _applied(tally, lambda column: f"{row}.{column}" if column in known else "NULL", times)
        return f"{rule};".replace("\n", "\n    ")

    return frame.format(
        name=f"{tally}_{table}",
        table=table,
        columns=", ".join(columns),
        add=counting("NEW", "1"),
        take=counting("OLD", "-1"),
    )


def _columns(tally: str) -> list[str]:
    """The columns of a record that a tally's rule reads, each once."""
    return list(dict.fromkeys(_CELL.findall(_sections()[f"rule {tally}"])))


def _applied(tally: str, cell: Callable[[str], str], times: str) -> str:
    """A tally's rule with its records' cells and their number put in."""
    rule = _CELL.sub(lambda found: cell(found[1]), _sections()[f"rule {tally}"])
    states = ", ".join(f"'{state}'" for state in COUNT_AS_RECTIFIED)
    return rule.replace("TIMES", times).replace("COUNT_AS_RECTIFIED", states)


@cache
def _sections() -> Mapping[str, str]:
    """The file's sections by their titles."""
    _, *parts = _SECTION.split(_FILE.read_text(encoding="utf-8"))
    return {
        title: body.strip().removesuffix(";") for title, body in zip(parts[::2], parts[1::2], strict=True)
    }
