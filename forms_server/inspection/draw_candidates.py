"""The list of a draw: villages, households and issues of the campaign, with what the records say of each."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from sqlalchemy import ColumnElement, Table, func, select

from build_scripts.sampling.stratified_draw import Candidate, DrawnKind
from checklist.model import DrawPlan, Mark, RecordForm
from checklist.states import COUNT_AS_RECTIFIED, counted_states
from forms_server.db.tables import household, issue, photo, proposed_household, visit, visit_answer
from forms_server.desk import Desk
from forms_server.visits.visit import Progress

_RECTIFIED = [state.value for state in COUNT_AS_RECTIFIED]


def candidates(desk: Desk, plan: DrawPlan) -> Iterator[Candidate]:
    """All that could be drawn now."""
    yield from _villages(desk)
    yield from _households(desk, plan)
    yield from _issues(desk)


def _villages(desk: Desk) -> Iterator[Candidate]:
    found = _ids(desk, issue, issue.c.village_code, issue.c.state.in_(counted_states("issue")))
    for unit in desk.campaign.units.townships:
        for village in unit.villages:
            marks = frozenset() if village.code in found else frozenset({Mark.NOTHING_FOUND})
            yield Candidate(DrawnKind.VILLAGE, village.code, unit.code, marks=marks)


def _households(desk: Desk, plan: DrawPlan) -> Iterator[Candidate]:
    marked = _marked_households(desk, plan)
    strata = {each: stratum.id for stratum in plan.households.strata for each in stratum.household_types}
    rest = next((each.id for each in plan.households.strata if not each.household_types), "")
    known = household.c.campaign_id == desk.campaign.id, household.c.active
    query = select(household.c.id, household.c.village_code, household.c.household_type).where(*known)
    for row in desk.connection.execute(query):
        stratum = strata.get(row.household_type or "", rest)
        marks = {mark for mark, ids in marked.items() if row.id in ids}
        marks ^= {Mark.NEVER_VISITED}  # those that were visited stand under it
        if stratum or marks:
            yield Candidate(DrawnKind.HOUSEHOLD, row.id, row.village_code, stratum, frozenset(marks))


def _marked_households(desk: Desk, plan: DrawPlan) -> Mapping[Mark, frozenset[str]]:
    """Ids of the households with each mark; under ``NEVER_VISITED`` those that were visited."""
    of, finished = issue.c.household_id, visit.c.state == Progress.FINISHED.value
    hasty = timedelta(minutes=plan.hasty_minutes)
    known = visit.c.campaign_id == desk.campaign.id
    query = select(visit.c.household_id, visit.c.created_at, visit.c.changed_at).where(finished, known)
    quick = {
        row.household_id for row in desk.connection.execute(query) if row.changed_at - row.created_at < hasty
    }
    at_once = func.count(visit_answer.c.filled_by) * 2 > func.count()
    filled = select(visit.c.household_id).join(visit_answer, visit_answer.c.visit_id == visit.c.id)
    filled = filled.where(finished, known).group_by(visit.c.id, visit.c.household_id).having(at_once)
    quick.update(desk.connection.execute(filled).scalars())
    return {
        Mark.TOLD: _ids(desk, issue, of, issue.c.state.in_(_RECTIFIED)),
        Mark.FROM_SOURCE: _ids(
            desk, issue, of, issue.c.source.in_(plan.sources), issue.c.state.in_(counted_states("issue"))
        ),
        Mark.PROPOSED: _ids(
            desk,
            proposed_household,
            proposed_household.c.household_id,
            proposed_household.c.state.in_(counted_states("household")),
        ),
        Mark.HASTY: frozenset(quick - {None}),
        Mark.NEVER_VISITED: _ids(desk, visit, visit.c.household_id, finished),
    }


def _issues(desk: Desk) -> Iterator[Candidate]:
    """Issues that were reported rectified, by the township where they lie or the unit that filed them."""
    forms = [form.id for form in desk.campaign.record_forms if _is_of_issues(form)]
    pictured = select(photo.c.issue_id).where(photo.c.side == "after")
    with_photo = frozenset(desk.connection.execute(pictured).scalars())
    query = select(issue.c.id, issue.c.unit_code, issue.c.township_code).where(
        issue.c.campaign_id == desk.campaign.id, issue.c.form_id.in_(forms), issue.c.state.in_(_RECTIFIED)
    )
    for row in desk.connection.execute(query):
        marks = frozenset() if row.id in with_photo else frozenset({Mark.NO_PHOTO})
        yield Candidate(DrawnKind.ISSUE, row.id, row.township_code or row.unit_code, marks=marks)


def _is_of_issues(form: RecordForm) -> bool:
    return form.kind == "issue"


def _ids(
    desk: Desk, table: Table, column: ColumnElement[str | None], *conditions: ColumnElement[bool]
) -> frozenset[str]:
    query = select(column).where(table.c.campaign_id == desk.campaign.id, column.is_not(None), *conditions)
    return frozenset(each for each in desk.connection.execute(query.distinct()).scalars() if each)
