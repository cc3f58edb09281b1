"""Figures of the home pages: a unit's ledgers, and the office's table of all units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from checklist.model import Campaign, RecordForm, Unit
from checklist.states import COUNT_AS_RECTIFIED, COUNT_AS_RECTIFYING, FOUND
from forms_server.access import Action, roles
from forms_server.account import Account
from forms_server.db.tables import issue, tally, transfer, zero_report
from forms_server.editable_states import State
from forms_server.records.ledger_filters import Filters
from forms_server.records.ledger_listing import page
from forms_server.records.record import Record
from forms_server.records.record_counts import (
    count_each,
    count_overdue,
    counts,
    extensions_to_grant,
    overdue_tasks,
)
from forms_server.records.visible_ledger import VisibleLedger
from forms_server.records.zero_reports import standings
from forms_server.scope import Relation, relations

SHOWN = 5
"""Maximum records of a form on the home page."""


@dataclass(frozen=True)
class LedgerFigures:
    """Counts of a form's records by state."""

    form: RecordForm
    states: dict[State, int]
    overdue: int


@dataclass(frozen=True)
class LedgerTasks:
    """How many records of a form wait for something that the account's unit does."""

    form: RecordForm
    overdue: int = 0
    sent_back: int = 0
    due_soon: int = 0
    extension_asked: int = 0
    """Requests for an extension that the account may grant."""


@dataclass(frozen=True)
class SharedFigures:
    """How many issues of a form have another relation to the unit than that it filed them."""

    form: RecordForm
    relation: Relation
    states: Mapping[State, int]

    @property
    def total(self) -> int:
        """All that count."""
        return sum(self.states[state] for state in FOUND)

    @property
    def open(self) -> int:
        """Those that are not rectified."""
        return sum(self.states[state] for state in COUNT_AS_RECTIFYING)


@dataclass(frozen=True)
class UnitFigures:
    """A unit's figures, for office and inspectors."""

    unit: Unit
    found: int
    rectified: int
    rectifying: int
    proposed_households: int
    zero_reported: int
    """Number of zero-reported problem types (经排查无问题)."""
    answered: int
    """Number of reported problem types, zero reports included."""
    unanswered: frozenset[str]
    """Ids of unreported problem types, whose figures are missing rather than 0."""


def ledger_figures(
    connection: Connection,
    campaign: Campaign,
    account: Account,
    today: date,
    relation: Relation | None = None,
) -> Sequence[LedgerFigures]:
    """Count the ledgers that the account sees, or their records of that relation, in the order of the forms."""
    ledgers = [VisibleLedger(campaign, account, form, today) for form in campaign.record_forms]
    asked = Filters(relation=relation)
    return [
        LedgerFigures(
            ledger.form,
            counts(connection, ledger, asked),
            count_overdue(connection, ledger, asked if relation else None),
        )
        for ledger in ledgers
    ]


def ledger_tasks(
    connection: Connection, campaign: Campaign, account: Account, today: date
) -> Sequence[LedgerTasks]:
    """Count the tasks of the unit's people, in the order of the forms."""
    ledgers = [VisibleLedger(campaign, account, form, today) for form in campaign.record_forms]
    asked = [(ledger, name, filters) for ledger in ledgers for name, filters in _tasks(ledger).items()]
    found = count_each(connection, [(ledger, filters) for ledger, _, filters in asked])
    numbers: dict[str, dict[str, int]] = {ledger.form.id: {} for ledger in ledgers}
    for (ledger, name, _), number in zip(asked, found, strict=True):
        numbers[ledger.form.id][name] = number
    return [LedgerTasks(ledger.form, **numbers[ledger.form.id]) for ledger in ledgers]


def _tasks(ledger: VisibleLedger) -> Mapping[str, Filters]:
    """What counts as which task, by its name in ``LedgerTasks``."""
    grants = {"extension_asked": extensions_to_grant(ledger)}
    return {
        "overdue": overdue_tasks(ledger),
        "sent_back": Filters(sent_back=True),
        "due_soon": Filters(relation=ledger.worked_off, due_soon=True),
        **(grants if ledger.account.role in roles(Action.EXTEND) else {}),
    }


