"""The rule of deadlines: when a record is due and overdue, in Python and as SQL.

A record is overdue when its deadline is past and it still waits, that is, in the state that it was made in: an issue
that is neither rectified nor closed, a proposed household that is not entered in the national system. A withdrawn one
waits for nothing. ``forms_server.records.overdue_conditions`` says so in SQLAlchemy; a test compares all three.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from checklist.date_formats import clock_time
from checklist.model import RecordForm
from checklist.reading.deadlines import Deadline
from checklist.states import WAITING, State, first_state

SOON = timedelta(days=3)
"""How near a deadline counts as due soon, in ledgers and on home pages."""


def is_overdue(state: str, due: date | None, today: date) -> bool:
    """Return whether a record in that state, due on that day (None for no day), is overdue."""
    return state in WAITING and due is not None and is_past(due, today)


def days_left(due: date, today: date) -> int:
    """Return the days until a deadline: 0 on the day itself, negative afterwards."""
    return (due - today).days


def days_left_words(due: date, today: date) -> str:
    """Say how long a day that ends something is off: 还有 3 天, 今天是最后一天, 已过 2 天."""
    left = days_left(due, today)
    return f"还有 {left} 天" if left > 0 else f"已过 {-left} 天" if left < 0 else "今天是最后一天"


def time_left_words(due: datetime, now: datetime) -> str:
    """Say how long a moment that ends something is off; on its day, until when: 今天 12:00 截止, then 已过截止时间."""
    if now > due:
        return "已过截止时间"
    if due.date() == now.date():
        return f"今天 {clock_time(due)} 截止"
    return days_left_words(due.date(), now.date())


def is_past(due: date, today: date) -> bool:
    """Return whether a day by which something had to be done is over."""
    return days_left(due, today) < 0


def deadline_moved(before: Deadline | None, after: Deadline | None) -> bool:
    """Return whether a deadline's day becomes another or none: never done without a reason, by edit or import."""
    return before is not None and before.due is not None and (after is None or after.due != before.due)


class DatedRow(Protocol):
    """A row of a documented table, as a mapping of any kind."""

    def __getitem__(self, column: str, /) -> Any:
        """The cell of a column."""


@dataclass(frozen=True)
class DueRule:
    """The rule that derives a kind's deadline from its table's columns."""

    state: State
    """The state in which they wait."""
    since: str
    """The column with the start day; NULL if there is no deadline."""
    days: int = 0
    """The days from then to the deadline."""
    until: str | None = None
    """The column with the day that ends the waiting; None if only the state does."""

    def due(self, row: DatedRow) -> date | None:
        """Return a row's deadline; None if there is none, or the waiting has ended."""
        since = row[self.since]
        if since is None or (self.until and row[self.until] is not None):
            return None
        return self.due_from(since if isinstance(since, date) else date.fromisoformat(since))

    def due_from(self, since: date) -> date:
        """Return the deadline for a start day."""
        return since + timedelta(days=self.days)

    def since_for(self, due: date) -> date:
        """Return the start day of a record due on that day."""
        return due - timedelta(days=self.days)

    def overdue(self, row: DatedRow, today: date) -> bool:
        """Return whether a row's record is overdue; days may be texts, as in JSON and SQLite."""
        return row["state"] == self.state and is_overdue(self.state, self.due(row), today)

    def overdue_sql(self, today: date) -> str:
        """Return the same rule as a condition in standard SQL on the documented table."""
        waits = f"state = '{self.state}'" + (f" AND {self.until} IS NULL" if self.until else "")
        return f"{waits} AND {self.since} < '{self.since_for(today).isoformat()}'"


ISSUES_DUE = DueRule(first_state("issue"), since="deadline")
"""The rule of issues: due on their deadline; 长期坚持 has none."""


def due_rule(form: RecordForm) -> DueRule | None:
    """Return the rule of a form's records; None if they have no deadline."""
    if form.kind == "issue":
        return ISSUES_DUE
    if form.clock is None or form.clock.within is None:
        return None
    within = form.clock.within
    return DueRule(first_state(form.kind), within.since, within.days, until=form.clock.id)
