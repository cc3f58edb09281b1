"""Supervision in the demonstration: a team, where it goes, a draw, and what the team finds."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid5

from checklist.date_formats import full_day
from checklist.model import RecordForm
from checklist.reading.deadlines import Deadline, DeadlineKind
from checklist.visit_forms import problem_types_of
from forms_server.account import Account
from forms_server.accounts import account_store
from forms_server.desk import Desk
from forms_server.finding_states import Way
from forms_server.inspection import draws, letters, teams
from forms_server.inspection.answers import claim
from forms_server.inspection.findings import NewFinding, file_finding, findings, get_finding
from forms_server.inspection.spot_checks import SpotCheck, check
from forms_server.inspection.spot_list import SpotHousehold, SpotIssue, spot_units
from forms_server.inspection.spot_visits import Seen, place_of, save_visit
from forms_server.inspection.teams import Days
from forms_server.inspection.verdicts import Verdict
from forms_server.records import record_rows
from forms_server.visits.visit import Answer

INSPECTED = 6
"""How many townships the team looks after, two a day."""

TEAM = "第一督导组"

LOOKED_AT = 3
"""Units, and households and issues of each."""

MISSED = "入户看到的情况和自查登记的不一样，户里说近期没有人来问过。"
NOT_DONE = "现场看没有动工，整改成效写的是已完成。"


def inspect(desk: Desk, accounts: Mapping[str, Account]) -> None:
    """Plan, draw and look on the spot; the unit claims what was missed.

    Args:
        desk: the office's.
        accounts: by sign-in name: ``inspector``, and the units' by their codes.
    """
    _plan(desk, accounts["inspector"])
    if desk.campaign.inspection is None:
        return
    _draw(desk)
    inspector = account_store.find(desk.connection, accounts["inspector"].id)
    assert inspector is not None
    on_the_spot = replace(desk, account=inspector)
    _look(on_the_spot)
    for row in findings(on_the_spot):
        if row["way"] == Way.MISSED:
            _claim(replace(desk, account=accounts[row["unit_code"]]), row["id"])
    letters.send_circular(desk, str(uuid5(UUID(desk.account.id), letters.CIRCULAR)))


def _plan(desk: Desk, inspector: Account) -> None:
    """Form the team of the inspector that is shown; some townships are left without."""
    stem = UUID(inspector.id)
    team_id = str(uuid5(stem, TEAM))
    teams.form_team(desk, team_id, TEAM)
    teams.add_member(desk, team_id, inspector.id, leads=True)
    first = desk.campaign.notice.phases[min(1, len(desk.campaign.notice.phases) - 1)].start
    for number, unit in enumerate(desk.campaign.units.townships[:INSPECTED]):
        day = first + timedelta(days=number // 2)
        teams.assign(desk, str(uuid5(stem, unit.code)), team_id, unit.code, Days(day, day))


SEED = "demonstration-seed-2022"


def _draw(desk: Desk) -> None:
    """Seal a seed and draw with it."""
    draw_id = str(uuid5(UUID(desk.account.id), SEED))
    draws.seal(desk, draw_id, SEED)
    draws.open_and_draw(desk, draw_id, SEED)


def _look(desk: Desk) -> None:
    """Look at a few of the drawn households and issues: one problem was missed, one issue falsely told."""
    for number, unit in enumerate(spot_units(desk)[:LOOKED_AT]):
        for household in unit.households[:LOOKED_AT]:
            _visit(desk, household, with_problem=number == 0 and household is unit.households[0])
        for issue in unit.issues[:LOOKED_AT]:
            _check(desk, issue, false=number == 0 and issue is unit.issues[0])


def _visit(desk: Desk, household: SpotHousehold, *, with_problem: bool) -> None:
    place = place_of(desk, household.id)
    bad = place.items[0]
    answers = {item.id: Answer.FINE.value for item in place.items}
    if with_problem:
        answers[bad.id] = Answer.PROBLEM.value
    visit_id = str(uuid5(UUID(household.id), "spot"))
    save_visit(desk, visit_id, place, Seen(answers, desk.now - timedelta(minutes=25)))
    if with_problem:
        area = next(area for area, items in place.groups if bad in items)
        kind = problem_types_of(area, bad)[0].id
        found_id = str(uuid5(UUID(visit_id), bad.id))
        file_finding(desk, place, NewFinding(found_id, bad.id, kind, MISSED, visit_id, different=True))


def _check(desk: Desk, issue: SpotIssue, *, false: bool) -> None:
    form = desk.campaign.form_by_id[issue.form_id]
    assert isinstance(form, RecordForm)
    record = record_rows.get(desk, form, issue.id)
    verdict, words = (Verdict.FALSE, NOT_DONE) if false else (Verdict.CONFIRMED, "")
    check_id = str(uuid5(UUID(issue.id), "spot"))
    check(desk, check_id, record, SpotCheck(verdict, words, desk.now - timedelta(minutes=10)))


def _claim(desk: Desk, finding_id: str) -> None:
    row, record = get_finding(desk, finding_id)
    day = desk.campaign.notice.phases[-1].start
    values = {
        "measures": "当天上门核对，逐项整改，整改后请户主签字。",
        "responsible_person": "李某某",
        "responsible_unit": desk.campaign.unit_by_code[row["unit_code"]].name,
        "deadline": Deadline(DeadlineKind.DATE, day, full_day(day)),
    }
    told = {key: value for key, value in values.items() if record.form.has(key)}
    claim(desk, row, record, told, record.version)
