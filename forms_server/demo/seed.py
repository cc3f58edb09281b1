"""Writes the demonstration into an empty database, through the same functions as the web forms."""

import random
import uuid
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from checklist.model import Campaign, Stage, Unit
from checklist.values.judge import Context, check_record
from forms_server.account import Account, Role
from forms_server.accounts import account_store
from forms_server.demo.demo_answers import SURNAMES
from forms_server.demo.demo_decisions import Deciders, decide, send_back_late
from forms_server.demo.demo_exemptions import exempt_doubts
from forms_server.demo.demo_imports import import_workbook
from forms_server.demo.demo_inspection import inspect
from forms_server.demo.demo_registers import keep_registers
from forms_server.demo.demo_returns import People, hand_in
from forms_server.demo.demo_visits import add_roster, visit_households
from forms_server.demo.stories import SEED, Story, idle, stories
from forms_server.desk import Desk
from forms_server.move import Move
from forms_server.move_fields import RECTIFIED_ON
from forms_server.records import zero_reports
from forms_server.records.move_making import make_move
from forms_server.records.record import Filing, Record
from forms_server.records.record_store import create
from forms_server.returns.frozen_returns import ReturnState
from forms_server.state_moves import SEND_BACK, WITHDRAW

EVENING = time(18)
ZERO_SHARE = 0.8
REASONS = {WITHDRAW.id: "重复登记", SEND_BACK.id: "缺少佐证材料"}
"""How many of the problem types without an issue a unit has ticked as looked at."""


def seed(connection: Connection, campaign: Campaign, now: datetime, password_hash: str) -> list[Account]:
    """Fill an empty database.

    Args:
        connection: a transaction.
        campaign: whose units, forms and findings are used.
        now: the demonstration's time; nothing happened later.
        password_hash: of the password that all its accounts share.

    Returns:
        An account of each role, to be shown.
    """
    accounts = _accounts(connection, campaign, now, password_hash)
    judge = next(account for account in accounts.values() if account.role is Role.OFFICE)
    # What is found and written is written by the evening before; on the day itself returns are signed.
    eve = datetime.combine(now.date() - timedelta(days=1), EVENING)
    context = Context(campaign, campaign.units.office, eve.date())
    chance = random.Random(SEED)  # noqa: S311 - invented data, and the same each time
    for story in sorted(stories(campaign, eve.date()), key=lambda story: story.day):
        desk = Desk(connection, campaign, accounts[story.unit.code], _at(story.day, chance))
        _tell(desk, judge, context.within(story.unit), story, chance)
    # With a chance of its own: the stories stay the same, whatever visits find.
    visiting = random.Random(SEED)  # noqa: S311 - as above
    add_roster(connection, campaign, _at(campaign.notice.phases[0].start, visiting), visiting)
    for unit in campaign.filing_units:
        visit_households(Desk(connection, campaign, accounts[unit.code], eve), unit, visiting)
    first = campaign.unit_by_code[accounts["reporter"].unit_code]
    later = random.Random(SEED + 1)  # noqa: S311 - other stories than those before
    import_workbook(Desk(connection, campaign, accounts["reporter"], eve), first, later)
    keep_registers(Desk(connection, campaign, accounts["reporter"], eve), first)
    exempt_doubts(Desk(connection, campaign, accounts["reporter"], eve), judge)
    decide(Desk(connection, campaign, judge, eve), first, _deciders(campaign, accounts, judge))
    inspect(Desk(connection, campaign, judge, eve), accounts)
    for unit in campaign.filing_units:
        if not idle(campaign, unit):
            _tick_zeros(Desk(connection, campaign, accounts[unit.code], eve), unit, chance)
    people = {
        unit.code: People(accounts[unit.code], accounts[_principal(unit)], judge)
        for unit in campaign.filing_units
    }
    signing = random.Random(SEED)  # noqa: S311 - as above
    returns = hand_in(Desk(connection, campaign, judge, now), people, eve, signing)
    for signed in [each for each in returns if each.state is ReturnState.RECEIVED][:1]:
        send_back_late(Desk(connection, campaign, judge, now), campaign.unit_by_code[signed.unit_code])
    return [accounts[name] for name in _SHOWN if name in accounts]


