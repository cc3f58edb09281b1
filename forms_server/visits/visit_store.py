"""Repository of visits: every change passes the permission check and writes one audit row.

A problem becomes an issue in the same transaction, by the function that every form calls. An issue's id is derived
from the visit, the item and its earlier issues, so that resending an answer is idempotent.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select, update

from checklist.visit_forms import Groups, issue_values, items_of, visit_forms
from forms_server import audit
from forms_server.access import Action
from forms_server.db.engine import insert_or
from forms_server.db.tables import visit, visit_answer
from forms_server.desk import Desk, NotFound
from forms_server.households import roster
from forms_server.households.household_of_record import SeveralHouseholds, identify, write_down_made
from forms_server.move_fields import WITHDRAWAL
from forms_server.records import record_rows
from forms_server.records.move_making import make_move
from forms_server.records.record import Filing, Record
from forms_server.records.record_store import create, permit, possibly_same
from forms_server.state_moves import WITHDRAW
from forms_server.visits.sheet_counts import whole_sheet
from forms_server.visits.visit import (
    DIFFERENT,
    Answer,
    Answered,
    Progress,
    Start,
    SubmittedAnswer,
    Unanswered,
    Visit,
    VisitConflict,
)
from forms_server.visits.visit_columns import to_columns, to_visit
from forms_server.visits.visit_rounds import in_round, round_on
from forms_server.visits.visit_scope import visible_visits


def begin(desk: Desk, start: Start) -> Visit:
    """Begin a visit. Idempotent: a resend, or an open visit of that household, returns the existing one.

    Raises:
        NotAllowed: the account may not visit there.
        NotFound: the household, or a visit of that id, is not one that the account may see.
    """
    known = roster.get(desk, start.household_id).known(start.form) if start.household_id else {}
    columns = to_columns(start.form, {**start.values, **known})
    permit(desk, Action.VISIT, desk.account.unit_code, columns["village_code"])
    household_id = start.household_id or _household_named(desk, columns)
    visited_on = start.made_on or desk.now.date()
    round_id = round_on(desk.campaign, visited_on)
    there = _visit_at(desk, start, household_id, round_id)
    if there:
        return there
    unit = desk.campaign.unit_by_code[desk.account.unit_code]
    groups = items_of(desk.campaign, start.form, unit, columns["household_type"])
    birth = {
        "id": start.id,
        "campaign_id": desk.campaign.id,
        "form_id": start.form.id,
        "unit_code": desk.account.unit_code,
        "household_id": household_id,
        "visited_on": visited_on,
        "round": round_id,
        "state": Progress.OPEN.value,
        "items": sum(len(items) for _, items in groups),
        "answered": 0,
        "problems": 0,
        "version": 1,
        "created_by": desk.account.id,
        "created_at": desk.now,
        "changed_at": desk.now,
    }
    columns["visited_by"] = columns["visited_by"] or desk.account.shown_name
    if record_rows.insert_once(desk.connection, visit, columns | birth):
        _write_down(desk, start.id, "begin", {"to": Progress.OPEN.value})
    return get(desk, start.id)


def get(desk: Desk, visit_id: str) -> Visit:
    """Return a visit by id.

    Raises:
        NotFound: there is none, or it is not one that the account may see.
    """
    query = select(visit).where(
        visit.c.id == visit_id, visit.c.campaign_id == desk.campaign.id, visible_visits(desk.account)
    )
    row = desk.connection.execute(query).mappings().one_or_none()
    forms = {form.id: form for form in visit_forms(desk.campaign)}
    if row is None or row["form_id"] not in forms:
        raise NotFound(visit_id)
    return to_visit(desk.connection, desk.campaign, forms[row["form_id"]], row)


def save(
    desk: Desk,
    current: Visit,
    base_version: int,
    told: Mapping[str, SubmittedAnswer],
    *,
    finish: bool = False,
) -> Visit:
    """Store answers and their issues under optimistic locking. Idempotent: repeated answers change nothing.

    Args:
        current: the visit as it is now.
        base_version: the version that the person saw.
        told: by item id; an item that is not among them stays as it is.
        finish: that the visit is finished with these answers.

    Raises:
        NotAllowed: the account may not visit there.
        VisitConflict: it was changed since.
        Unanswered: it is to be finished, and some items have no answer.
    """
    permit(desk, Action.VISIT, current.unit_code, current.village_code)
    asked = {item.id for item in current.items}
    news = {
        item_id: said
        for item_id, said in told.items()
        if item_id in asked and _is_new(current, item_id, said)
    }
    state = Progress.FINISHED if finish else current.state
    if finish and (left := [item for item in current.unanswered if item.id not in news]):
        raise Unanswered(left)
    if not news and state is current.state:
        return current
    if base_version != current.version:
        raise VisitConflict(current)
    audit.note_unfit(desk.connection, desk.now, desk.account, visit.name, [current.id])
    fresh = {item_id: _answered(desk, current, item_id, said) for item_id, said in news.items()}
    _store_answers(desk, current, fresh)
    answers = {**current.answers, **fresh}
    _change(desk, current, {**_counts(current.groups, answers), "state": state.value})
    change: dict[str, Any] = {"items": sorted(news)}
    if filled := sorted(item_id for item_id, said in news.items() if said.filled):
        change["filled"] = filled
    if state is not current.state:
        change |= {"from": current.state.value, "to": state.value}
    _write_down(desk, current.id, "finish" if finish else "answer", change)
    return get(desk, current.id)


def correct(desk: Desk, current: Visit, base_version: int, values: Mapping[str, Any]) -> Visit:
    """Change a visit's own fields; existing issues stay as they are.

    Raises:
        NotAllowed, VisitConflict: as for ``save``.
    """
    columns = to_columns(current.form, values)
    for village_code in (current.village_code, columns["village_code"]):
        permit(desk, Action.VISIT, current.unit_code, village_code)
    changed = [
        key for key, value in columns.items() if value != to_columns(current.form, current.values)[key]
    ]
    if not changed:
        return current
    if base_version != current.version:
        raise VisitConflict(current)
    audit.note_unfit(desk.connection, desk.now, desk.account, visit.name, [current.id])
    unit = desk.campaign.unit_by_code[current.unit_code]
    groups = items_of(desk.campaign, current.form, unit, columns["household_type"])
    counts = _counts(groups, current.answers)
    done = current.state is Progress.FINISHED and counts["answered"] == counts["items"]
    state = Progress.FINISHED if done else Progress.OPEN
    _change(desk, current, {**columns, **counts, "state": state.value})
    _write_down(desk, current.id, "edit", {"fields": changed})
    return get(desk, current.id)


def visit_of(desk: Desk, issue_id: str) -> str | None:
    """Id of the visit that an issue was found on, if the account may see it."""
    query = (
        select(visit.c.id)
        .join(visit_answer, visit_answer.c.visit_id == visit.c.id)
        .where(visit_answer.c.issue_id == issue_id, visible_visits(desk.account))
    )
    return desk.connection.execute(query.limit(1)).scalar_one_or_none()


def issue_id_of(current: Visit, item_id: str) -> str:
    """Derive the id of the issue for a problem at an item."""
    before = current.answers.get(item_id)
    origin = before.issue_id if before and before.issue_id else current.id
    return str(uuid5(UUID(origin), item_id))


def recorded_already(
    desk: Desk, current: Visit, told: Mapping[str, SubmittedAnswer]
) -> Mapping[str, Sequence[Record]]:
    """Possible duplicates of a sheet's new problems, by item id, unless decided already.

    Issues of the same visit are told apart by their items.
    """
    own = {said.issue_id for said in current.answers.values()}
    asked = {
        item_id: _filing(current, item_id, said)
        for item_id, said in told.items()
        if said.problem is not None and said.same_as != DIFFERENT and _is_new(current, item_id, said)
    }
    found = {item_id: possibly_same(desk, filing) for item_id, filing in asked.items()}
    found = {
        item_id: records
        for item_id, records in found.items()
        if told[item_id].same_as not in {record.id for record in records}
    }
    others = {
        item_id: [record for record in records if record.id not in own] for item_id, records in found.items()
    }
    return {item_id: records for item_id, records in others.items() if records}


def _filing(current: Visit, item_id: str, said: SubmittedAnswer) -> Filing:
    """Filing of an item's problem: a new issue, or a further finding of an existing one."""
    values = issue_values(current.form, current.values, said.problem or {})
    joins = said.same_as and said.same_as != DIFFERENT
    return Filing(
        issue_id_of(current, item_id),
        current.form,
        current.unit_code,
        values,
        item_id,
        different=not joins,  # asked on the sheet, or no duplicates
        same_as=said.same_as if joins else None,
        household_id=current.household_id,
        way="visit",
    )


