"""Witnesses of the audit: a row's number and the beginning of its hash, kept where nobody can change both.

A chain that was cut, or computed anew by somebody who has the key, contradicts any witness from before: on a signed
paper, in a mail, in a file on another machine.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from checklist.date_formats import full_moment
from forms_server.audit import read_head
from forms_server.db.tables import audit

_DIGITS = 16
"""Hexadecimal digits of the hash: 64 bits, short enough to be typed from paper."""

_PATTERN = re.compile(r"(?<![\w-])(\d{1,12})-([0-9a-f]{4}(?: ?[0-9a-f]{4}){3,15})(?![0-9a-z])")


class Witness(NamedTuple):
    """What somebody noted down about the audit."""

    row: int
    start: str
    """Beginning of the row's hash."""

    def __str__(self) -> str:
        groups = (self.start[at : at + 4] for at in range(0, _DIGITS, 4))
        return f"{self.row}-{' '.join(groups)}"


def of_row(row: int, row_hash: str) -> Witness:
    """The witness of a row."""
    return Witness(row, row_hash[:_DIGITS])


def current(connection: Connection) -> Witness | None:
    """The witness of the last row; None for an empty audit."""
    head = read_head(connection)
    return of_row(head.rows, head.hash) if head else None


def of_signature(connection: Connection, return_id: str) -> Witness | None:
    """The witness of the row that a return's signature left."""
    same = audit.c.subject == "signed_return", audit.c.subject_id == return_id, audit.c.action == "sign"
    row = connection.execute(select(audit.c.id, audit.c.hash).where(*same).limit(1)).one_or_none()
    return of_row(row.id, row.hash) if row else None


def note(file: Path | None, connection: Connection, now: datetime) -> None:
    """Append the current witness to the file of the settings, if there is one.

    Raises:
        OSError: the file cannot be written.
    """
    witness = current(connection)
    if file and witness:
        with file.open("a", encoding="utf-8") as lines:
            lines.write(f"{full_moment(now)}  {witness}\n")


def read(text: str) -> list[Witness]:
    """All witnesses in a text: typed from paper, a mail, or a file that ``note`` wrote."""
    return [Witness(int(row), start.replace(" ", "")) for row, start in _PATTERN.findall(text)]


class WitnessCheck:
    """Compares witnesses with the rows of a chain while they are read."""

    def __init__(self, witnesses: Iterable[Witness]) -> None:
        self._open: dict[int, set[str]] = {}
        for row, start in witnesses:
            self._open.setdefault(row, set()).add(start)
        self.contradicted: list[Witness] = []

    def passing(self, rows: Iterable[Mapping[Any, Any]]) -> Iterator[Mapping[Any, Any]]:
        """The rows as they come."""
        for row in rows:
            starts = self._open.pop(row["id"], ())
            self.contradicted += (
                Witness(row["id"], start) for start in sorted(starts) if not row["hash"].startswith(start)
            )
            yield row

    def finish(self) -> list[Witness]:
        """The witnesses that the chain contradicts, those of missing rows included; all rows were read."""
        missing = (Witness(row, start) for row, starts in self._open.items() for start in sorted(starts))
        return sorted([*self.contradicted, *missing])
