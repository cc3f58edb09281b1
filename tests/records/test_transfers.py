"""转办、协办、取回: whatever happens in which order, sight, rights and counts are those of a plain model."""

from dataclasses import dataclass, field, replace
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, func, select

from build_scripts.counting.count_query import COLUMNS, QUERY
from checklist.model import Campaign
from forms_server.access import Action
from forms_server.db import tables
from forms_server.desk import Desk, NotAllowed, NotFound
from forms_server.editable_states import NotNow, State
from forms_server.move import Move
from forms_server.records import record_rows, record_store
from forms_server.records.double_decisions import join_records
from forms_server.records.ledger_filters import Filters
from forms_server.records.ledger_listing import page
from forms_server.records.move_making import NotRestorable, StillJoined, make_move
from forms_server.records.record import Record
from forms_server.records.record_rights import may_do
from forms_server.records.transfers import NotHandedOver, transfers_of
from forms_server.records.visible_ledger import VisibleLedger
from forms_server.scope import Relation
from forms_server.state_moves import (
    ASSIST,
    HAND_OVER,
    REPORT,
    RESTORE,
    RESTORE_HOUSEHOLD,
    SEND_BACK,
    TURN_BACK,
    WITHDRAW,
)
from tests.builders import EAST, WATER, WEST
from tests.records.builders import ACCOUNTS, NOON, household_issue, proposed
from tests.records.conftest import At

NAMES = {EAST: "东河镇", WEST: "西岭镇", WATER: "县水利局"}
PEOPLE = {EAST: "east", WEST: "west", WATER: "water"}
NUMBERS = count(500)

_steps = st.lists(
    st.tuples(
        st.sampled_from([HAND_OVER, HAND_OVER, TURN_BACK, ASSIST, REPORT, SEND_BACK, WITHDRAW, RESTORE]),
        st.sampled_from([WEST, WATER, EAST]),
    ),
    max_size=10,
)


@dataclass
class Model:
    """What design.md says, in plain words."""

    units: list[str] = field(default_factory=lambda: [EAST])
    handed: tuple[str, list[str], list[str]] | None = None
    """The unit that may refuse, and the units before and after."""
    refused: set[str] = field(default_factory=set)
    state: State = State.RECTIFYING

    def make(self, move: Move, unit: str) -> bool:
        """Whether the move is possible, after which it is made."""
        if self.state not in move.sources:
            return False
        if move is HAND_OVER:
            return self._hand_over(unit)
        if move is ASSIST:
            if unit in self.units:
                return False
            self.units.append(unit)
        elif move is TURN_BACK:
            return self._turn_back(unit)
        else:
            self.handed, self.state = (self.handed if move.target is self.state else None), move.target
        return True

    def _hand_over(self, unit: str) -> bool:
        if unit == self.units[0]:
            return False
        before = list(self.units)
        self.units = [unit, *(each for each in self.units[1:] if each != unit)]
        self.handed = None if unit in self.refused else (unit, before, list(self.units))
        return True

    def _turn_back(self, unit: str) -> bool:
        if self.handed is None or self.handed[0] != unit:
            return False
        self.refused.add(unit)
        _, before, after = self.handed
        self.units = before + [each for each in self.units if each not in after and each not in before]
        self.handed = None
        return True


def _act(at: At, move: Move, unit: str, record: Record) -> Record | None:
    """The record after the move by those who make it; None where it is refused."""
    who = {TURN_BACK: PEOPLE[unit], SEND_BACK: "office", RESTORE: "office"}.get(move, "east")
    answers = {each.id: f"为什么{record.version}" for each in move.fields(record.form)} | move.usual(
        NOON.date()
    )
    if move in {HAND_OVER, ASSIST}:
        answers["handed_to"] = NAMES[unit]
    try:
        with at(who) as desk:
            return make_move(desk, move, record, record.version, answers)
    except (NotNow, NotHandedOver, NotAllowed):
        return None


def _sees(connection: Connection, campaign: Campaign, unit: str, record: Record) -> bool:
    """Whether it is found by its address and in the ledger, which agree."""
    account = ACCOUNTS[PEOPLE[unit]]
    ledger = VisibleLedger(campaign, account, record.form, NOON.date())
    listed = record.id in {each.id for each in page(connection, ledger, Filters(state=record.state)).records}
    desk = Desk(connection, campaign, account, NOON)
    try:
        record_rows.get(desk, record.form, record.id)
    except NotFound:
        assert not listed
        return False
    assert listed
    return True


