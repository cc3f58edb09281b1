"""Many issues or proposed households at once, counted together."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import repeat
from operator import itemgetter

from sqlalchemy import Connection, Table

from forms_server.db import triggers
from forms_server.db.bulk import Cell, insert_rows


def insert_records(
    connection: Connection, table: Table, names: Sequence[str], rows: Sequence[Sequence[Cell]]
) -> None:
    """``insert_rows`` for issues or proposed households: they are tallied together, not one by one.

    The triggers would do the same, for a third of the time that all else takes. They are paused meanwhile, and their
    own rule is applied once to all records that are alike.
    """
    if not rows:
        return
    triggers.pause(connection)
    insert_rows(connection, table, names, rows)
    triggers.resume(connection)
    for tally, counted in triggers.TALLIED.items():
        if table.name in counted:
            _count(connection, tally, names, rows)


def _count(connection: Connection, tally: str, names: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """Apply a tally's rule to rows, those that are alike together."""
    statements, columns = triggers.rule_of_many(tally)
    kinds = Counter(zip(*(_cells(names, rows, column) for column in columns), strict=True))
    alike = [dict(zip(columns, kind, strict=True)) | {"times": number} for kind, number in kinds.items()]
    for statement in statements:
        connection.execute(statement, alike)


def _cells(names: Sequence[str], rows: Sequence[Sequence[Cell]], column: str) -> Iterable[Cell]:
    """A column's cells; empty ones where the rows do not have it."""
    return map(itemgetter(names.index(column)), rows) if column in names else repeat(None, len(rows))
