"""Row-level access control: one SQL condition for each kind of row, which every query carries.

Issues: seen by the unit that filed them, by the township where they lie, by the units that they name as responsible,
by the departments of the county units that answer for their item or problem type, and by the office; someone bound to a
village sees those that lie in it. Proposed households: by the units that proposed them, someone bound to a village only
that village's. An inspector sees what the units assigned to it filed, what lies in them, and what names them as
responsible; an administrator sees no records.

Households: a township's people see those of their township, someone bound to a village those of the village. A county
unit finds those of the types about which its items ask, in all townships, by name; an inspector sees those of the
units assigned to it; the office all.

Visits: ``visits.visit_scope``; imports: ``imports.import_batches``.

A team looks at a drawn household blind: until a sheet of it is stored, an inspector sees no record and no visit of it,
by whatever way (``blind_looks``).

Returns: accounts that see all of a unit's records.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum

from sqlalchemy import ColumnElement, FromClause, and_, false, func, or_, select, true

from checklist.model import Campaign, RecordForm, Unit
from forms_server.access import FILERS, OVERSEERS, READERS, Role
from forms_server.account import Account
from forms_server.blind_looks import in_sight
from forms_server.db.record_columns import TABLES
from forms_server.db.tables import finding, household, issue, issue_unit
from forms_server.responsibility import Responsibility, household_items, responsibilities


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


class Relation(StrEnum):
    """How a record belongs to an account's unit, for those who see records of other units, too."""

    OWN = "own"
    """Its unit filed it, and counts it; to an inspector, one of the units assigned to it."""
    HERE = "here"
    """Another unit filed it, and it lies in the account's township or village."""
    RESPONSIBLE = "responsible"
    """It names the unit as responsible, whoever filed it."""


def relations(campaign: Campaign, account: Account) -> Sequence[Relation]:
    """The relations among which an account can choose; none for those whose records are all alike to it."""
    if account.role not in _OF_UNITS:
        return []
    here = [Relation.HERE] if in_township(campaign, account) else []
    return [Relation.OWN, *here, Relation.RESPONSIBLE]


def visible_records(form: RecordForm, campaign: Campaign, account: Account) -> ColumnElement[bool]:
    """The condition that a query on a form's records carries for an account.

    Args:
        form: whose records they are.
        campaign: says who answers for what.
        account: who asks.
    """
    parts = (
        *tallied_ranges(form, campaign, account, TABLES[form.kind]),
        *recorded_ranges(form, campaign, account, named=_is_named),
    )
    return and_(or_(false(), *parts), in_sight(TABLES[form.kind], account))


def shown_when_repeated(form: RecordForm, campaign: Campaign, account: Account) -> ColumnElement[bool]:
    """The open records that are shown to whoever records the same again.

    A proposed household counts once in the county: each further proposal of it, by whatever unit, is shown the first.
    """
    return true() if form.kind == "household" else visible_records(form, campaign, account)


def visible_record_ranges(
    form: RecordForm,
    campaign: Campaign,
    account: Account,
    relation: Relation | None = None,
    *,
    names: bool = True,
) -> Sequence[ColumnElement[bool]]:
    """The condition split into disjoint parts, each one range of an index.

    Args:
        form, campaign, account: as for ``visible_records``.
        relation: restricts them to the records of that relation.
        names: whether ``named_ranges`` are among them.
    """
    tallied = tallied_ranges(form, campaign, account, TABLES[form.kind], relation)
    named = named_ranges(form, campaign, account, relation) if names else []
    ranges = [*tallied, *placed_ranges(form, campaign, account, relation), *named]
    if not account.reads_assigned_units:
        return ranges
    sight = in_sight(TABLES[form.kind], account)
    return [and_(each, sight) for each in ranges]


