"""Zero reports by village: what each village of a township says, and the unit's that follows when all have spoken.

A village has spoken on a problem type when it is ticked 经排查无问题 or has issues. Annex 2 knows only the unit's zero
report (``zero_reports``): it is ticked when the last village has spoken and none of them has an issue.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, func, select

from checklist.model import Campaign
from checklist.states import FOUND
from forms_server import audit
from forms_server.access import Action
from forms_server.db.tables import account, issue, village_zero_report
from forms_server.desk import Desk
from forms_server.records import zero_reports
from forms_server.records.record_rows import insert_once
from forms_server.records.record_store import permit
from forms_server.records.zero_reports import FoundSome, ZeroState

_table = village_zero_report


@dataclass(frozen=True)
class VillagesOfType:
    """What a unit's villages said of one problem type, by village code."""

    zero: frozenset[str]
    found: frozenset[str]
    """Villages with issues."""
    silent: Sequence[str]
    """Villages that have said nothing yet, in the campaign's order."""


def standings(
    connection: Connection, campaign: Campaign, unit_code: str, village_code: str
) -> list[ZeroState]:
    """Return the village's status for every problem type, in the campaign's order."""
    found = _found(connection, campaign, unit_code)
    ticks = _ticks(connection, campaign, unit_code)
    unticked: tuple[None, str] = (None, "")
    return [
        ZeroState(
            kind.id,
            found.get((kind.id, village_code), 0),
            *ticks.get((kind.id, village_code), unticked),
        )
        for kind in campaign.problem_types
    ]


def progress(connection: Connection, campaign: Campaign, unit_code: str) -> Mapping[str, VillagesOfType]:
    """Return what the unit's villages said, by problem type."""
    villages = [village.code for village in campaign.unit_by_code[unit_code].villages]
    found, ticks = _found(connection, campaign, unit_code), _ticks(connection, campaign, unit_code)
    spoken = {}
    for kind in campaign.problem_types:
        with_issues = frozenset(code for code in villages if found.get((kind.id, code)))
        zero = frozenset(code for code in villages if (kind.id, code) in ticks) - with_issues
        silent = [code for code in villages if code not in zero | with_issues]
        spoken[kind.id] = VillagesOfType(zero, with_issues, silent)
    return spoken


def save(
    desk: Desk,
    place: tuple[str, str],
    shown: Set[str],
    ticked: Set[str],
    confirmed: Mapping[str, int] | None = None,
) -> list[str]:
    """Tick and untick problem types of one village; the unit's zero reports follow.

    Args:
        place: code of the unit and of its village.
        shown: ids of the problem types that were ticked when the page was shown.
        ticked: ids of those that are ticked now.
        confirmed: what the person was told and confirmed, such as how many households nobody visited.

    Returns:
        Ids of the problem types on which the whole unit's zero report was made by this.

    Raises:
        NotAllowed: the account may not report for the village.
        FoundSome: the village has issues under a type that is newly ticked; nothing was changed.
    """
    unit_code, village_code = place
    permit(desk, Action.ZERO_VILLAGE, unit_code, village_code)
    now = {each.problem_type_id: each for each in standings(desk.connection, desk.campaign, *place)}
    added = [now[type_id] for type_id in now if type_id in ticked - shown and not now[type_id].ticked]
    if in_the_way := [each for each in added if each.found]:
        raise FoundSome(in_the_way)
    removed = [type_id for type_id in now if type_id in shown - ticked and now[type_id].ticked]
    before = progress(desk.connection, desk.campaign, unit_code)
    for type_id in removed:
        if not before[type_id].silent:  # the unit's followed from the villages'
            zero_reports.untick(desk, unit_code, type_id)
        _untick(desk, place, type_id)
    for each in added:
        _tick(desk, place, each.problem_type_id, confirmed)
    return _complete(desk, unit_code, [each.problem_type_id for each in added]) if added else []


def _complete(desk: Desk, unit_code: str, type_ids: Sequence[str]) -> list[str]:
    """Tick the unit's zero report of each type on which all villages have spoken and nothing was found."""
    spoken = progress(desk.connection, desk.campaign, unit_code)
    of_unit = {
        each.problem_type_id: each
        for each in zero_reports.standings(desk.connection, desk.campaign, unit_code)
    }
    done = []
    for type_id in type_ids:
        if not spoken[type_id].silent and not of_unit[type_id].found and not of_unit[type_id].ticked:
            zero_reports.tick(desk, unit_code, type_id, {"villages": len(spoken[type_id].zero)})
            done.append(type_id)
    return done


def _found(connection: Connection, campaign: Campaign, unit_code: str) -> Mapping[tuple[str, str], int]:
    """Count the unit's issues by problem type and village."""
    states = [state.value for state in FOUND]
    columns = issue.c.problem_type_id, issue.c.village_code
    query = (
        select(*columns, func.count())
        .where(
            issue.c.campaign_id == campaign.id,
            issue.c.unit_code == unit_code,
            issue.c.state.in_(states),
            issue.c.village_code.is_not(None),
        )
        .group_by(*columns)
    )
    return {(type_id, village): number for type_id, village, number in connection.execute(query)}


def _ticks(
    connection: Connection, campaign: Campaign, unit_code: str
) -> Mapping[tuple[str, str], tuple[datetime, str]]:
    query = (
        select(_table, account.c.display_name, account.c.name)
        .join(account, account.c.id == _table.c.created_by)
        .where(_table.c.campaign_id == campaign.id, _table.c.unit_code == unit_code)
    )
    return {
        (row.problem_type_id, row.village_code): (row.created_at, row.display_name or row.name)
        for row in connection.execute(query)
    }


def _tick(desk: Desk, place: tuple[str, str], type_id: str, confirmed: Mapping[str, int] | None) -> None:
    row = {
        "campaign_id": desk.campaign.id,
        "unit_code": place[0],
        "village_code": place[1],
        "problem_type_id": type_id,
        "created_by": desk.account.id,
        "created_at": desk.now,
    }
    if insert_once(desk.connection, _table, row):
        _record(desk, place, type_id, "tick", confirmed)


def _untick(desk: Desk, place: tuple[str, str], type_id: str) -> None:
    audit.note_unfit(
        desk.connection, desk.now, desk.account, _table.name, [_subject_id(desk, place, type_id)]
    )
    if desk.connection.execute(delete(_table).where(*_key(desk, place, type_id))).rowcount:
        _record(desk, place, type_id, "untick")


def _key(desk: Desk, place: tuple[str, str], type_id: str) -> tuple[ColumnElement[bool], ...]:
    return (
        _table.c.campaign_id == desk.campaign.id,
        _table.c.unit_code == place[0],
        _table.c.village_code == place[1],
        _table.c.problem_type_id == type_id,
    )


def _record(
    desk: Desk, place: tuple[str, str], type_id: str, action: str, told: Mapping[str, int] | None = None
) -> None:
    subject_id = _subject_id(desk, place, type_id)
    audit.record(desk.connection, desk.now, desk.account, _table.name, subject_id, action, told)


def _subject_id(desk: Desk, place: tuple[str, str], type_id: str) -> str:
    return "/".join((desk.campaign.id, *place, type_id))
