"""Import of the household roster: parse, plan, and store all or nothing."""

import json
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update

from build_scripts.intake.numberless_copy import numberless_copy
from build_scripts.intake.personal_cells import NumberRemoval
from build_scripts.intake.roster_members import ListedMembers
from build_scripts.intake.roster_plan import MEMBERS, HouseholdChange, Known, RosterPlan, make_plan
from build_scripts.intake.roster_reading import Lists, ReadHousehold, read_lists
from build_scripts.intake.unread_parts import unread_parts_hold_numbers
from build_scripts.intake.workbook_reader import open_workbook
from checklist.messages import say
from checklist.model import Campaign, Unit, UnitKind
from checklist.problems import Problem
from checklist.reading.person_names import fold_name
from checklist.values.judge import Context
from forms_server import audit
from forms_server.access import Action, may_write
from forms_server.account import Account
from forms_server.clock import Clock
from forms_server.db.tables import household, person
from forms_server.desk import NotAllowed
from forms_server.households.listed_members import MemberChange, list_members, listed_names
from forms_server.households.roster import to_household
from forms_server.imports.asked_plan import AskedPlan
from forms_server.imports.import_batches import (
    CHANGED,
    NEW,
    ROSTER,
    BatchLog,
    Effect,
    SourceFile,
    changed_effect,
    household_stamp,
    member_stamp,
    rows_by_id,
)
from forms_server.imports.importer import Importer
from forms_server.imports.remembered_readings import remember

_COLUMNS = {"village": "village_code", "householder": "householder", "household_type": "household_type",
            "people": "people", "number": "number"}  # fmt: skip
"""What a list says, and the column that holds it."""


@dataclass(frozen=True)
class RosterImport(AskedPlan):
    """A parsed list with its import plan."""

    lists: Lists
    plan: RosterPlan
    problems: Sequence[Problem]

    def by_village(self, campaign: Campaign) -> dict[str, int]:
        """Village code to how many households the list has there, in the campaign's order."""
        found = Counter(listed.key[0] for listed in self.lists.households)
        return {code: found[code] for code in campaign.village_by_code if code in found}


def read_roster(data: bytes, context: Context) -> Lists:
    """The lists of a workbook.

    Args:
        data: its bytes.
        context: the township whose list it is, or the office for one of the county; and the day.

    Raises:
        Unreadable: it cannot be read at all.
    """
    with open_workbook(data) as sheets:
        lists = read_lists(sheets, context)
    lists.has_personal_numbers |= unread_parts_hold_numbers(data)
    return lists


def plan_import(connection: Connection, lists: Lists, context: Context) -> RosterImport:
    """Compare a list with the roster, within the township whose list it is."""
    known, elsewhere = _known(connection, context)
    plan = make_plan(lists.households, known, context)
    others = _of_others(plan, elsewhere, context.campaign)
    return RosterImport(lists, plan, [*lists.problems, *plan.problems, *others])


def store(
    connection: Connection,
    context: Context,
    found: RosterImport,
    account: Account | None,
    now: datetime,
    file: SourceFile,
) -> str | None:
    """Store the plan in the caller's transaction as one batch; its id, or None where the list changes nothing.

    Args:
        connection: a transaction.
        context: as for ``plan_import``.
        found: the plan, without errors.
        account: the importer; None for the command line.
        now: when.
        file: the workbook.

    Raises:
        NotAllowed: the account may not import that unit's roster.
    """
    if account and not may_write(account, Action.LIST, context.unit.code):
        raise NotAllowed("您的账号不能导入这份名册。")
    assert not found.errors
    plan = found.plan
    new = [_row(context.campaign, listed, now) for listed in plan.new]
    known = [*(each.known.id for each in plan.changed), *(each.id for each in plan.gone)]
    audit.note_unfit(connection, now, account, household.name, known)
    before = rows_by_id(connection, household, known)
    if new:
        connection.execute(insert(household), new)
    _update(connection, now, [_changed_row(context.campaign, each) for each in plan.changed])
    _update(connection, now, [{"key": each.id, "active": False} for each in plan.gone])
    changes = [
        *(audit.AuditEntry(household.name, row["id"], "list") for row in new),
        *(audit.AuditEntry(household.name, each.known.id, "list", _fields(each)) for each in plan.changed),
        *(audit.AuditEntry(household.name, each.id, "unlist") for each in plan.gone),
    ]
    audit.record_many(connection, now, account, changes)
    members = list_members(
        connection, context.campaign.id, now, _members_told(plan, [row["id"] for row in new])
    )
    after = rows_by_id(connection, household, [*(row["id"] for row in new), *known])
    counts = {
        "new": len(new), "changed": len(plan.changed), "gone": len(plan.gone), "unchanged": plan.unchanged
    }  # fmt: skip
    log = BatchLog(connection, context.campaign, context.unit.code, account, now)
    effects = [_effect(before.get(key), row) for key, row in after.items()]
    return log.write(ROSTER, file, [*effects, *map(_member_effect, members)], counts)


def _members_told(plan: RosterPlan, made: Sequence[str]) -> dict[str, ListedMembers]:
    """What a list tells of the members of new and changed households, by the household's id."""
    told = {household_id: each.members for household_id, each in zip(made, plan.new, strict=True)}
    told |= {each.known.id: each.listed.members for each in plan.changed if MEMBERS in each.fields}
    return {household_id: members for household_id, members in told.items() if members}