def tallied_ranges(
    form: RecordForm,
    campaign: Campaign,
    account: Account,
    table: FromClause,
    relation: Relation | None = None,
) -> Sequence[ColumnElement[bool]]:
    """The parts that follow from the filing unit and the problem type, which the tally has as the records do."""
    unit = table.c.unit_code
    if account.reads_assigned_units:
        return _inspected(unit, campaign, account) if relation in {None, Relation.OWN} else []
    if relation:
        whole = relation is Relation.OWN and account.role in _OF_UNITS and not account.village_code
        return [unit == account.unit_code] if whole else []
    if sees_all(account):
        return [true()]
    if account.role not in _OF_UNITS or account.village_code:
        return []
    own = unit == account.unit_code
    return [own, *(and_(part, ~own) for part in _answered(form, campaign, account, table))]


Named = Callable[[str, bool], ColumnElement[bool]]
"""From a unit's code, and whether another unit must have filed it, to the condition that an issue names the unit."""


def _among_named(unit_code: str, elsewhere: bool) -> ColumnElement[bool]:
    """For lists and counts: the issues that name a unit (``VisibleLedger.named_parts`` has them looked up by id)."""
    named = select(issue_unit.c.issue_id).where(issue_unit.c.unit_code == unit_code)
    return issue.c.id.in_(named.where(issue_unit.c.elsewhere) if elsewhere else named)


def _is_named(unit_code: str, elsewhere: bool) -> ColumnElement[bool]:
    """For single records: whether one that is at hand names a unit."""
    named = issue_unit.c.issue_id == issue.c.id, issue_unit.c.unit_code == unit_code
    query = select(issue_unit.c.issue_id).where(*named)
    return (query.where(issue_unit.c.elsewhere) if elsewhere else query).exists()


def recorded_ranges(
    form: RecordForm, campaign: Campaign, account: Account, named: Named = _among_named
) -> Sequence[ColumnElement[bool]]:
    """The parts that only the records tell: by place, and by the units that an issue names."""
    return [
        *placed_ranges(form, campaign, account, named=named),
        *named_ranges(form, campaign, account, named=named),
    ]


def placed_ranges(
    form: RecordForm,
    campaign: Campaign,
    account: Account,
    relation: Relation | None = None,
    named: Named = _among_named,
) -> Sequence[ColumnElement[bool]]:
    """The parts that follow from where a record lies; an inspector's from what it names, too."""
    if account.role not in _OF_UNITS:
        inspected = account.reads_assigned_units and form.kind == "issue" and relation is None
        return _of_inspected(campaign, account, named) if inspected else []
    filed_here = account.village_code and relation in {None, Relation.OWN}
    own = [_own_in_village(form, account)] if filed_here else []
    if form.kind != "issue":
        return own if relation else [*own, _proposed_again(form, campaign, account)]
    here = relation in {None, Relation.HERE} and in_township(campaign, account)
    return [*own, _found_here(account)] if here else own


def named_ranges(
    form: RecordForm,
    campaign: Campaign,
    account: Account,
    relation: Relation | None = None,
    named: Named = _among_named,
) -> Sequence[ColumnElement[bool]]:
    """The part of a unit's people that issues name: few among those of the county, and looked up by id."""
    if account.role not in _OF_UNITS or form.kind != "issue":
        return []
    if relation is Relation.RESPONSIBLE:
        mine = named(account.unit_code, False)
        village = account.village_code
        return [and_(mine, issue.c.village_code == village) if village else mine]
    if relation or account.village_code:
        return []
    mine = named(account.unit_code, True)
    if in_township(campaign, account):
        return [and_(mine, issue.c.township_code.is_distinct_from(account.unit_code))]
    answered = _answered(form, campaign, account, issue)
    return [and_(mine, or_(*answered).is_not(true())) if answered else mine]


def _own_in_village(form: RecordForm, account: Account) -> ColumnElement[bool]:
    """What the unit filed in the one village."""
    table = TABLES[form.kind]
    return and_(table.c.unit_code == account.unit_code, table.c.village_code == account.village_code)


