"""What supervision found against what the units told: missed, confirmed, falsely told; by unit and for the county.

Only what was drawn counts in a rate, though it was looked at before the lot fell on it: weights and intervals need the
chance to be drawn, which what was looked at beside the draw has not (somebody chose it, mostly because something was
wrong there). It is told apart, as a count. Findings that the office cancelled count for nothing; an issue that could
not be judged is not among those looked at; a household with a problem that was ticked and not yet written down is not
finished: it is left out, and told as such.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

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
from forms_server.inspection.draws import on_lists
from forms_server.inspection.sheet_problems import unwritten
from forms_server.inspection.verdicts import OVERTURNED, Verdict
from forms_server.phase_rights import phase_of
from forms_server.scope import sees_all

ALIKE_IN_A_ROW = 5
"""Sheets of one inspector with the same answers, one after the other."""


@dataclass(frozen=True)
class Beside:
    """Numbers of households and issues that were looked at beside the draw, and of those with a problem or false."""

    households: int = 0
    missed: int = 0
    issues: int = 0
    false: int = 0

    @property
    def any(self) -> bool:
        """Whether anything was."""
        return bool(self.households or self.issues)


@dataclass(frozen=True)
class UnitRates:
    """A unit's figures; the county's without a unit.

    Attributes:
        missed: households with a problem that the self-check had missed, of those looked at.
        false: issues falsely told as rectified, of those drawn that could be judged.
        unfinished: told, and not finished.
        confirmed: told, and so.
        unfinished_sheets: drawn households that are left out until what was ticked on their sheet is written down.
        beside: what was looked at beside the draw, and counts in no rate.
        missed_place, false_place: by rate; None where intervals overlap.
    """

    unit: Unit | None
    missed: Rate
    false: Rate
    unfinished: int
    confirmed: int
    unfinished_sheets: int = 0
    beside: Beside = Beside()
    missed_place: int | None = None
    false_place: int | None = None


@dataclass(frozen=True)
class _Looks:
    """What was looked at, each household and issue once, by unit.

    Attributes:
        drawn, beside: unit codes of households.
        missed: households with a problem that the self-check had missed.
        left_out: drawn households that are not finished.
        judged, judged_beside: unit code and verdict of issues.
    """

    drawn: Mapping[str, str]
    beside: Mapping[str, str]
    missed: Collection[str]
    left_out: Collection[str]
    judged: Mapping[str, tuple[str, Verdict]]
    judged_beside: Mapping[str, tuple[str, Verdict]]
    weights: Weights


def rates(desk: Desk, after: datetime | None = None) -> tuple[UnitRates, Sequence[UnitRates]]:
    """The county's figures, and those of each unit with something looked at.

    Args:
        desk: whose campaign and units.
        after: only what was looked at for the first time since that moment.
    """
    looks = _looks(desk, after)
    units = [
        unit
        for unit in desk.campaign.filing_units
        if sees_all(desk.account) or unit.code in desk.account.inspects
    ]
    found = [_of(looks, [unit], unit) for unit in units]
    seen = [
        each
        for each in found
        if each.missed.looked_at or each.false.looked_at or each.unfinished_sheets or each.beside.any
    ]
    codes = {each.unit.code: each for each in seen if each.unit}
    missed = places({code: each.missed for code, each in codes.items()})
    false = places({code: each.false for code, each in codes.items()})
    ranked = [
        replace(each, missed_place=missed[code], false_place=false[code]) for code, each in codes.items()
    ]
    return _of(looks, units, None), ranked


def _looks(desk: Desk, after: datetime | None) -> _Looks:
    visits, listed = _rows(desk, spot_visit), on_lists(desk)
    drawn_visits, visits_beside = _apart(visits, "household_id", listed)
    drawn = _first(drawn_visits, "household_id", after)
    beside = _first(visits_beside, "household_id", after)
    findings = _rows(desk, inspection_finding)
    standing = {row["visit_id"] for row in findings if _is_missed(row)}
    missed = {row["household_id"] for row in visits if row["id"] in standing}
    left = {row.household_id for row in unwritten(desk, None)}
    left_out = (left & drawn.keys()) - {row["household_id"] for row in drawn_visits if row["id"] in standing}
    cancelled = {row["check_id"] for row in findings if row["state"] == FindingState.CANCELLED}
    checks = _as_put_right([row for row in _rows(desk, spot_check) if row["id"] not in cancelled])
    # The first look at an issue counts: later ones look at what was mended.
    drawn_checks, checks_beside = _apart(checks, "issue_id", listed)
    judged = _first(drawn_checks, "issue_id", after)
    other = _first(checks_beside, "issue_id", after)
    of_unit = {row["issue_id"]: (row["unit_code"], Verdict(row["verdict"])) for row in judged.values()}
    return _Looks(
        {subject: row["unit_code"] for subject, row in drawn.items()},
        {subject: row["unit_code"] for subject, row in beside.items() if subject not in drawn},
        missed,
        left_out,
        of_unit,
        {
            subject: (row["unit_code"], Verdict(row["verdict"]))
            for subject, row in other.items()
            if subject not in judged
        },
        weights(desk, (drawn.keys() - left_out) | judged.keys()),
    )


def _apart(
    rows: Sequence[RowMapping], subject: str, listed: Collection[str]
) -> tuple[list[RowMapping], list[RowMapping]]:
    """The looks at what was drawn, also if the lot fell on it afterwards, and those beside."""
    drawn, beside = list[RowMapping](), list[RowMapping]()
    for row in rows:
        (drawn if row["draw_id"] or row[subject] in listed else beside).append(row)
    return drawn, beside


def _as_put_right(checks: Sequence[RowMapping]) -> list[RowMapping]:
    """The checks that judged, one of an issue, inspector and day: a wrong tick is put right by checking again.

    Once the issue was reopened, a further check is a look at what was mended.
    """
    found: dict[tuple[str, str, date], RowMapping] = {}
    for row in checks:
        look = row["issue_id"], row["created_by"], row["created_at"].date()
        if look not in found or found[look]["verdict"] not in OVERTURNED:
            found[look] = row
    return [row for row in found.values() if row["verdict"] != Verdict.UNCLEAR]


def _first(rows: Sequence[RowMapping], subject: str, after: datetime | None) -> Mapping[str, RowMapping]:
    """The first look at each household or issue, if it was after that moment."""
    found: dict[str, RowMapping] = {}
    for row in rows:
        found.setdefault(row[subject], row)
    return {key: row for key, row in found.items() if after is None or row["created_at"] > after}


def _is_missed(row: RowMapping) -> bool:
    return bool(row["way"] == Way.MISSED and row["state"] != FindingState.CANCELLED)


def _of(looks: _Looks, units: Iterable[Unit], unit: Unit | None) -> UnitRates:
    codes = {each.code for each in units}
    visited = {each for each, code in looks.drawn.items() if code in codes}
    verdicts = {each: verdict for each, (code, verdict) in looks.judged.items() if code in codes}
    beside = {each for each, code in looks.beside.items() if code in codes}
    others = [verdict for code, verdict in looks.judged_beside.values() if code in codes]
    counts = Counter(verdicts.values())
    return UnitRates(
        unit,
        weighted_rate(
            (each in looks.missed, looks.weights.get((DrawnKind.HOUSEHOLD, each), 1.0))
            for each in sorted(visited - set(looks.left_out))
        ),
        weighted_rate(
            (verdict is Verdict.FALSE, looks.weights.get((DrawnKind.ISSUE, each), 1.0))
            for each, verdict in verdicts.items()
        ),
        counts[Verdict.UNFINISHED],
        counts[Verdict.CONFIRMED],
        len(visited & set(looks.left_out)),
        Beside(len(beside), len(beside & set(looks.missed)), len(others), others.count(Verdict.FALSE)),
    )


def _rows(desk: Desk, table: Table) -> Sequence[RowMapping]:
    query = select(table).where(table.c.campaign_id == desk.campaign.id)
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
