"""What a row's columns hold: of a filing, of its values with computed ones, of its beginning, which the audit tells."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection, func, select

from build_scripts.rules.field_columns import first_day
from checklist.messages import say
from checklist.model import Campaign, Register
from checklist.register_periods import has_begun, period_words
from forms_server import audit
from forms_server.access import Action
from forms_server.db.tables import household, register_row
from forms_server.desk import Desk, NotAllowed
from forms_server.registers.register_row import RegisterRow, of_register, row_key, to_columns
from forms_server.registers.row_rules import RuledRegister
from forms_server.registers.row_subject import NOBODY_SAID, RowSubject

_row = register_row.c

_NUMBERS = 1_000_000
"""Among which a paper's number is drawn."""


@dataclass(frozen=True)
class RowFiling:
    """A submitted row, not yet stored."""

    id: str
    register: Register
    period: str
    unit_code: str
    values: Mapping[str, Any] = field(repr=False)
    about: RowSubject = NOBODY_SAID


def next_number(connection: Connection, campaign: Campaign, register: Register) -> int:
    """The number of the register's next row; runs under the write lock."""
    query = select(func.max(_row.number)).where(of_register(campaign, register))
    return (connection.execute(query).scalar() or 0) + 1


def require_begun(desk: Desk, period: str) -> None:
    """Require that a period has begun: a row of one to come would pass for the latest everywhere.

    Raises:
        NotAllowed: it has not.
    """
    if not has_begun(period, desk.now.date()):
        raise NotAllowed(say("register-period-future", period=period_words(period)))


def computed_values(
    desk: Desk,
    register: Register,
    rows: Sequence[Mapping[str, Any]],
    period: str,
    states: Sequence[str] = (),
) -> Sequence[Mapping[str, Any]]:
    """Rows with the values of their computed fields: whoever stores a row, nobody types them."""
    if not any(each.formula or each.counted for each in register.fields):
        return rows
    ruled = RuledRegister(desk.campaign, register, desk.now.date())
    return [judged.values for judged in ruled.judge(desk.connection, rows, period, states)]


def content_columns(
    desk: Desk, register: Register, values: Mapping[str, Any], unit_code: str
) -> dict[str, Any]:
    """Columns filled by a row's values: with its township and its key."""
    kept = _coarse(desk, register, values) if register.survey else values
    columns = placed_columns(desk.campaign, register, kept, unit_code)
    return columns | {"register_version": register.version, "row_key": row_key(register, columns)}


def placed_columns(
    campaign: Campaign, register: Register, values: Mapping[str, Any], unit_code: str
) -> dict[str, Any]:
    """Columns of a row's values, with the township of its village, or of the unit that keeps it."""
    columns = to_columns(register, values)
    township = campaign.township_of_village.get(columns["village_code"] or "")
    own = unit_code if unit_code in {unit.code for unit in campaign.units.townships} else None
    columns["township_code"] = township.code if township else columns["township_code"] or own
    return columns


def _coarse(desk: Desk, register: Register, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """A paper's values without the kind of household where its village has so few of it that one knows which."""
    survey, here = register.survey, household.c
    kinds = survey.households.get(str(values.get(survey.strata)), ()) if survey else ()
    if survey is None or not kinds:
        return values
    of = here.campaign_id == desk.campaign.id, here.village_code == values.get("village")
    query = select(func.count()).where(*of, here.active, here.household_type.in_(kinds))
    few = 0 < desk.connection.execute(query).scalar_one() < register.minimum_cell
    return {name: value for name, value in values.items() if not (few and name == survey.strata)}


def stored_content(row: RegisterRow, columns: Mapping[str, Any]) -> dict[str, Any]:
    """Of a row's columns those of its values that are no place, and its key."""
    key = None if row.ended else row_key(row.register, columns)
    return {"extra": columns["extra"], "texts": columns["texts"], "row_key": key}


def counted_columns(desk: Desk, row: RegisterRow, values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of a row whose photographs are counted anew: its numbers, and what is computed from them."""
    (content,) = computed_values(desk, row.register, [values], row.period, [row.state])
    return stored_content(row, to_columns(row.register, content))


def birth_columns(desk: Desk, filing: RowFiling, number: int) -> dict[str, Any]:
    """Columns that a new row begins with."""
    state = filing.register.first_state
    if filing.register.survey:
        number = _any_number(desk, filing.register)
    return {
        "id": filing.id,
        "campaign_id": desk.campaign.id,
        "register_id": filing.register.id,
        "number": number,
        "period": filing.period,
        "unit_code": filing.unit_code,
        "state": state.id,
        "ended": False,
        "checked_on": desk.now.date(),
        "version": 1,
        "created_by": desk.account.id,
        "created_at": desk.now,
        "changed_at": desk.now,
    } | (_untold(filing) if filing.register.survey else {})


def _untold(filing: RowFiling) -> dict[str, Any]:
    """Columns of a survey's paper, which tell neither who wrote it down nor when: the period's first day."""
    day = first_day(filing.period) or date.min
    begun = datetime.combine(day, time.min)
    return {"created_by": None, "created_at": begun, "changed_at": begun, "checked_on": day}


def _any_number(desk: Desk, register: Register) -> int:
    """A number that no paper has and that tells no order; runs under the write lock."""
    used = set(
        desk.connection.execute(select(_row.number).where(of_register(desk.campaign, register))).scalars()
    )
    return next(number for number in iter(lambda: secrets.randbelow(_NUMBERS) + 1, 0) if number not in used)


def note_filed(desk: Desk, filing: RowFiling) -> None:
    """Append the audit row of a new row; of a survey's paper it says the day, and not by whom or from where."""
    if not filing.register.survey:
        audit.record(desk.connection, desk.now, desk.author, register_row.name, filing.id, Action.FILE)
        return
    day = datetime.combine(desk.now.date(), time.min)
    told = audit.ORIGIN.set(None)
    try:
        audit.record(desk.connection, day, None, register_row.name, filing.id, Action.FILE)
    finally:
        audit.ORIGIN.reset(told)
