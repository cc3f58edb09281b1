"""What supervision found against what the units told: missed, confirmed, falsely told; by unit and for the county.

Households looked at beside the draw are left out: they were not drawn, and would turn the rates. Findings that the
office cancelled count for nothing; an issue that could not be judged is not among those looked at.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import RowMapping, Table, func, select

from build_scripts.counting.supervision_rates import Rate, places, weighted_rate
from build_scripts.sampling.stratified_draw import DrawnKind
from checklist.model import Unit
from checklist.model.campaign import Phase
from checklist.model.inspection import PhasedWork
from checklist.states import State
from forms_server.db.tables import inspection_finding, issue, spot_check, spot_visit
from forms_server.desk import Desk
from forms_server.finding_states import FindingState, Way
from forms_server.inspection.drawn_weights import Weights, weights
from forms_server.inspection.verdicts import Verdict
from forms_server.phase_rights import phase_of
from forms_server.scope import sees_all

ALIKE_IN_A_ROW = 5
"""Sheets of one inspector with the same answers, one after the other."""


@dataclass(frozen=True)
class UnitRates:
    """A unit's figures; the county's without a unit.

    Attributes:
        missed: households with a problem that the self-check had missed, of those looked at.
        false: issues falsely told as rectified, of those that could be judged.
        unfinished: told, and not finished.
        confirmed: told, and so.
        missed_place, false_place: by rate; None where intervals overlap.
    """

    unit: Unit | None
    missed: Rate
    false: Rate
    unfinished: int
    confirmed: int
    missed_place: int | None = None
    false_place: int | None = None


@dataclass(frozen=True)
class _Looks:
    visits: Sequence[RowMapping]
    checks: Sequence[RowMapping]
    findings: Sequence[RowMapping]
    weights: Weights


def rates(desk: Desk, after: datetime | None = None) -> tuple[UnitRates, Sequence[UnitRates]]:
    """The county's figures, and those of each unit with something looked at; ``after``: since that moment only."""
    visits, checks = _rows(desk, spot_visit, after), _rows(desk, spot_check, after)
    seen_ids = {row["household_id"] for row in visits} | {row["issue_id"] for row in checks}
    looks = _Looks(visits, checks, _rows(desk, inspection_finding), weights(desk, seen_ids))
    units = [
        unit
        for unit in desk.campaign.filing_units
        if sees_all(desk.account) or unit.code in desk.account.inspects
    ]
    found = [_of(looks, [unit], unit) for unit in units]
    seen = [each for each in found if each.missed.looked_at or each.false.looked_at or each.unfinished]
    codes = {each.unit.code: each for each in seen if each.unit}
    missed = places({code: each.missed for code, each in codes.items()})
    false = places({code: each.false for code, each in codes.items()})
    ranked = [
        UnitRates(
            each.unit, each.missed, each.false, each.unfinished, each.confirmed, missed[code], false[code]
        )
        for code, each in codes.items()
    ]
    return _of(looks, units, None), ranked


def _of(looks: _Looks, units: Iterable[Unit], unit: Unit | None) -> UnitRates:
    codes = {each.code for each in units}
    visits = {
        each["id"]: each["household_id"]
        for each in looks.visits
        if each["unit_code"] in codes and each["draw_id"]
    }
    standing = [each for each in looks.findings if each["state"] != FindingState.CANCELLED]
    missed = {
        visits[each["visit_id"]]
        for each in standing
        if each["way"] == Way.MISSED and each["visit_id"] in visits
    }
    cancelled = {each["check_id"] for each in looks.findings if each["state"] == FindingState.CANCELLED}
    verdicts = {
        each["issue_id"]: each["verdict"]
        for each in reversed(
            looks.checks
        )  # the first look at an issue counts: later ones look at what was mended
        if each["unit_code"] in codes and each["verdict"] != Verdict.UNCLEAR and each["id"] not in cancelled
    }
    counts = {verdict: list(verdicts.values()).count(verdict) for verdict in Verdict}
    return UnitRates(
        unit,
        weighted_rate(
            (each in missed, looks.weights.get((DrawnKind.HOUSEHOLD, each), 1.0))
            for each in sorted(set(visits.values()))
        ),
        weighted_rate(
            (verdict == Verdict.FALSE, looks.weights.get((DrawnKind.ISSUE, each), 1.0))
            for each, verdict in verdicts.items()
        ),
        counts[Verdict.UNFINISHED],
        counts[Verdict.CONFIRMED],
    )


def _rows(desk: Desk, table: Table, after: datetime | None = None) -> Sequence[RowMapping]:
    query = select(table).where(table.c.campaign_id == desk.campaign.id)
    if after is not None:
        query = query.where(table.c.created_at > after)
    return desk.connection.execute(query.order_by(table.c.created_at, table.c.id)).mappings().all()


@dataclass(frozen=True)
class Hasty:
    """An inspector's sheets that the office should look at."""

    account_id: str
    quick: int
    alike: int
    filled: int
    """Answers that were given for all that was left of an area at once."""
    answered: int

    @property
    def mostly_filled(self) -> bool:
        """Whether more than half of the answers were given so."""
        return self.filled * 2 > self.answered


def hasty_inspectors(desk: Desk) -> Sequence[Hasty]:
    """Who filled in sheets within a few minutes, alike in a row, or mostly area by area at once."""
    plan = desk.campaign.inspection
    least = timedelta(minutes=plan.draw.hasty_minutes if plan else 0)
    by_account: dict[str, list[RowMapping]] = {}
    for row in _rows(desk, spot_visit):
        by_account.setdefault(row["created_by"], []).append(row)
    found = [
        Hasty(
            account_id,
            sum(row["created_at"] - row["begun_at"] < least for row in rows),
            longest_run([row["answers"] for row in rows]),
            sum(len(row["filled"] or ()) for row in rows),
            sum(len(row["answers"]) for row in rows),
        )
        for account_id, rows in by_account.items()
    ]
    return [each for each in found if each.quick or each.alike >= ALIKE_IN_A_ROW or each.mostly_filled]


def late_registered(desk: Desk) -> tuple[Phase | None, Mapping[str, int]]:
    """The phase for what units find themselves, once it is over, and how many issues each filed since, by its code."""
    phase = phase_of(desk.campaign, PhasedWork.REGISTER)
    if phase is None or desk.now.date() <= phase.end:
        return None, {}
    own = issue.c.campaign_id == desk.campaign.id, issue.c.finding_number.is_(None)
    since = issue.c.created_at >= datetime.combine(phase.end + timedelta(days=1), time())
    counted = issue.c.state != State.WITHDRAWN.value
    query = select(issue.c.unit_code, func.count()).where(*own, since, counted).group_by(issue.c.unit_code)
    return phase, {row[0]: row[1] for row in desk.connection.execute(query)}


def longest_run(sheets: Sequence[object]) -> int:
    """The longest run of equal neighbours."""
    longest = run = 0
    for number, sheet in enumerate(sheets):
        run = run + 1 if number and sheet == sheets[number - 1] else 1
        longest = max(longest, run)
    return longest
