"""Which issues an account verifies once they are reported: disjoint SQL conditions for the inbox and its count."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, FromClause, and_, true

from checklist.model import Campaign, RecordForm
from forms_server.access import JUDGES
from forms_server.account import Account
from forms_server.db.tables import issue
from forms_server.scope import answered_for, sees_all


def judged_ranges(form: RecordForm, campaign: Campaign, account: Account) -> Sequence[ColumnElement[bool]]:
    """Issues that an account verifies once they are reported, in disjoint parts: none that its unit reported."""
    if sees_all(account):
        return [true()]
    reported = issue.c.reporting_unit_code.is_distinct_from(account.unit_code)
    answered = (and_(part, reported) for part in judged_by_tally(form, campaign, account, issue))
    return [*answered, *own_reported_elsewhere(account)]


def judged_by_tally(
    form: RecordForm, campaign: Campaign, account: Account, table: FromClause
) -> Sequence[ColumnElement[bool]]:
    """Return ``judged_ranges`` as if the filing unit reported every issue: the tally knows no other."""
    if sees_all(account):
        return [true()]
    if account.role not in JUDGES:
        return []
    others = table.c.unit_code != account.unit_code
    return [and_(part, others) for part in answered_for(form, campaign, account.unit_code, table)]


def own_reported_elsewhere(account: Account) -> Sequence[ColumnElement[bool]]:
    """Issues that a department's unit filed and another one reported: it looks whether they are rectified."""
    if sees_all(account) or account.role not in JUDGES:
        return []
    elsewhere = issue.c.reporting_unit_code != issue.c.unit_code
    return [and_(issue.c.unit_code == account.unit_code, elsewhere)]


def reported_for_others(
    form: RecordForm, campaign: Campaign, account: Account
) -> Sequence[ColumnElement[bool]]:
    """Issues of others that an account would verify, had not its own unit reported them."""
    if sees_all(account):
        return []
    elsewhere = issue.c.reporting_unit_code != issue.c.unit_code
    mine = and_(issue.c.reporting_unit_code == account.unit_code, elsewhere)
    return [and_(part, mine) for part in judged_by_tally(form, campaign, account, issue)]
