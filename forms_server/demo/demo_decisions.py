"""The demonstration's open questions and decisions.

Extensions asked for, granted and refused; doubles joined and open; an issue handed over; an issue sent back after its
unit signed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import select

from checklist.date_formats import typed_day
from checklist.model import RecordForm, Unit
from checklist.values.judge import Context, check_value
from forms_server.account import Account
from forms_server.db.tables import issue, possible_double
from forms_server.desk import Desk
from forms_server.editable_states import State
from forms_server.move import Move
from forms_server.move_fields import (
    EXTENSION,
    HANDED_TO,
    HANDING_OVER,
    NEW_DEADLINE,
    REFUSING,
    REQUEST,
    SENDING_BACK,
)
from forms_server.records import double_decisions
from forms_server.records.issue_units import UNITS_TEXT
from forms_server.records.move_making import make_move
from forms_server.records.record import Filing, Record, to_record
from forms_server.records.record_store import create
from forms_server.state_moves import ASK_EXTENSION, EXTEND, HAND_OVER, REFUSE_EXTENSION, SEND_BACK

WEEK = timedelta(days=7)
WHY_LATER = "连日下雨，施工队进不了场，雨停后三天能完工。"
WHY_NOT = "可以先把影响生活的部分修好，不宜整体延期。"
NOT_MENDED = "抽查时还没有改到位，请补齐佐证材料后再报。"
WHY_YOURS = "这一户的危房改造由镇里组织施工，请镇里整改。"
FOUND_AGAIN = "排查时发现：{content}"


@dataclass(frozen=True)
class Deciders:
    """Who asks and decides: a township's reporter and principal, a county unit's reporter, the office."""

    reporter: Account
    principal: Account
    county: Account | None
    office: Account


def decide(desk: Desk, unit: Unit, people: Deciders) -> None:
    """Ask for extensions and answer them, and find again what the unit filed, in the days before the signatures."""
    open_issues = _issues(desk, unit, State.RECTIFYING)
    dated = [record for record in open_issues if record.deadline]
    _extensions(desk, dated[:3], people)
    if people.county:
        by_household = [record for record in open_issues if record.household_id and record not in dated[:3]]
        _doubles(desk, by_household[:2], people.county, people.office)


def send_back_late(desk: Desk, unit: Unit) -> None:
    """Send an issue back that the unit signed as rectified, so that its return is out of date."""
    for record in _issues(desk, unit, State.RECTIFIED)[:1]:
        make_move(desk, SEND_BACK, record, record.version, {SENDING_BACK.id: NOT_MENDED})


def _issues(desk: Desk, unit: Unit, state: State) -> list[Record]:
    forms = {form.id: form for form in desk.campaign.record_forms if form.kind == "issue"}
    own = (
        issue.c.campaign_id == desk.campaign.id,
        issue.c.unit_code == unit.code,
        issue.c.state == state.value,
    )
    rows = desk.connection.execute(select(issue).where(*own).order_by(issue.c.created_at, issue.c.id))
    return [to_record(forms[row["form_id"]], row) for row in rows.mappings()]


def _extensions(desk: Desk, records: Sequence[Record], people: Deciders) -> None:
    """Of three issues, extend the first at once, leave the second request open, and refuse the third."""
    for number, record in enumerate(records):
        assert record.deadline
        asked = _asked(desk, record.form, record.deadline + WEEK)
        if number == 0:
            _move(desk, people.principal, EXTEND, record, {**asked, EXTENSION.id: WHY_LATER})
            continue
        waits = _move(desk, people.reporter, ASK_EXTENSION, record, {**asked, REQUEST.id: WHY_LATER})
        if number == 2:
            _move(desk, people.principal, REFUSE_EXTENSION, waits, {REFUSING.id: WHY_NOT})


def _asked(desk: Desk, form: RecordForm, day: date) -> dict[str, object]:
    context = Context(desk.campaign, desk.campaign.units.office, desk.now.date())
    return {NEW_DEADLINE.id: check_value(NEW_DEADLINE, typed_day(day), context).value}


def _move(desk: Desk, by: Account, move: Move, record: Record, answers: Mapping[str, object]) -> Record:
    return make_move(replace(desk, account=by), move, record, record.version, answers)


def _doubles(desk: Desk, records: Sequence[Record], county: Account, office: Account) -> None:
    """Let a county unit file what a township filed already; the office joins the first pair and has the second."""
    for number, record in enumerate(records):
        found = _found_again(replace(desk, account=county), record)
        pair = possible_double.c.second_id == found.id, possible_double.c.state == "open"
        waits = desk.connection.execute(select(possible_double.c.first_id).where(*pair)).scalars().first()
        if number:
            _hand_over(desk, county, found, record.unit_code)
        elif waits:
            double_decisions.join_records(replace(desk, account=office), waits, found.id)


def _hand_over(desk: Desk, county: Account, record: Record, unit_code: str) -> None:
    """Let a county unit pass on what it filed to the township that is really responsible, which may refuse."""
    answers = {HANDED_TO.id: desk.campaign.unit_by_code[unit_code].name, HANDING_OVER.id: WHY_YOURS}
    _move(desk, county, HAND_OVER, record, answers)


def _found_again(desk: Desk, record: Record) -> Record:
    own = desk.campaign.unit_by_code[desk.account.unit_code]
    values = {**record.values, UNITS_TEXT: own.name}
    if content := record.values.get("content"):
        values["content"] = FOUND_AGAIN.format(content=content)
    new_id = str(uuid5(NAMESPACE_OID, record.id))
    return create(
        desk,
        Filing(new_id, record.form, own.code, values, record.item_id, household_id=record.household_id),
    )
