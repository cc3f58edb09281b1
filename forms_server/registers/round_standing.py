"""Where the rounds of registers stand: which village, township and the county have taken which step, and what is due.

Nothing of it is stored: a step is taken where the row of a village has its state, and the audit knows since when.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, and_, or_, select

from checklist.date_formats import short_day
from checklist.model import Campaign, Register, Round, RoundStep, Unit
from checklist.overdue import days_left, is_past
from checklist.register_periods import day_in_period, period_before, period_of, period_words, periods_between
from forms_server.account import Account
from forms_server.db.tables import audit, register_row
from forms_server.registers.register_row import RegisterRow, of_register
from forms_server.registers.row_moves import MOVE
from forms_server.registers.row_scope import filling_units, takes_step
from forms_server.scope import sees_all

_row = register_row.c

_CHUNK = 500
"""Ids of one query."""


@dataclass(frozen=True)
class RoundPlace:
    """A township with those of its villages that an account sees, which all have a row in each period."""

    township: Unit
    villages: Sequence[str]
    """Codes."""


@dataclass(frozen=True)
class StepStanding:
    """Where a step of a period stands, of some villages."""

    step: RoundStep
    due: date
    villages: Sequence[str]
    missing: Sequence[str]
    """Codes of the villages that have not got so far."""
    last_on: date | None = None
    """When the last one got there; None until all have, and where nobody asked."""

    @property
    def done(self) -> int:
        """How many villages have got so far."""
        return len(self.villages) - len(self.missing)

    def late(self, today: date) -> bool:
        """Whether its day is past, and somebody is missing."""
        return bool(self.missing) and is_past(self.due, today)

    @property
    def was_late(self) -> bool:
        """Whether the last one got there after the day."""
        return self.last_on is not None and is_past(self.due, self.last_on)


@dataclass(frozen=True)
class RoundDuty:
    """A step that somebody still has to take."""

    register: Register
    period: str
    standing: StepStanding
    late: bool


def rounds_of(campaign: Campaign) -> Iterator[tuple[Register, Round]]:
    """The registers that go by rounds."""
    return ((each, each.round) for each in campaign.registers if each.round)


def due_on(period: str, step: RoundStep) -> date:
    """The last day of a step in a period."""
    return day_in_period(period, step.by)


def round_places(campaign: Campaign, account: Account | None, register: Register) -> list[RoundPlace]:
    """The villages that a round asks, as far as an account sees them; None sees all."""
    filling = filling_units(campaign, register)
    townships = [unit for unit in campaign.units.townships if unit.code in filling]
    if account is not None and not (sees_all(account) or account.unit_code == register.owner):
        own = account.inspects if account.reads_assigned_units else {account.unit_code}
        townships = [unit for unit in townships if unit.code in own]
    bound = account.village_code if account else None
    return [
        RoundPlace(unit, [each.code for each in unit.villages if bound in {None, each.code}])
        for unit in townships
    ]


def step_standings(
    asked: Round,
    period: str,
    villages: Sequence[str],
    stages: Mapping[str, int],
    days: Mapping[tuple[str, int], date] | None = None,
) -> list[StepStanding]:
    """Where each step stands.

    Args:
        asked: the round.
        period: of it.
        villages: codes of those asked.
        stages: how many steps each village has behind it; those without a row are not in it.
        days: by village and step (from 1), when it was taken.
    """
    found = []
    for place, step in enumerate(asked.steps, 1):
        missing = [code for code in villages if stages.get(code, 0) < place]
        taken = [days[code, place] for code in villages if (code, place) in days] if days else []
        last_on = max(taken, default=None) if villages and not missing else None
        found.append(StepStanding(step, due_on(period, step), villages, missing, last_on))
    return found


def stages_of(asked: Round, rows: Iterable[RegisterRow]) -> dict[str, int]:
    """How many steps the village of each row has behind it; a row that waits or has ended says nothing."""
    return {
        row.village_code: asked.stage(row.state)
        for row in rows
        if row.village_code and not row.waiting and not row.ended
    }


def step_days(
    connection: Connection, asked: Round, rows: Sequence[RegisterRow]
) -> dict[tuple[str, int], date]:
    """When the village of each row took each step: reported, or moved on, for the last time."""
    found: dict[tuple[str, int], date] = {}
    for row in rows:
        reported = row.checked_on if row.carried_from else row.created_at.date()
        if row.village_code and reported and not row.ended:
            found[row.village_code, 1] = reported
    villages = {row.id: row.village_code for row in rows if row.village_code and not row.ended}
    ids = list(villages)
    for start in range(0, len(ids), _CHUNK):
        moved = select(audit.c.subject_id, audit.c.at, audit.c.change).where(
            audit.c.subject == register_row.name,
            audit.c.subject_id.in_(ids[start : start + _CHUNK]),
            audit.c.action == MOVE,
        )
        for row_id, at, change in connection.execute(moved.order_by(audit.c.id)):
            stage = asked.stage(str(change.get("to")))
            if stage > 1:
                found[villages[row_id] or "", stage] = at.date()
    return found


def duties(
    connection: Connection,
    campaign: Campaign,
    account: Account,
    today: date,
    within: timedelta,
) -> list[RoundDuty]:
    """The steps of this period and the last that an account has to take: late ones, and those due within some days.

    The office takes none, and is told of those that are late anywhere.
    """
    found: list[RoundDuty] = []
    for register, asked in rounds_of(campaign):
        own = [
            step for step in asked.steps if sees_all(account) or takes_step(campaign, account, register, step)
        ]
        places = round_places(campaign, account, register) if own else []
        villages = [code for place in places for code in place.villages]
        for period, stages in _stages(connection, campaign, register, villages, today).items():
            for each in step_standings(asked, period, villages, stages):
                late = each.late(today)
                near = not sees_all(account) and days_left(each.due, today) <= within.days
                if each.step in own and each.missing and (late or near):
                    found.append(RoundDuty(register, period, each, late))
    return sorted(found, key=lambda each: each.standing.due)


def steps_ahead(
    connection: Connection, campaign: Campaign, account: Account, first: date, last: date
) -> list[RoundDuty]:
    """The steps that an account takes on days from the first to the last, those that all have behind them left out."""
    found: list[RoundDuty] = []
    for register, asked in rounds_of(campaign):
        own = [step for step in asked.steps if takes_step(campaign, account, register, step)]
        places = round_places(campaign, account, register) if own else []
        villages = [code for place in places for code in place.villages]
        known = _stages(connection, campaign, register, villages, first)
        for period in periods_between(register.period, first, last):
            for each in step_standings(asked, period, villages, known.get(period, {})):
                if period >= asked.first and each.step in own and each.missing and first <= each.due <= last:
                    found.append(RoundDuty(register, period, each, late=False))
    return sorted(found, key=lambda each: each.standing.due)


@dataclass(frozen=True)
class LateStep:
    """A late step of a township or of its villages: whom the office urges."""

    place: RoundPlace
    duty: RoundDuty


def late_steps(connection: Connection, campaign: Campaign, today: date) -> list[LateStep]:
    """The late steps of this period and the last, township by township."""
    found = []
    for register, asked in rounds_of(campaign):
        places = round_places(campaign, None, register)
        villages = [code for place in places for code in place.villages]
        for period, stages in _stages(connection, campaign, register, villages, today).items():
            for place in places:
                for each in step_standings(asked, period, place.villages, stages):
                    if each.step.level != "county" and each.late(today):
                        found.append(LateStep(place, RoundDuty(register, period, each, late=True)))
    return found


def duty_words(duty: RoundDuty) -> str:
    """What is to be done, of how many villages, and by when."""
    each = duty.standing
    day = short_day(each.due)
    due = f"已经过了{day}的期限" if duty.late else f"{day}以前做完"
    return (
        f"{duty.register.name}{period_words(duty.period)}的“{each.step.label}”"
        f"还差 {len(each.missing)} 个村，{due}"
    )


def _stages(
    connection: Connection, campaign: Campaign, register: Register, villages: Sequence[str], today: date
) -> dict[str, dict[str, int]]:
    """By period, this one and the last that the round asks of: how many steps each village has behind it."""
    asked = register.round
    if asked is None or not villages:
        return {}
    periods = {period_before(register.period, today), period_of(register.period, today)}
    found: dict[str, dict[str, int]] = {each: {} for each in sorted(periods) if each >= asked.first}
    confirmed = or_(_row.carried_from.is_(None), _row.checked_on.is_not(None))
    query = select(_row.period, _row.village_code, _row.state).where(
        of_register(campaign, register),
        _row.period.in_(found),
        and_(~_row.ended, confirmed),
    )
    of_few = query.where(_row.village_code.in_(villages)) if len(villages) <= _CHUNK else query
    for period, village, state in connection.execute(of_few):
        found[period][village] = asked.stage(state)
    return found