def _member_effect(change: MemberChange) -> Effect:
    before, after = (json.dumps({"listed": listed}) for listed in (change.before, change.listed))
    stamp = member_stamp(listed=change.listed)
    return Effect(person.name, change.id, NEW if change.made else CHANGED, stamp, before, after)


def _effect(before: RowMapping | None, after: RowMapping) -> Effect:
    stamp = household_stamp(after)
    if before is None:
        return Effect(household.name, after["id"], NEW, stamp)
    return changed_effect(household, before, after, stamp)


@dataclass(frozen=True)
class RosterUpload:
    """A roster as a kind of import (``upload_flow.ImportKind``)."""

    context: Context
    account: Account | None
    """None for the command line."""
    clock: Clock

    def read(self, data: bytes) -> Lists:
        """The lists of a workbook."""
        return read_roster(data, self.context)

    def holds_numbers(self, book: Lists) -> bool:
        """Whether any cell or note holds a number of a person."""
        return book.has_personal_numbers

    def without_numbers(self, data: bytes) -> bytes:
        """A list without the numbers of persons, which alone may be kept."""
        return numberless_copy(data, NumberRemoval.of(self.context.campaign))

    def plan(self, connection: Connection, lists: Lists) -> RosterImport:
        """The lists, compared with the roster."""
        return plan_import(connection, lists, self.context)

    def effect(self, found: RosterImport) -> Hashable:
        """Number of new households, and ids of changed and removed ones."""
        plan = found.plan
        changed = tuple(sorted(each.known.id for each in plan.changed))
        return len(plan.new), changed, plan.unchanged, tuple(sorted(each.id for each in plan.gone))

    def store(self, connection: Connection, found: RosterImport, name: str, data: bytes) -> str | None:
        """Store the households, the answers that hold for later files, and the batch.

        Returns:
            The batch's id; None where the list changes nothing.

        Raises:
            NotAllowed: the account may not import that unit's roster.
        """
        now, file = self.clock.now(), SourceFile(name, data)
        batch_id = store(connection, self.context, found, self.account, now, file)
        if self.account:  # nobody answers for the command line
            context = self.context
            importer = Importer(connection, context.campaign, context.unit, self.account, now)
            remember(found.questions, importer)
        return batch_id


def _fields(change: HouseholdChange) -> Mapping[str, Any]:
    return {"fields": list(change.fields) or ["active"]}


def _known(connection: Connection, context: Context) -> tuple[list[Known], dict[str, str]]:
    """The township's households, or the county's; and the numbers of those of other townships."""
    own, elsewhere = list[Known](), dict[str, str]()
    members = listed_names(connection, context.campaign.id)
    query = select(household).where(household.c.campaign_id == context.campaign.id)
    for row in connection.execute(query).mappings():
        if context.township and row["township_code"] != context.township.code:
            elsewhere |= {row["number"]: row["id"]} if row["number"] else {}
        else:
            each = to_household(row)
            own.append(Known(each.id, each.number, each.values, each.active, members.get(each.id, {})))
    return own, elsewhere


def _of_others(plan: RosterPlan, elsewhere: Mapping[str, str], campaign: Campaign) -> Iterator[Problem]:
    label = campaign.roster.number_label
    listed: Iterable[ReadHousehold] = (*plan.new, *(change.listed for change in plan.changed))
    for each in listed:
        if each.number in elsewhere:
            words = say(
                "roster-of-other-unit", number=each.number, label=label, office=campaign.units.office.name
            )
            yield Problem(each.place, "roster-of-other-unit", words)


def _row(campaign: Campaign, listed: ReadHousehold, now: datetime) -> dict[str, Any]:
    said = {**listed.values, "number": listed.number}
    return {
        "id": str(uuid4()),
        "campaign_id": campaign.id,
        "township_code": campaign.township_of_village[listed.key[0]].code,
        **{column: said.get(name) for name, column in _COLUMNS.items()},
        "active": True,
        "created_at": now,
        "changed_at": now,
    }


def _changed_row(campaign: Campaign, change: HouseholdChange) -> dict[str, Any]:
    columns = {_COLUMNS[name]: value for name, (_, value) in change.fields.items() if name in _COLUMNS}
    township = campaign.township_of_village[change.listed.key[0]].code
    if "householder" in columns:
        columns["folded_name"] = fold_name(columns["householder"])
    return {"key": change.known.id, "active": True, "listed": True, "township_code": township, **columns}


def _update(connection: Connection, now: datetime, rows: Iterable[Mapping[str, Any]]) -> None:
    """Bulk update, grouped by changed columns."""
    together: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        together.setdefault(tuple(row), []).append(dict(row))
    for names, alike in together.items():
        values: dict[str, Any] = {name: bindparam(name) for name in names if name != "key"}
        statement = (
            update(household).where(household.c.id == bindparam("key")).values(**values, changed_at=now)
        )
        connection.execute(statement, alike)


def listing_unit(campaign: Campaign, unit: Unit) -> bool:
    """Whether a unit has a roster of its own to import: a township its own, the office the county's."""
    return campaign.kind_of(unit) is not UnitKind.COUNTY
