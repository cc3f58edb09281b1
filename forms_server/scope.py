"""Row-level access control: one SQL condition for each kind of row, which every query carries.

Records: a unit's people see what their unit filed, someone bound to a village only that village's. A department also
sees the issues that its unit answers for, of any filer; an inspector the records of the units assigned to it;
the office all; an administrator none.

Households: a township's people see those of their township, someone bound to a village those of the village. County
units visit households everywhere and choose among all, as the office does; an inspector sees those of the units
assigned to it.

Visits: its unit's, its village's; the office all, an inspector those of its units.

Returns: accounts that see all of a unit's records.

Imports: its unit's, someone bound to a village only his own; the office all.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, FromClause, and_, false, func, or_, true

from checklist.model import Campaign, RecordForm, Unit
from forms_server.access import FILERS, JUDGES, OVERSEERS, READERS, Role
from forms_server.account import Account
from forms_server.db.record_columns import TABLES
from forms_server.db.tables import household, import_batch, visit
from forms_server.responsibility import Responsibility, responsibilities


def sees_all(account: Account) -> bool:
    """Whether the account sees the whole county."""
    return account.role is Role.OFFICE


def other_units(campaign: Campaign, account: Account) -> Sequence[Unit]:
    """The units besides its own of which an account may see records; none for those who file."""
    if account.role in FILERS or account.role not in READERS:
        return []
    if account.reads_assigned_units:
        return [unit for unit in campaign.filing_units if unit.code in account.inspects]
    return campaign.filing_units


def overseen_units(campaign: Campaign, account: Account) -> Sequence[Unit] | None:
    """The units that an account reads as a whole, among which it can choose; None where that is its own only."""
    return other_units(campaign, account) if account.role in OVERSEERS else None


def visible_records(
    form: RecordForm, campaign: Campaign, account: Account, table: FromClause | None = None
) -> ColumnElement[bool]:
    """The condition that a query on a form's records carries for an account.

    Args:
        form: whose records they are.
        campaign: says who answers for what.
        account: who asks.
        table: what is queried, if it is not the table of the form's records.
    """
    return or_(false(), *visible_record_ranges(form, campaign, account, table))


def visible_record_ranges(
    form: RecordForm, campaign: Campaign, account: Account, table: FromClause | None = None
) -> Sequence[ColumnElement[bool]]:
    """The condition split into disjoint parts, each one range of an index."""
    table = TABLES[form.kind] if table is None else table
    unit = table.c.unit_code
    if sees_all(account):
        return [true()]
    if account.reads_assigned_units:
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
    """Conditions for an inspector: unit by unit, or one scan for nearly all units, which beats forty ranges.

    ``coalesce`` keeps SQLite off the indexes by unit, which would need a sort of all records for one page.
    """
    if len(account.inspects) >= _NEARLY_ALL * len(campaign.filing_units):
        return [func.coalesce(unit, "").in_(sorted(account.inspects))]
    return [unit == code for code in sorted(account.inspects)]


_NEARLY_ALL = 0.75
"""Share of the units."""


def answered_for(
    form: RecordForm, campaign: Campaign, unit_code: str, table: FromClause
) -> Sequence[ColumnElement[bool]]:
    """Issues that a unit answers for, a disjoint condition for each problem type; households have no such unit."""
    if form.kind != "issue":
        return []
    of_type = responsibilities(campaign, unit_code).items()
    return [and_(table.c.problem_type_id == type_id, _of_items(duty, table)) for type_id, duty in of_type]


def _of_items(duty: Responsibility, table: FromClause) -> ColumnElement[bool]:
    item = table.c.item_id
    if not duty.of_type:
        return item.in_(sorted(duty.items))
    return or_(item.is_(None), item.not_in(sorted(duty.not_items))) if duty.not_items else true()


def judged_ranges(
    form: RecordForm, campaign: Campaign, account: Account, table: FromClause
) -> Sequence[ColumnElement[bool]]:
    """Records that an account verifies, in disjoint parts, without its own unit's, which the office verifies."""
    if sees_all(account):
        return [true()]
    if account.role not in JUDGES:
        return []
    others = table.c.unit_code != account.unit_code
    return [and_(part, others) for part in answered_for(form, campaign, account.unit_code, table)]


def in_township(campaign: Campaign, account: Account) -> bool:
    """Whether the account belongs to a township, whose people go to every household of it."""
    return account.unit_code in {unit.code for unit in campaign.units.townships}


def visible_households(campaign: Campaign, account: Account) -> ColumnElement[bool]:
    """The condition that a query on the roster carries for an account."""
    if sees_all(account):
        return true()
    if account.reads_assigned_units:
        return household.c.township_code.in_(sorted(account.inspects))
    if account.role not in FILERS:
        return false()
    if account.village_code:
        return household.c.village_code == account.village_code
    return household.c.township_code == account.unit_code if in_township(campaign, account) else true()


def visible_visits(account: Account) -> ColumnElement[bool]:
    """The condition that a query on visits carries for an account."""
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


def may_read_return(account: Account, unit_code: str) -> bool:
    """Whether this person may see what a unit hands in; someone bound to a village sees no whole unit's."""
    if sees_all(account):
        return True
    if account.reads_assigned_units:
        return unit_code in account.inspects
    own = account.unit_code == unit_code and account.village_code is None
    return own and (account.role in FILERS or account.role is Role.DEPARTMENT)


def visible_batches(account: Account) -> ColumnElement[bool]:
    """The condition that a query on imports carries for an account."""
    if sees_all(account):
        return true()
    if account.role not in FILERS:
        return false()
    own = import_batch.c.unit_code == account.unit_code
    return own & (import_batch.c.created_by == account.id) if account.village_code else own
