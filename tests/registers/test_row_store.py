"""Rows of registers: made once, edited on the version that was seen, ended but kept, carried from month to month."""

from datetime import date, datetime

import pytest
from sqlalchemy import insert, select, update

from checklist.model import Campaign
from forms_server import audit as audit_log
from forms_server.db.tables import audit, household, register_row
from forms_server.desk import Desk, NotAllowed, NotFound
from forms_server.personal_data.erasure import erase_campaign, erase_household, holds_names
from forms_server.record_verification import record_faults
from forms_server.registers import row_listing, row_moves, row_periods, row_store, row_totals
from forms_server.registers.register_row import RegisterRow
from forms_server.registers.row_content import RowFiling
from forms_server.registers.row_listing import RowFilters, SeenRows
from forms_server.registers.row_store import RowConflict, RowExists
from tests.builders import EAST, EAST_DAM, EAST_WILLOW, WEST, WEST_BRIDGE
from tests.records.builders import record_id

ALL = RowFilters()
OCTOBER = datetime(2022, 10, 8, 9)


def asset(campaign: Campaign, number: int, unit: str = EAST, **other: object) -> RowFiling:
    village = EAST_WILLOW if unit == EAST else WEST_BRIDGE
    values = {
        "village": village,
        "code": f"2019-{number}",
        "name": f"大棚{number}",
        "kind_of_asset": "operating",
        "value": 1000,
    }
    register = campaign.register_by_id["asset"]
    return RowFiling(record_id(number), register, "", unit, values | other)


def worker(campaign: Campaign, number: int, period: str = "2022-08", **other: object) -> RowFiling:
    values = {
        "village": EAST_WILLOW,
        "householder": "李某某",
        "person": f"李某{number}",
        "state": "away",
        "place": "江苏省昆山市",
        "income": 4000,
    }
    return RowFiling(record_id(number), campaign.register_by_id["work"], period, EAST, values | other)


def seen(desk: Desk, register_id: str) -> SeenRows:
    return SeenRows(desk.campaign, desk.account, desk.campaign.register_by_id[register_id])


def rows(desk: Desk, register_id: str, filters: RowFilters = ALL) -> list[RegisterRow]:
    return list(row_listing.page(desk.connection, seen(desk, register_id), filters).rows)


def test_the_same_filing_twice_is_one_row(at, campaign):
    for _ in range(2):
        with at("east") as desk:
            made = row_store.create(desk, asset(campaign, 1))
    assert (made.number, made.township_code, made.version) == (1, EAST, 1)
    with at("east") as desk:
        assert [row.values["name"] for row in rows(desk, "asset")] == ["大棚1"]
        with pytest.raises(RowConflict):
            row_store.create(desk, asset(campaign, 1, name="另一座"))
        assert [row.action for row in desk.connection.execute(select(audit.c.action))] == ["file"]


def test_the_second_row_of_one_code_is_shown_the_first(at, campaign):
    with at("east") as desk:
        first = row_store.create(desk, asset(campaign, 1))
    with at("west") as desk, pytest.raises(RowExists) as refused:
        row_store.create(desk, asset(campaign, 2, WEST, code="２０１９-1 "))  # as people read it, the same
    assert (refused.value.current.id, refused.value.seen) == (first.id, False)


def test_an_edit_names_the_version_it_saw(at, campaign):
    with at("east") as desk:
        first = row_store.create(desk, asset(campaign, 1))
        changed = row_store.edit(desk, first, 1, {**first.values, "value": 2000})
        assert (changed.version, changed.values["value"]) == (2, 2000)
        with pytest.raises(RowConflict):
            row_store.edit(desk, changed, 1, {**first.values, "value": 3000})
        other = row_store.create(desk, asset(campaign, 2))
        with pytest.raises(RowExists):
            row_store.edit(desk, other, 1, {**other.values, "code": "2019-1"})


def test_a_disposed_asset_leaves_the_total_and_not_the_list(at, campaign):
    register = campaign.register_by_id["asset"]
    with at("east") as desk:
        first = row_store.create(desk, asset(campaign, 1))
        row_store.create(desk, asset(campaign, 2, value=234))
        disposed = row_moves.move(desk, first, 1, register.state("disposed"), "已拆除")
        figures = row_totals.totals(desk.connection, seen(desk, "asset"), ALL)
        assert (figures.listed, figures.rows, figures.sums) == (2, 1, {"value": 234})
        again = row_store.create(desk, asset(campaign, 3, code="2019-1"))  # its code is free again
        with pytest.raises(RowExists):
            row_moves.move(desk, disposed, 2, register.first_state, "")
        assert again.number == 3