def _proposed_again(form: RecordForm, campaign: Campaign, account: Account) -> ColumnElement[bool]:
    """Proposed households of other units that the account's unit proposed, too: it was shown them, and joined them."""
    table = TABLES[form.kind]
    mine = finding.c.record_table == table.name, finding.c.unit_code == account.unit_code
    parts = [table.c.id.in_(select(finding.c.record_id).where(*mine)), table.c.unit_code != account.unit_code]
    if account.village_code:
        parts.append(table.c.village_code == account.village_code)
    elif answered := _answered(form, campaign, account, table):
        parts.append(or_(*answered).is_not(true()))
    return and_(*parts)


def _found_here(account: Account) -> ColumnElement[bool]:
    """Issues in the account's township or village that another unit filed: ``ix_issue_elsewhere_…`` has just these."""
    here = and_(issue.c.township_code == account.unit_code, issue.c.unit_code != issue.c.township_code)
    return and_(here, issue.c.village_code == account.village_code) if account.village_code else here


def _answered(
    form: RecordForm, campaign: Campaign, account: Account, table: FromClause
) -> Sequence[ColumnElement[bool]]:
    department = account.role is Role.DEPARTMENT
    return answered_for(form, campaign, account.unit_code, table) if department else []


_OF_UNITS = FILERS | {Role.DEPARTMENT}
"""Roles that see records as people of their unit."""


def _inspected(
    unit: ColumnElement[str], campaign: Campaign, account: Account
) -> Sequence[ColumnElement[bool]]:
    """Conditions for an inspector: unit by unit, or one scan for nearly all units, which beats forty ranges.

    ``coalesce`` keeps SQLite off the indexes by unit, which would need a sort of all records for one page.
    """
    if _are_nearly_all(campaign, account):
        return [func.coalesce(unit, "").in_(sorted(account.inspects))]
    return [unit == code for code in sorted(account.inspects)]


def _of_inspected(campaign: Campaign, account: Account, named: Named) -> Sequence[ColumnElement[bool]]:
    """Issues that others filed, and that lie in an inspector's units or name them: by place, then by name.

    For nearly all units by who filed them: the few others.
    """
    codes = sorted(account.inspects)
    here = issue.c.township_code.in_(codes)
    names_one = or_(false(), *(named(code, True) for code in codes))
    if _are_nearly_all(campaign, account):
        others = [unit.code for unit in campaign.filing_units if unit.code not in account.inspects]
        return [and_(issue.c.unit_code == code, or_(here.is_(true()), names_one)) for code in others]
    elsewhere = issue.c.unit_code.not_in(codes)
    townships = [unit.code for unit in campaign.units.townships if unit.code in account.inspects]
    places = [
        and_(issue.c.township_code == code, issue.c.unit_code != issue.c.township_code, elsewhere)
        for code in townships
    ]
    return [*places, and_(names_one, elsewhere, here.is_not(true()))] if codes else []


def _are_nearly_all(campaign: Campaign, account: Account) -> bool:
    return len(account.inspects) >= _NEARLY_ALL * len(campaign.filing_units)


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
    if in_township(campaign, account):
        return household.c.township_code == account.unit_code
    return _asked_about(campaign, account)


def looks_up_households(campaign: Campaign, account: Account) -> bool:
    """Whether an account finds households by name only, and is shown no lists of them: county units."""
    return account.role in FILERS and not in_township(campaign, account)


def _asked_about(campaign: Campaign, account: Account) -> ColumnElement[bool]:
    """Households of the types about which the items ask that a county unit answers for; none where none asks."""
    items = list(household_items(campaign, account.unit_code))
    if not items:
        return false()
    if not all(item.household_types for item in items):
        return true()
    types = sorted({each for item in items for each in item.household_types})
    return or_(household.c.household_type.in_(types), household.c.household_type.is_(None))


def may_read_return(account: Account, unit_code: str) -> bool:
    """Whether this person may see what a unit hands in; someone bound to a village sees no whole unit's."""
    if sees_all(account):
        return True
    if account.reads_assigned_units:
        return unit_code in account.inspects
    own = account.unit_code == unit_code and account.village_code is None
    return own and (account.role in FILERS or account.role is Role.DEPARTMENT)
