"""Status of every unit's return, for the office."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, select, union

from checklist.model import Campaign, Unit
from forms_server.db.tables import report_text, tally, zero_report
from forms_server.returns import frozen_returns
from forms_server.returns.expected_returns import due_by_unit
from forms_server.returns.frozen_returns import ReturnState, SignedReturn


class ReturnStage(StrEnum):
    """Progress of a unit's return."""

    NOT_STARTED = "not_started"
    FILLING = "filling"
    SIGNED = "signed"
    STALE = "stale"
    """Signed, but outdated by later changes, the unit's own or others' (`reconciliation.changes_after_signing`)."""
    SENT_BACK = "sent_back"
    RECEIVED = "received"


STAGE_NAMES: dict[ReturnStage, str] = {
    ReturnStage.NOT_STARTED: "未开始",
    ReturnStage.FILLING: "填报中",
    ReturnStage.SIGNED: "已报待接收",
    ReturnStage.STALE: "签字后有改动",
    ReturnStage.SENT_BACK: "已退回",
    ReturnStage.RECEIVED: "已接收",
}


class Timeliness(StrEnum):
    """Punctuality of the unit's first return; corrections do not count."""

    ON_TIME = "on_time"
    LATE = "late"
    MISSING = "missing"
    """Past the deadline without a return."""
    OPEN = "open"
    """No return yet, before the deadline."""


TIMELINESS_NAMES: dict[Timeliness, str] = {
    Timeliness.ON_TIME: "按时",
    Timeliness.LATE: "迟报",
    Timeliness.MISSING: "逾期未报",
    Timeliness.OPEN: "未到期",
}


@dataclass(frozen=True)
class ReturnStanding:
    """Status of one unit."""

    unit: Unit
    due_at: datetime
    stage: ReturnStage
    timeliness: Timeliness
    last: SignedReturn | None = None
    changed_by_others: bool = False
    """Whether other units changed its records after the last signature."""


def standings(connection: Connection, campaign: Campaign, now: datetime) -> Sequence[ReturnStanding]:
    """Return the status of all units with an expected return, in the order of ``units.yml``."""
    due = due_by_unit(connection, campaign)
    returns = frozen_returns.by_unit(connection, campaign)
    changed = frozen_returns.changed_after(connection, campaign, [each[0] for each in returns.values()])
    started = _started(connection, campaign)
    found = [
        standing_of(unit, due[unit.code], returns.get(unit.code, []), now, started=unit.code in started)
        for unit in campaign.filing_units
        if unit.code in due
    ]
    return [_stale(each, changed) for each in found]


def _stale(standing: ReturnStanding, changed: Mapping[str, bool]) -> ReturnStanding:
    """Mark the return stale if records changed after signing, unless it must be signed again anyway."""
    if standing.stage is ReturnStage.SENT_BACK or standing.unit.code not in changed:
        return standing
    return replace(standing, stage=ReturnStage.STALE, changed_by_others=changed[standing.unit.code])


def standing_of(
    unit: Unit, due_at: datetime, returns: Sequence[SignedReturn], now: datetime, *, started: bool
) -> ReturnStanding:
    """Compute a unit's status from its returns, newest first."""
    if not returns:
        timeliness = Timeliness.MISSING if now > due_at else Timeliness.OPEN
        return ReturnStanding(
            unit, due_at, ReturnStage.FILLING if started else ReturnStage.NOT_STARTED, timeliness
        )
    timeliness = Timeliness.LATE if returns[-1].late else Timeliness.ON_TIME
    return ReturnStanding(unit, due_at, _STAGES[returns[0].state], timeliness, returns[0])


_STAGES = {
    ReturnState.SIGNED: ReturnStage.SIGNED,
    ReturnState.RECEIVED: ReturnStage.RECEIVED,
    ReturnState.SENT_BACK: ReturnStage.SENT_BACK,
}


def _started(connection: Connection, campaign: Campaign) -> set[str]:
    """Codes of units that have entered anything; records are looked up in the tally."""
    each = [
        select(table.c.unit_code).where(table.c.campaign_id == campaign.id)
        for table in (tally, zero_report, report_text)
    ]
    return set(connection.execute(union(*each)).scalars())