def _household_named(desk: Desk, columns: Mapping[str, Any]) -> str | None:
    """Look up the typed household; None if not given or ambiguous."""
    try:
        found = identify(desk, columns, chosen=None, another=False)
    except SeveralHouseholds:
        return None
    write_down_made(desk, found.id if found and found.made else None)
    return found.id if found else None


def _visit_at(desk: Desk, start: Start, household_id: str | None, round_id: str | None) -> Visit | None:
    """The unit's visit of that household in that round: an open one, so that two people who go there fill in one sheet.

    Where the household was typed and not chosen, or the sheet filled in without network, a finished one, too: it was
    looked at already.
    """
    if household_id is None:
        return None
    chosen_now = start.household_id and not start.made_on
    states = [Progress.OPEN.value] if chosen_now else [each.value for each in Progress]
    query = (
        select(visit.c.id)
        .where(
            visit.c.household_id == household_id,
            visit.c.unit_code == desk.account.unit_code,
            visit.c.form_id == start.form.id,
            visit.c.state.in_(states),
            in_round(round_id),
        )
        .order_by(visit.c.state.desc(), visit.c.changed_at.desc())
    )
    found = desk.connection.execute(query.limit(1)).scalar_one_or_none()
    return get(desk, found) if found else None


def _is_new(current: Visit, item_id: str, said: SubmittedAnswer) -> bool:
    before = current.answers.get(item_id)
    return before is None or before.answer is not said.answer or said.withdraw is not None


