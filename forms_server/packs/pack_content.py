"""What a field pack holds: households of the account's villages or draw, and the issues that it may report on."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from checklist.model import RecordForm
from checklist.visit_forms import visit_forms
from forms_server.access import Action, may_write
from forms_server.db.record_columns import TABLES
from forms_server.desk import Desk
from forms_server.inspection.inspection_plan import begun_units
from forms_server.inspection.spot_list import SpotHousehold, SpotIssue, looked_at, spot_units
from forms_server.records.finding_claims import standing_findings
from forms_server.records.record import Record, to_record
from forms_server.records.record_rights import may_do
from forms_server.scope import visible_records
from forms_server.state_moves import REPORT
from forms_server.visits import visit_store
from forms_server.visits.household_search import ListedHousehold, of_villages
from forms_server.visits.visit import Progress, Visit
from forms_server.visits.visit_listing import lines

MOST_HOUSEHOLDS = 1500
"""A pack is for the villages of the next days, not for a township's whole roster."""

MOST_ISSUES = 300


class TooMuch(Exception):
    """More households than a pack holds; the number is its argument."""


@dataclass(frozen=True)
class PackedWork:
    """A reporter's households and issues."""

    form: RecordForm | None
    """Of visits at households."""
    households: Sequence[ListedHousehold]
    issues: Sequence[Record]
    own_forms: Sequence[RecordForm]
    """Of visits in the unit's own work."""
    own_visits: Sequence[Visit]
    """Those that are begun and not finished."""


@dataclass(frozen=True)
class PackedDraw:
    """What an inspector looks at now, without what was looked at already."""

    households: Sequence[tuple[str, SpotHousehold]]
    """Code of the unit, and the household."""
    issues: Sequence[SpotIssue]
    later: Mapping[str, int]
    """Numbers of issues by the household that is looked at first, blind: they are not taken along."""
    units: Sequence[str]
    """Codes of the units where the team is by now: problems of their own work are found there, too."""


def packed_work(desk: Desk, villages: Collection[str]) -> PackedWork:
    """What the account takes along for these villages, as far as it sees it: households, issues to report on, own work.

    Raises:
        TooMuch: there are more than ``MOST_HOUSEHOLDS``.
    """
    form = desk.campaign.household_form
    households = of_villages(desk, form, villages, MOST_HOUSEHOLDS + 1) if form else ()
    if len(households) > MOST_HOUSEHOLDS:
        raise TooMuch(len(households))
    own = [each for each in visit_forms(desk.campaign) if each.subject != "household"]
    return PackedWork(form, households, _open_issues(desk, villages), own, _own_visits(desk, own))


def packed_draw(desk: Desk) -> PackedDraw:
    """Households and issues that are drawn in the units to which the account's team has been sent by today."""
    done = looked_at(desk)
    units = spot_units(desk)
    households = [(each.unit.code, house) for each in units for house in each.households]
    return PackedDraw(
        [pair for pair in households if pair[1].id not in done],
        [
            issue
            for each in units
            for issue in each.issues
            if issue.id not in done and issue.waits_for is None
        ],
        Counter(issue.waits_for for each in units for issue in each.issues if issue.waits_for),
        sorted(begun_units(desk)),
    )


def _own_visits(desk: Desk, forms: Sequence[RecordForm]) -> list[Visit]:
    begun = [line for form in forms for line in lines(desk, form, Progress.OPEN)]
    visits = [visit_store.get(desk, line.id) for line in begun if line.unit_code == desk.account.unit_code]
    account = desk.account
    return [each for each in visits if may_write(account, Action.VISIT, each.unit_code, each.village_code)]


def _open_issues(desk: Desk, villages: Collection[str]) -> list[Record]:
    sources = [state.value for state in REPORT.sources]
    found: list[Record] = []
    for form in desk.campaign.record_forms:
        if form.kind != "issue":
            continue
        table = TABLES[form.kind]
        query = select(table).where(
            table.c.campaign_id == desk.campaign.id,
            table.c.form_id == form.id,
            table.c.village_code.in_(sorted(villages)),
            table.c.state.in_(sources),
            visible_records(form, desk.campaign, desk.account),
        )
        rows = desk.connection.execute(query.order_by(table.c.deadline, table.c.id).limit(MOST_ISSUES))
        records = (to_record(form, row) for row in rows.mappings())
        found += [each for each in records if may_do(desk.account, REPORT.action, desk.campaign, each)]
    return _claimed(desk, found)[:MOST_ISSUES]


def _claimed(desk: Desk, issues: Sequence[Record]) -> list[Record]:
    """Without those that cannot be reported before a finding of supervision is claimed."""
    findings = standing_findings(desk.connection, [each.id for each in issues])
    return [each for each in issues if all(one.is_claimed for one in findings.get(each.id, ()))]