def test_who_sees_and_writes_what(at, campaign):
    register = campaign.register_by_id["asset"]
    with at("east") as desk:
        mine = row_store.create(desk, asset(campaign, 1))
        row_store.create(desk, asset(campaign, 2, village=EAST_DAM))
    with at("west") as desk:
        row_store.create(desk, asset(campaign, 3, WEST))
        assert [row.number for row in rows(desk, "asset")] == [3]
        with pytest.raises(NotFound):
            row_store.get(desk, register, mine.id)
    with at("willow") as desk:
        assert [row.number for row in rows(desk, "asset")] == [1]
        with pytest.raises(NotAllowed):
            row_store.create(desk, asset(campaign, 4, village=EAST_DAM))
        with pytest.raises(NotAllowed):
            row_store.edit(
                desk, row_store.get(desk, register, mine.id), 1, {**mine.values, "village": EAST_DAM}
            )
    for who in ("office", "water", "department"):
        with at(who) as desk:
            assert [row.number for row in rows(desk, "asset")] == [3, 2, 1]
    for who in ("office", "department"):
        with at(who) as desk, pytest.raises(NotAllowed):
            row_store.edit(desk, row_store.get(desk, register, mine.id), 1, {**mine.values, "value": 1})
    with at("water") as desk:  # it owns the register: it corrects, and makes no rows of its own
        row_store.edit(desk, row_store.get(desk, register, mine.id), 1, {**mine.values, "value": 1})
        with pytest.raises(NotAllowed):
            row_store.create(desk, asset(campaign, 5))
    for who, numbers in {"inspector": [3], "inspector-of-none": [], "admin": []}.items():
        with at(who) as desk:
            assert [row.number for row in rows(desk, "asset")] == numbers


def test_a_new_month_carries_rows_that_wait_to_be_confirmed(at, campaign):
    register = campaign.register_by_id["work"]
    with at("east") as desk:
        first, second, third = (row_store.create(desk, worker(campaign, number)) for number in (1, 2, 3))
        row_moves.move(desk, third, 1, register.state("ended"), "去世")
    for added in (2, 0):  # opened twice, carried once
        with at("east", OCTOBER) as desk:
            assert row_periods.open_period(desk, register, "2022-10") == added
    with at("east", OCTOBER) as desk:
        assert row_periods.known_periods(desk.connection, campaign, register) == ["2022-10", "2022-08"]
        october = RowFilters("2022-10")
        later, earlier = rows(desk, "work", october)
        assert [later.carried_from, earlier.carried_from] == [second.id, first.id]
        assert (earlier.values, earlier.waiting, earlier.checked_on) == (first.values, True, None)
        row_moves.confirm(desk, earlier, 1)
        row_store.edit(desk, later, 1, {**later.values, "state": "back"})
        assert [row.checked_on for row in rows(desk, "work", october)] == [date(2022, 10, 8)] * 2
        assert rows(desk, "work", RowFilters("2022-08"))[1].values["state"] == "away"  # as it was


def test_what_is_asked_anew_is_not_carried(at, campaign):
    register = campaign.register_by_id["work"].model_copy(update={"fresh": ("income",)})
    with at("east", OCTOBER) as desk:
        row_store.create(desk, worker(campaign, 1))
        row_periods.open_period(desk, register, "2022-10")
        assert "income" not in rows(desk, "work", RowFilters("2022-10"))[0].values


def test_a_row_that_was_typed_already_is_not_carried_beside_it(at, campaign):
    with at("east", OCTOBER) as desk:
        row_store.create(desk, worker(campaign, 1))
        row_store.create(desk, worker(campaign, 2))
        typed = worker(campaign, 1, "2022-10")
        row_store.create(desk, RowFiling(record_id(9), typed.register, "2022-10", EAST, typed.values))
        assert row_periods.open_period(desk, typed.register, "2022-10") == 1
        assert len(rows(desk, "work", RowFilters("2022-10"))) == 2


def test_no_row_is_of_a_period_to_come(at, campaign):
    """It would stand as the latest on every page, and be what rows of other registers refer to."""
    with at("east", OCTOBER) as desk:
        row_store.create(desk, worker(campaign, 1, "2022-10"))
        register = campaign.register_by_id["work"]
        for write in (
            lambda: row_store.create(desk, worker(campaign, 2, "2022-11")),
            lambda: row_store.create_many(desk, [worker(campaign, 3, "2099-12")]),
            lambda: row_periods.open_period(desk, register, "2022-11"),
        ):
            with pytest.raises(NotAllowed, match="还没有开始"):
                write()
        assert row_periods.known_periods(desk.connection, campaign, register) == ["2022-10"]


