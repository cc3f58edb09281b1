"""Zero reports: a unit ticks the problem types under which it looked and found nothing (经排查无问题)."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from checklist.model import Campaign
from checklist.states import FOUND
from forms_server import audit
from forms_server.access import Action
from forms_server.db.tables import account, tally, zero_report
from forms_server.desk import Desk
from forms_server.records.record_rows import insert_once
from forms_server.records.record_store import permit


@dataclass(frozen=True)
class ZeroState:
    """A unit's status for one problem type."""

    problem_type_id: str
    found: int
    """Issues filed and not withdrawn."""
    ticked_at: datetime | None = None
    ticked_by: str = ""

    @property
    def ticked(self) -> bool:
        """Whether the unit filed a zero report."""
        return self.ticked_at is not None

    @property
    def contradicts(self) -> bool:
        """Whether issues contradict the zero report."""
        return self.ticked and self.found > 0


class FoundSome(Exception):
    """Zero reports contradicted by filed issues; ``standings`` are the contradicted ones."""

    def __init__(self, standings: Sequence[ZeroState]) -> None:
        super().__init__(len(standings))
        self.standings = tuple(standings)


def standings(connection: Connection, campaign: Campaign, unit_code: str) -> list[ZeroState]:
    """The unit's status for every problem type, in the campaign's order."""
    found = _found(connection, campaign, unit_code)
    ticks = _ticks(connection, campaign, unit_code)
    unticked: tuple[None, str] = (None, "")
    ids = [problem_type.id for problem_type in campaign.problem_types]
    return [ZeroState(type_id, found.get(type_id, 0), *ticks.get(type_id, unticked)) for type_id in ids]


def save(
    desk: Desk,
    unit_code: str,
    shown: Set[str],
    ticked: Set[str],
    confirmed: Mapping[str, int] | None = None,
) -> None:
    """Tick and untick problem types.

    Applies the difference between ``shown`` and ``ticked`` only, so that concurrent ticks are kept.

    Args:
        shown: ids of the problem types that were ticked when the page was shown.
        ticked: ids of those that are ticked now.
        confirmed: counts that the person confirmed, such as unvisited households.

    Raises:
        NotAllowed: the account may not report for the unit.
        FoundSome: the unit filed issues under a type that is newly ticked; nothing was changed.
    """
    permit(desk, Action.ZERO, unit_code, None)
    now = {
        standing.problem_type_id: standing
        for standing in standings(desk.connection, desk.campaign, unit_code)
    }
    added = [now[type_id] for type_id in now if type_id in ticked - shown and not now[type_id].ticked]
    in_the_way = [standing for standing in added if standing.found]
    if in_the_way:
        raise FoundSome(in_the_way)
    for standing in added:
        tick(desk, unit_code, standing.problem_type_id, confirmed)
    for type_id in (type_id for type_id in now if type_id in shown - ticked):
        untick(desk, unit_code, type_id)


def _found(connection: Connection, campaign: Campaign, unit_code: str) -> Mapping[str, int]:
    found = [state.value for state in FOUND]
    query = (
        select(tally.c.problem_type_id, func.sum(tally.c.records).label("found"))
        .where(tally.c.campaign_id == campaign.id, tally.c.unit_code == unit_code, tally.c.state.in_(found))
        .group_by(tally.c.problem_type_id)
    )
    return {row.problem_type_id: row.found for row in connection.execute(query)}


def _ticks(connection: Connection, campaign: Campaign, unit_code: str) -> Mapping[str, tuple[datetime, str]]:
    query = (
        select(zero_report, account.c.display_name, account.c.name)
        .join(account, account.c.id == zero_report.c.created_by)
        .where(zero_report.c.campaign_id == campaign.id, zero_report.c.unit_code == unit_code)
    )
    rows = connection.execute(query)
    return {row.problem_type_id: (row.created_at, row.display_name or row.name) for row in rows}


def tick(desk: Desk, unit_code: str, problem_type_id: str, confirmed: Mapping[str, int] | None) -> None:
    """Tick a problem type (idempotent); rights and issues have been checked."""
    key = {"campaign_id": desk.campaign.id, "unit_code": unit_code, "problem_type_id": problem_type_id}
    row = {**key, "created_by": desk.account.id, "created_at": desk.now}
    if insert_once(desk.connection, zero_report, row):
        _record(desk, unit_code, problem_type_id, "tick", confirmed)


def untick(desk: Desk, unit_code: str, problem_type_id: str) -> None:
    """Untick a problem type (idempotent)."""
    key = zero_report.c.campaign_id == desk.campaign.id, zero_report.c.unit_code == unit_code
    subject_id = _subject_id(desk, unit_code, problem_type_id)
    audit.note_unfit(desk.connection, desk.now, desk.account, zero_report.name, [subject_id])
    statement = delete(zero_report).where(*key, zero_report.c.problem_type_id == problem_type_id)
    if desk.connection.execute(statement).rowcount:
        _record(desk, unit_code, problem_type_id, "untick")


def _record(
    desk: Desk, unit_code: str, problem_type_id: str, action: str, told: Mapping[str, int] | None = None
) -> None:
    subject_id = _subject_id(desk, unit_code, problem_type_id)
    audit.record(desk.connection, desk.now, desk.account, zero_report.name, subject_id, action, told)


def _subject_id(desk: Desk, unit_code: str, problem_type_id: str) -> str:
    return f"{desk.campaign.id}/{unit_code}/{problem_type_id}"
