"""Row-level access to visits: its unit's, its village's; the office all, an inspector those of its units."""

from sqlalchemy import ColumnElement, and_, false, true

from forms_server.access import READERS
from forms_server.account import Account
from forms_server.blind_looks import in_sight
from forms_server.db.tables import visit
from forms_server.scope import sees_all


def visible_visits(account: Account) -> ColumnElement[bool]:
    """The condition that a query on visits carries for an account."""
    return and_(counted_visits(account), in_sight(visit, account))


def counted_visits(account: Account) -> ColumnElement[bool]:
    """The same for counts: visits out of an inspector's sight count, too."""
    bound = account.village_code is not None and not sees_all(account)
    return (
        visits_of_units(account) & (visit.c.village_code == account.village_code)
        if bound
        else visits_of_units(account)
    )


def visits_of_units(account: Account) -> ColumnElement[bool]:
    """Condition without the village, for queries that restrict the household's village otherwise."""
    if sees_all(account):
        return true()
    if account.reads_assigned_units:
        return visit.c.unit_code.in_(sorted(account.inspects))
    return visit.c.unit_code == account.unit_code if account.role in READERS else false()