def test_rows_that_are_told_apart_by_what_is_new_are_carried_once(at, campaign):
    """Two visits to one place are one next visit; a payment, known by its voucher alone, is no next one."""
    work = campaign.register_by_id["work"]
    by_day = {"one_row_per": ("householder", "place"), "fresh": ("place", "person", "income")}
    visits = work.model_copy(update=by_day)
    payments = work.model_copy(update={**by_day, "one_row_per": ("village", "place")})
    with at("east", OCTOBER) as desk:
        for number, (householder, place) in enumerate((("李某", "甲"), ("李某", "乙"), ("王某", "丙")), 1):
            row = worker(campaign, number, householder=householder, place=place)
            row_store.create(desk, RowFiling(row.id, visits, row.period, EAST, row.values))
        assert row_periods.to_carry(desk, payments, "2022-10") == 0
        assert row_periods.open_period(desk, visits, "2022-10") == 2
        for each in rows(desk, "work", RowFilters("2022-10")):
            row_store.edit(desk, each, 1, {**each.values, "place": "丁", "person": "赵某"})
        assert row_periods.open_period(desk, visits, "2022-10") == 0


def test_the_roll_up_adds_villages_to_townships_and_these_to_the_county(at, campaign):
    with at("east") as desk:
        row_store.create(desk, asset(campaign, 1, value=10))
        row_store.create(desk, asset(campaign, 2, value=200, village=EAST_DAM))
        row_store.create(desk, asset(campaign, 3, value=3000, village=None))
    with at("west") as desk:
        row_store.create(desk, asset(campaign, 4, WEST, value=40000, kind_of_asset="welfare"))
    with at("office") as desk:
        lines = row_totals.by_place(desk.connection, seen(desk, "asset"), ALL)
        told = [(each.township_code, each.village_code, each.figures.sums["value"]) for each in lines]
        assert told == [
            (None, None, 43210),
            (EAST, None, 3210),
            (EAST, EAST_WILLOW, 10),
            (EAST, EAST_DAM, 200),
            (WEST, None, 40000),
            (WEST, WEST_BRIDGE, 40000),
        ]
        kinds = campaign.register_by_id["asset"].field("kind_of_asset")
        by_kind = row_totals.by_answer(desk.connection, seen(desk, "asset"), RowFilters(), kinds)
        assert {kind: (each.rows, each.sums["value"]) for kind, each in by_kind.items()} == {
            "operating": (3, 3210),
            "welfare": (1, 40000),
        }


def test_lists_are_filtered_and_paged(at, campaign):
    with at("east") as desk:
        for number in range(1, 71):
            row_store.create(
                desk, asset(campaign, number, kind_of_asset="welfare" if number % 7 == 0 else "operating")
            )
        first = row_listing.page(desk.connection, seen(desk, "asset"), ALL)
        second = row_listing.page(desk.connection, seen(desk, "asset"), RowFilters(), first.next)
        assert [row.number for row in (*first.rows, *second.rows)] == list(range(70, 0, -1))
        assert second.next is None
        welfare = RowFilters(choices={"kind_of_asset": "welfare"})
        assert [row.number for row in rows(desk, "asset", welfare)] == list(range(70, 0, -7))
        assert [row.number for row in rows(desk, "asset", RowFilters(words="大棚68"))] == [68]
        assert rows(desk, "asset", RowFilters(village_code=EAST_DAM)) == []


def test_a_row_changed_past_the_program_is_found(at, campaign):
    def faults(desk: Desk) -> list[str]:
        found = record_faults(desk.connection, _silent)
        return [each.kind.value for each in found if each.subject == "register_row"]

    with at("east") as desk:
        row_store.create(desk, asset(campaign, 1))
        assert not faults(desk)
        desk.connection.execute(update(register_row).values(extra={"value": 1}))
        assert faults(desk) == ["altered"]


def _silent(*_: object, **__: object) -> None:
    pass


def test_erasing_a_household_takes_its_names_out_and_leaves_its_figures(at, campaign):
    with at("east") as desk:
        known = {"id": "h1", "campaign_id": campaign.id, "township_code": EAST, "village_code": EAST_WILLOW}
        known |= {"householder": "李某某", "active": True, "created_at": desk.now, "changed_at": desk.now}
        desk.connection.execute(insert(household), known)
        audit_of(desk, household.name, "h1")
        linked = row_store.create(desk, worker(campaign, 1))
        other = row_store.create(desk, worker(campaign, 2, householder="王某某"))
        named = row_store.create(desk, worker(campaign, 3, householder="赵某某", place="同李某某一起"))
        assert linked.household_id == "h1" not in {other.household_id, named.household_id}
        erase_household(desk.connection, desk.now, campaign.id, "h1")
        after = {row.number: row.values for row in rows(desk, "work", RowFilters("2022-08"))}
        assert after[1] == {"village": EAST_WILLOW, "state": "away", "income": 4000}
        assert after[2] == other.values
        assert "place" not in after[3]
        erase_campaign(desk.connection, desk.now, campaign.id)
        assert not holds_names(desk.connection, campaign.id)
        figures = row_totals.totals(desk.connection, seen(desk, "work"), RowFilters("2022-08"))
        assert (figures.rows, figures.sums) == (3, {"income": 12000})


def audit_of(desk: Desk, subject: str, subject_id: str) -> None:
    audit_log.record(desk.connection, desk.now, desk.account, subject, subject_id, "list")
