"""The inbox: rectified issues that await verification, oldest deadline first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, FromClause, and_, func, or_, select, true

from checklist.model import Campaign, RecordForm
from forms_server.account import Account
from forms_server.db.tables import issue, tally
from forms_server.editable_states import State
from forms_server.records import keyset_paging
from forms_server.records.keyset_paging import Position
from forms_server.records.record import Record, to_record
from forms_server.records.verified_issues import (
    judged_by_tally,
    judged_ranges,
    own_reported_elsewhere,
    reported_for_others,
)


@dataclass(frozen=True)
class Inbox:
    """Inbox of one account."""

    campaign: Campaign
    account: Account
    unit_code: str | None = None
    """Filter by the filing unit."""
    problem_type_id: str | None = None

    def parts(self) -> list[ColumnElement[bool]]:
        """Disjoint conditions of the inbox."""
        return [
            self._of_form(form, issue, part)
            for form in self._forms
            for part in judged_ranges(form, self.campaign, self.account)
        ]

    def counted(self) -> Iterator[tuple[int, FromClause, ColumnElement[bool]]]:
        """What to add and to take away for the count: most by the tally, which does not know who reported."""
        for form in self._forms:
            asked = form, self.campaign, self.account
            for part in judged_by_tally(*asked, tally):
                yield 1, tally, self._of_form(form, tally, part)
            for part in own_reported_elsewhere(self.account):
                yield 1, issue, self._of_form(form, issue, part)
            for part in reported_for_others(*asked):
                yield -1, issue, self._of_form(form, issue, part)

    @property
    def _forms(self) -> list[RecordForm]:
        return [form for form in self.campaign.record_forms if form.kind == "issue"]

    def _of_form(self, form: RecordForm, table: FromClause, part: ColumnElement[bool]) -> ColumnElement[bool]:
        # The tally is read once for all parts; each part of the issues is a range of an index.
        waiting = true() if table is tally else _waiting(self.campaign, table)
        conditions = [waiting, table.c.form_id == form.id, part]
        if self.unit_code:
            conditions.append(table.c.unit_code == self.unit_code)
        if self.problem_type_id:
            conditions.append(table.c.problem_type_id == self.problem_type_id)
        return and_(*conditions)


@dataclass(frozen=True)
class Waiting:
    """A page of the inbox, with the positions of its neighbours."""

    records: Sequence[Record]
    next: Position | None
    previous: Position | None


def page(connection: Connection, inbox: Inbox, position: Position | None = None) -> Waiting:
    """Read one page of the inbox."""
    found = keyset_paging.read(connection, issue, inbox.parts(), keyset_paging.Order(issue.c.due), position)
    forms = {form.id: form for form in inbox.campaign.record_forms}
    return Waiting([to_record(forms[row["form_id"]], row) for row in found.rows], found.next, found.previous)


def count(connection: Connection, inbox: Inbox) -> int:
    """Count the inbox."""
    parts: dict[tuple[int, FromClause], list[ColumnElement[bool]]] = {}
    for sign, table, part in inbox.counted():
        parts.setdefault((sign, table), []).append(part)
    total = 0
    for (sign, table), some in parts.items():
        number = func.sum(tally.c.records) if table is tally else func.count(issue.c.id)
        waiting = _waiting(inbox.campaign, table) if table is tally else true()
        query = select(number).where(waiting, or_(*some))
        total += sign * (connection.execute(query).scalar_one() or 0)
    return total


def _waiting(campaign: Campaign, table: FromClause) -> ColumnElement[bool]:
    return and_(table.c.campaign_id == campaign.id, table.c.state == State.RECTIFIED.value)