_SHOWN = ("reporter", "village", "principal", "department", "inspector", "office", "admin", "auditor")
"""Sign-in names of the accounts that are shown, one of each role; a county may have no villages or no county units."""


def _accounts(
    connection: Connection, campaign: Campaign, now: datetime, password_hash: str
) -> Mapping[str, Account]:
    """The accounts that are shown, by name, and two for each unit, who file and sign for it."""
    busy = [unit for unit in campaign.filing_units if not idle(campaign, unit)]
    filing, office = busy[0], campaign.units.office
    of_units = [
        account
        for unit in campaign.filing_units
        for account in (
            (unit.code, unit, Role.REPORTER, None),
            (_principal(unit), unit, Role.PRINCIPAL, None),
        )
    ]
    shown = [
        ("reporter", filing, Role.REPORTER, None),
        *(("village", filing, Role.REPORTER, village.code) for village in filing.villages[:1]),
        ("principal", filing, Role.PRINCIPAL, None),
        *(("department", unit, Role.DEPARTMENT, None) for unit in campaign.units.county_units[:1]),
        ("inspector", office, Role.INSPECTOR, None),
        ("office", office, Role.OFFICE, None),
        ("admin", office, Role.ADMIN, None),
        ("auditor", office, Role.AUDITOR, None),
    ]
    accounts: dict[str, Account] = {}
    for number, (name, unit, role, village) in enumerate([*shown, *of_units]):
        new = account_store.NewAccount(
            name, unit.code, role, village, f"{SURNAMES[number % len(SURNAMES)]}某某"
        )
        account_id = account_store.add(connection, now, None, new, password_hash, must_change_password=False)
        found = account_store.find(connection, account_id)
        assert found is not None
        accounts[name] = found
    return accounts


def _deciders(campaign: Campaign, accounts: Mapping[str, Account], office: Account) -> Deciders:
    county = [unit for unit in campaign.units.county_units if not idle(campaign, unit)]
    asked = accounts["reporter"], accounts["principal"], accounts[county[0].code] if county else None
    return Deciders(*asked, office)


def _principal(unit: Unit) -> str:
    """The sign-in name of the unit's principal."""
    return f"{unit.code}-principal"


def _at(day: date, chance: random.Random) -> datetime:
    """Random time within office hours."""
    return datetime.combine(day, time(8)) + timedelta(minutes=chance.randrange(600))


def _tell(desk: Desk, judge: Account, context: Context, story: Story, chance: random.Random) -> None:
    """Store a story's record and makes its moves, a day or two apart but never later than today."""
    checked = check_record(story.form, story.raw, context, set(Stage))
    filed = {field.id: checked.values[field.id] for field in story.form.fields if field.stage is Stage.FOUND
             and field.id in checked.values}  # fmt: skip
    identity = uuid.UUID(int=chance.getrandbits(128), version=4)
    record = create(
        desk, Filing(str(identity), story.form, story.unit.code, filed, story.item_id, different=True)
    )
    day = story.day
    for move in story.moves:
        day = min(day + timedelta(days=chance.randint(1, 3)), context.today)
        record = _move(desk, judge, record, move, checked.values, _at(day, chance))


def _move(
    desk: Desk, judge: Account, record: Record, move: Move, values: Mapping[str, object], at: datetime
) -> Record:
    by = Desk(desk.connection, desk.campaign, judge if move.judges else desk.account, at)
    answers = {**values, "reason": REASONS.get(move.id), RECTIFIED_ON.id: at.date()}
    told = {field.id: answers[field.id] for field in move.fields(record.form)}
    return make_move(by, move, record, record.version, told)


def _tick_zeros(desk: Desk, unit: Unit, chance: random.Random) -> None:
    standings = zero_reports.standings(desk.connection, desk.campaign, unit.code)
    nothing = {standing.problem_type_id for standing in standings if not standing.found}
    zero_reports.save(
        desk, unit.code, set(), {type_id for type_id in sorted(nothing) if chance.random() < ZERO_SHARE}
    )