def _counted(connection: Connection, unit: str) -> tuple[int, int]:
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in connection.exec_driver_sql(QUERY)]
    mine = [row for row in rows if row["unit_code"] == unit]
    return sum(row["found"] for row in mine), sum(row["rectified"] for row in mine)


@given(steps=_steps)
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_sight_rights_and_counts_follow_every_step(
    engine: Engine, at: At, campaign: Campaign, steps: list[tuple[Move, str]]
):
    number, model = next(NUMBERS), Model()
    with at("east") as desk:
        filing = household_issue(campaign, number, householder=f"户主{number}", responsible_unit="东河镇")
        record = record_store.create(desk, filing)
    with engine.connect() as connection:
        others = {unit: _counted(connection, unit) for unit in NAMES}
    made = 0
    for move, unit in steps:
        after = _act(at, move, unit, record)
        assert (after is not None) == model.make(move, unit), (move.id, unit)
        record = after or record
        made += after is not None
        assert record.state is model.state
        assert record.handed_to == (model.handed[0] if model.handed else None)
        assert record.values["responsible_unit"] == "、".join(NAMES[each] for each in model.units)
        with engine.connect() as connection:
            for other in NAMES:
                involved = other == EAST or other in model.units
                assert _sees(connection, campaign, other, record) is involved
                assert may_do(ACCOUNTS[PEOPLE[other]], Action.REPORT, campaign, record) is involved
                assert may_do(ACCOUNTS[PEOPLE[other]], Action.TURN_BACK, campaign, record) is (
                    model.handed is not None and model.handed[0] == other
                )
            assert _counted(connection, WEST) == others[WEST]
            assert _counted(connection, WATER) == others[WATER]
            found, rectified = others[EAST]
            gone, done = model.state is State.WITHDRAWN, model.state is State.RECTIFIED
            assert _counted(connection, EAST) == (found - gone, rectified + done)
    with engine.connect() as connection:
        audit = tables.audit
        query = select(func.count()).where(audit.c.subject == "issue", audit.c.subject_id == record.id)
        assert connection.execute(query).scalar_one() == 1 + made
        opened = [each for each in transfers_of(connection, record) if each.row.state == "open"]
        assert len(opened) == (model.handed is not None)


@pytest.fixture
def record(at: At, campaign: Campaign) -> Record:
    with at("east") as desk:
        return record_store.create(desk, household_issue(campaign, responsible_unit="东河镇、河长办"))


def test_a_unit_refuses_once_and_what_it_got_again_is_its_own(at: At, record: Record):
    first = _act(at, HAND_OVER, WATER, record)
    assert first
    assert first.values["responsible_unit"] == "县水利局、河长办"
    back = _act(at, TURN_BACK, WATER, first)
    assert back
    assert back.values["responsible_unit"] == "东河镇、河长办"
    again = _act(at, HAND_OVER, WATER, back)
    assert again
    assert again.handed_to is None
    assert _act(at, TURN_BACK, WATER, again) is None


def test_a_transfer_that_is_sent_twice_is_one(engine: Engine, at: At, record: Record):
    answers = {"handed_to": "水利局", "reason": "供水归水利局管。"}
    for _ in range(2):
        with at("east") as desk:
            now = record_rows.get(desk, record.form, record.id)
            after = make_move(desk, HAND_OVER, now, record.version, answers)
    assert after.version == record.version + 1
    with engine.connect() as connection:
        assert len(transfers_of(connection, after)) == 1


@pytest.mark.parametrize(
    ("move", "typed", "code"),
    [
        (HAND_OVER, "村委会", "transfer-no-unit"),
        (HAND_OVER, "东河镇", "transfer-same"),
        (ASSIST, "东河镇", "assist-known"),
    ],
)
def test_what_is_no_other_unit_is_refused_in_words(at: At, record: Record, move: Move, typed: str, code: str):
    with pytest.raises(NotHandedOver) as refused, at("east") as desk:
        make_move(desk, move, record, record.version, {"handed_to": typed, "reason": "理由"})
    assert (refused.value.problem.place, refused.value.problem.code) == ("handed_to", code)
    assert typed not in refused.value.problem.message


