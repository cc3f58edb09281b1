"""Which rows of a register's workbook may be stored beside those that are there: one a period, and of this period."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, or_, select

from build_scripts.intake.cell_questions import asked
from build_scripts.intake.ledger_entry import LedgerEntry
from checklist.messages import say
from checklist.problems import Problem
from checklist.questions import AnswerChoice, Answers, Question, QuestionKind
from checklist.register_periods import period_words
from forms_server.db.tables import register_row
from forms_server.registers.register_row import RegisterRow, of_register, row_key
from forms_server.registers.row_content import placed_columns
from forms_server.registers.row_listing import SeenRows

_row = register_row.c

_MEANT = "meant"
"""Answer for rows of another period: this one's are to be the same."""

_CHUNK = 500
"""Ids of one query."""


class FreeKeys:
    """What tells rows of a period apart (``one_row_per``): who has a key, and which one is free."""

    def __init__(
        self, connection: Connection, seen: SeenRows, place: tuple[str, str], rows: Sequence[RegisterRow]
    ) -> None:
        """Read the keys of a period.

        Args:
            connection: reads those of rows that the account does not see.
            seen: register, and whose sight it is.
            place: the period, and the code of the unit that imports.
            rows: all rows of the period that the account sees.
        """
        self._campaign, self._register = seen.campaign, seen.register
        period, self._unit_code = place
        self._standing = {self.of(row.values): row for row in rows if not row.ended}
        self._ended = {self.of(row.values): row for row in rows if row.ended}
        mine = {row.id for row in rows}
        query = select(_row.id, _row.row_key, _row.unit_code).where(
            of_register(self._campaign, self._register), _row.period == period, _row.row_key.is_not(None)
        )
        self._elsewhere = {key: unit for row_id, key, unit in connection.execute(query) if row_id not in mine}
        self._stored: dict[str, LedgerEntry] = {}

    def of(self, values: Mapping[str, Any]) -> str | None:
        """The key of a row's values as it would be stored."""
        columns = placed_columns(self._campaign, self._register, values, self._unit_code)
        return row_key(self._register, columns)

    def row_of(self, key: str | None) -> RegisterRow | None:
        """The row that has a key, if the account sees it."""
        return self._standing.get(key) if key else None

    def elsewhere(self, entry: LedgerEntry, key: str | None) -> Problem | None:
        """The problem of an entry that another unit has written down already."""
        if key is None or key not in self._elsewhere:
            return None
        unit = self._campaign.unit_by_code.get(self._elsewhere[key])
        words = say("register-row-elsewhere", unit=unit.name if unit else self._elsewhere[key])
        return Problem(self._place(entry), "register-row-elsewhere", words)

    def problems(
        self, entry: LedgerEntry, row: RegisterRow | None, values: Mapping[str, Any]
    ) -> Iterator[Problem]:
        """Yield what keeps an entry from being stored under its key, and that it is one which has ended.

        Args:
            entry: of the workbook.
            row: that it changes; None for a new one.
            values: all that would be stored, with what the system fills in.
        """
        key = None if row and row.ended else self.of(values)
        if key is None:
            return
        first = self._stored.setdefault(key, entry)
        there = self._standing.get(key)
        if first is not entry:
            said = say("register-row-twice", first=first.place())
            yield Problem(self._place(entry), "register-row-twice", said)
        elif there and (row is None or there.id != row.id):
            said = say("register-row-taken", number=there.number)
            yield Problem(self._place(entry), "register-row-taken", said)
        elif problem := self.elsewhere(entry, key):
            yield problem
        elif row is None and (over := self._ended.get(key)):
            said = say("register-row-ended", number=over.number, state=over.state_words)
            yield Problem(self._place(entry), "register-row-ended", said, warning=True)

    def _place(self, entry: LedgerEntry) -> str:
        return entry.place(next(iter(self._register.one_row_per), ""))


def of_other_periods(
    connection: Connection, seen: SeenRows, period: str, entries: Sequence[LedgerEntry], answers: Answers
) -> Iterator[Problem]:
    """Yield the entries that are rows of another period, and ask whether they are meant for this one.

    Taken in silence, a month's correction would pass for the next one's figures. Where they are meant, they are rows
    of no period before.
    """
    by_id = {entry.record_id: entry for entry in entries if entry.record_id}
    ids = list(by_id) if seen.register.period.repeats and seen.ranges else []
    for start in range(0, len(ids), _CHUNK):
        query = select(_row.id, _row.period).where(
            _row.id.in_(ids[start : start + _CHUNK]),
            of_register(seen.campaign, seen.register),
            _row.period != period,
            or_(*seen.ranges),
        )
        for row_id, of in connection.execute(query):
            words = {"of": period_words(of), "period": period_words(period)}
            choice = AnswerChoice(_MEANT, f"没有选错：{words['period']}就照这张表填")
            question = Question(QuestionKind.PERIOD, of, "这张表的期", words["of"], [choice])
            problem = Problem(
                by_id[row_id].place(), "register-row-other-period", say("register-row-other-period", **words)
            )
            settled = answers.settle(question)
            if not settled.is_open:
                by_id[row_id].record_id = by_id[row_id].version = ""
            yield asked(problem, settled)