def shared_figures(
    connection: Connection, campaign: Campaign, account: Account, today: date
) -> Sequence[SharedFigures]:
    """Issues in the account's place that others filed, and those that name its unit as responsible, where there are."""
    ledgers = [
        VisibleLedger(campaign, account, form, today)
        for form in campaign.record_forms
        if form.kind == "issue"
    ]
    shared = [relation for relation in relations(campaign, account) if relation is not Relation.OWN]
    found = [
        SharedFigures(ledger.form, relation, counts(connection, ledger, Filters(relation=relation)))
        for relation in shared
        for ledger in ledgers
    ]
    return [each for each in found if each.total]


def handed_over(connection: Connection, campaign: Campaign, account: Account) -> Mapping[str, int]:
    """Count by form the issues that were transferred to the account's unit, and that it may still refuse."""
    if account.role not in roles(Action.TURN_BACK) or account.village_code:
        return {}
    query = (
        select(issue.c.form_id, func.count().label("number"))
        .join(transfer, transfer.c.issue_id == issue.c.id)
        .where(
            transfer.c.state == "open",
            transfer.c.unit_code == account.unit_code,
            issue.c.handed_to == account.unit_code,
            issue.c.campaign_id == campaign.id,
            issue.c.state == State.RECTIFYING.value,
        )
        .group_by(issue.c.form_id)
    )
    return {row.form_id: row.number for row in connection.execute(query)}


def open_requests(connection: Connection, campaign: Campaign, account: Account, today: date) -> int:
    """Count requests for an extension that the account may grant, on each ledger up to the limit."""
    if account.role not in roles(Action.EXTEND):
        return 0
    ledgers = [VisibleLedger(campaign, account, form, today) for form in campaign.record_forms]
    return sum(count_each(connection, [(ledger, extensions_to_grant(ledger)) for ledger in ledgers]))


def sent_back_records(
    connection: Connection, campaign: Campaign, account: Account, today: date, tasks: Sequence[LedgerTasks]
) -> Sequence[Record]:
    """Return the newest records sent back to the account's unit, by form; ``tasks`` tell where there are any."""
    ledgers = [VisibleLedger(campaign, account, each.form, today) for each in tasks if each.sent_back]
    pages = [page(connection, ledger, Filters(sent_back=True)) for ledger in ledgers]
    return [record for found in pages for record in found.records[:SHOWN]]


def open_problem_types(connection: Connection, campaign: Campaign, unit_code: str) -> int:
    """Count the unit's unreported problem types."""
    return sum(not (each.found or each.ticked) for each in standings(connection, campaign, unit_code))


def unit_figures(connection: Connection, campaign: Campaign, units: Sequence[Unit]) -> Sequence[UnitFigures]:
    """Count these units, in order, equal to the summary's count of the ledgers."""
    found = _tallied(connection, campaign)
    ticked = _ticked(connection, campaign)
    return [
        _figures(campaign, unit, found.get(unit.code, {}), ticked.get(unit.code, frozenset()))
        for unit in units
    ]


_Tally = dict[tuple[str, State], int]
"""Problem type and state to the number of records."""


def _tallied(connection: Connection, campaign: Campaign) -> dict[str, _Tally]:
    key = tally.c.unit_code, tally.c.problem_type_id, tally.c.state
    query = select(*key, func.sum(tally.c.records)).where(tally.c.campaign_id == campaign.id).group_by(*key)
    found: dict[str, _Tally] = {}
    for unit_code, type_id, state, number in connection.execute(query):
        found.setdefault(unit_code, {})[type_id, State(state)] = number
    return found


def _ticked(connection: Connection, campaign: Campaign) -> dict[str, frozenset[str]]:
    """Zero-reported problem types by unit."""
    key = zero_report.c.unit_code, zero_report.c.problem_type_id
    found: dict[str, frozenset[str]] = {}
    for unit_code, type_id in connection.execute(
        select(*key).where(zero_report.c.campaign_id == campaign.id)
    ):
        found[unit_code] = found.get(unit_code, frozenset()) | {type_id}
    return found


def _figures(campaign: Campaign, unit: Unit, found: _Tally, ticked: frozenset[str]) -> UnitFigures:
    def of(*states: State) -> int:
        return sum(number for (_, state), number in found.items() if state in states)

    filed = {type_id for (type_id, state), number in found.items() if state in FOUND and number}
    return UnitFigures(
        unit=unit,
        found=of(*FOUND),
        rectified=of(*COUNT_AS_RECTIFIED),
        rectifying=of(*COUNT_AS_RECTIFYING),
        proposed_households=of(State.PROPOSED),
        zero_reported=len(ticked),
        answered=len(filed | ticked),
        unanswered=frozenset(campaign.problem_type_by_id) - filed - ticked,
    )