def test_only_the_filing_unit_and_the_office_hand_over(at: At, record: Record):
    for who in ("west", "water", "willow", "department", "inspector"):
        with pytest.raises(NotAllowed), at(who) as desk:
            make_move(desk, HAND_OVER, record, 1, {"handed_to": "水利局", "reason": "理由"})


def test_the_new_unit_finds_it_among_what_it_is_responsible_for(
    engine: Engine, at: At, campaign: Campaign, record: Record
):
    after = _act(at, HAND_OVER, WEST, record)
    assert after
    with engine.connect() as connection:
        ledger = VisibleLedger(campaign, ACCOUNTS["west"], record.form, NOON.date())
        found = page(connection, ledger, Filters(relation=Relation.RESPONSIBLE)).records
    assert [each.id for each in found] == [record.id]


def test_what_was_joined_is_parted_not_restored(at: At, campaign: Campaign, record: Record):
    with at("east") as desk:
        second = record_store.create(desk, household_issue(campaign, 2, content="屋顶漏雨。", different=True))
    with at("office") as desk:
        join_records(desk, record.id, second.id)
        joined = record_rows.get(desk, record.form, second.id)
        with pytest.raises(StillJoined, match="分开"):
            make_move(desk, RESTORE, joined, joined.version, {"reason": "不该撤销。"})


def test_what_is_joined_or_names_another_unit_cannot_be_turned_back(
    engine: Engine, at: At, campaign: Campaign, record: Record
):
    handed = _act(at, HAND_OVER, WATER, record)
    assert handed
    with at("east") as desk:
        edited = record_store.edit(
            desk, handed, handed.version, {**handed.values, "responsible_unit": "西岭镇"}
        )
    assert edited.handed_to is None
    again = _act(at, HAND_OVER, WATER, edited)
    assert again
    assert again.handed_to == WATER
    with at("east") as desk:
        other = record_store.create(desk, household_issue(campaign, 3, content="屋顶漏雨。"))
    with at("office") as desk:
        join_records(desk, other.id, again.id)
        joined = record_rows.get(desk, record.form, record.id)
    assert (joined.state, joined.handed_to) == (State.WITHDRAWN, None)
    with engine.connect() as connection:
        assert {each.row.state for each in transfers_of(connection, joined)} == {"final"}


def _withdrawn(at: At, record: Record, who: str = "east") -> Record:
    with at(who) as desk:
        return make_move(desk, WITHDRAW, record, record.version, {"reason": "登记有误。"})


def test_a_household_that_was_proposed_again_is_not_restored(at: At, campaign: Campaign):
    with at("east") as desk:
        first = record_store.create(desk, proposed(campaign))
    gone = _withdrawn(at, first)
    with at("west") as desk:
        again = record_store.create(desk, replace(proposed(campaign, 2), unit_code=WEST))
    with pytest.raises(NotRestorable, match=r"西岭镇.*又登记了"), at("office") as desk:
        make_move(desk, RESTORE_HOUSEHOLD, gone, gone.version, {"reason": "不该撤销。"})
    _withdrawn(at, again, "west")
    with at("office") as desk:
        back = make_move(desk, RESTORE_HOUSEHOLD, gone, gone.version, {"reason": "不该撤销。"})
    assert back.state is State.PROPOSED


def test_whether_a_restored_issue_was_recorded_again_the_office_decides(
    engine: Engine, at: At, campaign: Campaign, record: Record
):
    with at("east") as desk:
        before = record_store.create(desk, household_issue(campaign, 2, content="屋顶漏雨。"))
    gone = _withdrawn(at, record)
    with at("east") as desk:
        again = record_store.create(desk, household_issue(campaign, 3))
    with at("office") as desk:
        make_move(desk, RESTORE, gone, gone.version, {"reason": "不该撤销。"})
    pair = tables.possible_double.c
    with engine.connect() as connection:
        rows = connection.execute(select(pair.first_id, pair.second_id).where(pair.state == "open"))
        assert [tuple(row) for row in rows] == [(again.id, record.id)]
    assert before.id != again.id