def _answered(desk: Desk, current: Visit, item_id: str, said: SubmittedAnswer) -> Answered:
    """Store an answer's issue: create or withdraw it."""
    before = current.answers.get(item_id)
    issue_id = before.issue_id if before else None
    if said.answer is Answer.PROBLEM and said.problem is not None:
        issue_id = create(desk, _filing(current, item_id, said)).id
    if said.withdraw is not None and issue_id:
        record = record_rows.get(desk, current.form, issue_id)
        make_move(desk, WITHDRAW, record, record.version, {WITHDRAWAL.id: said.withdraw})
    if not said.filled:
        return Answered(said.answer, issue_id)
    return Answered(said.answer, issue_id, desk.account.id, desk.now)


def _store_answers(desk: Desk, current: Visit, answers: Mapping[str, Answered]) -> None:
    """Bulk upsert of answers."""
    if not answers:
        return
    statement = insert_or(desk.connection, visit_answer)
    fresh = {name: statement.excluded[name] for name in ("answer", "issue_id", "filled_by", "filled_at")}
    statement = statement.on_conflict_do_update(index_elements=list(visit_answer.primary_key), set_=fresh)
    given = [
        {
            "visit_id": current.id,
            "item_id": item_id,
            "answer": said.answer.value,
            "issue_id": said.issue_id,
            "filled_by": said.filled_by,
            "filled_at": said.filled_at,
        }
        for item_id, said in answers.items()
    ]
    desk.connection.execute(statement, given)


def _counts(groups: Groups, answers: Mapping[str, Answered]) -> dict[str, int]:
    whole = whole_sheet(groups, {item_id: said.answer for item_id, said in answers.items()})
    return {"items": whole.items, "answered": whole.answered, "problems": whole.problems}


def _change(desk: Desk, current: Visit, columns: Mapping[str, Any]) -> None:
    stamps = {"version": current.version + 1, "changed_at": desk.now}
    statement = update(visit).where(visit.c.id == current.id, visit.c.version == current.version)
    if desk.connection.execute(statement.values({**columns, **stamps})).rowcount != 1:
        raise VisitConflict(get(desk, current.id))


def _write_down(desk: Desk, visit_id: str, action: str, change: Mapping[str, Any]) -> None:
    audit.record(desk.connection, desk.now, desk.account, visit.name, visit_id, action, change)
