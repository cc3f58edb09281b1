"""Which records an account may see.

A unit's people see what their unit filed, someone bound to a village only that village's. A department also sees
the issues that its unit answers for, whoever filed them; an inspector the records of the units assigned to it; the
office all; an administrator none.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, FromClause, and_, false, func, or_, true

from checklist.model import Campaign, RecordForm
from forms_server.access import FILERS, Role
from forms_server.account import Account
from forms_server.db.record_columns import TABLES
from forms_server.records.responsibility import Responsibility, duties


def condition(
    form: RecordForm, campaign: Campaign, account: Account, table: FromClause | None = None
) -> ColumnElement[bool]:
    """The condition that a query on a form's records carries for an account.

    Args:
        form: whose records they are.
        campaign: says who answers for what.
        account: who asks.
        table: what is queried, if it is not the table of the form's records.
    """
    return or_(false(), *parts(form, campaign, account, table))


def parts(
    form: RecordForm, campaign: Campaign, account: Account, table: FromClause | None = None
) -> Sequence[ColumnElement[bool]]:
    """The same condition in parts: a record meets one of them at most, and each is one range of an index."""
    table = TABLES[form.kind] if table is None else table
    unit = table.c.unit_code
    if account.role is Role.OFFICE:
        return [true()]
    if account.role is Role.INSPECTOR:
        return _inspected(unit, campaign, account)
    own = unit == account.unit_code
    if account.role is Role.DEPARTMENT:
        return [own, *(and_(part, ~own) for part in answered_for(form, campaign, account.unit_code, table))]
    if account.role not in FILERS:
        return []
    return [own & (table.c.village_code == account.village_code) if account.village_code else own]


def _inspected(
    unit: ColumnElement[str], campaign: Campaign, account: Account
) -> Sequence[ColumnElement[bool]]:
    """Unit by unit; nearly all units together, since a few records too many are sooner read than forty ranges.

    ``coalesce`` keeps SQLite from the indexes by unit, which would have it sort all records for one page.
    """
    if len(account.inspects) >= _NEARLY_ALL * len(campaign.filing_units):
        return [func.coalesce(unit, "").in_(sorted(account.inspects))]
    return [unit == code for code in sorted(account.inspects)]


_NEARLY_ALL = 0.75
"""Share of the units."""


def answered_for(
    form: RecordForm, campaign: Campaign, unit_code: str, table: FromClause
) -> Sequence[ColumnElement[bool]]:
    """The issues that a unit answers for, a part for each problem type; nobody answers for a household."""
    if form.kind != "issue":
        return []
    of_type = duties(campaign, unit_code).items()
    return [and_(table.c.problem_type_id == type_id, _of_items(duty, table)) for type_id, duty in of_type]


def _of_items(duty: Responsibility, table: FromClause) -> ColumnElement[bool]:
    item = table.c.item_id
    if not duty.of_type:
        return item.in_(sorted(duty.items))
    return or_(item.is_(None), item.not_in(sorted(duty.not_items))) if duty.not_items else true()
