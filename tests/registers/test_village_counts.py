"""The monthly round: what a village's sheet counts by itself, what it compares with the month before, and refuses."""

from dataclasses import replace
from datetime import datetime

import pytest

from checklist.model import Campaign, Register
from forms_server.db.tables import register_row
from forms_server.imports.batch_undo import BatchDesk, undo
from forms_server.imports.import_batches import LEDGER, NEW, BatchLog, Effect, SourceFile
from forms_server.records import record_store
from forms_server.registers import row_moves, row_periods, row_store
from forms_server.registers.row_content import RowFiling
from forms_server.registers.row_listing import RowFilters
from forms_server.registers.row_rules import RuledRegister
from forms_server.visits import visit_store
from tests.builders import EAST, EAST_DAM, EAST_WILLOW, WATER
from tests.records.builders import household_issue, proposed, record_id
from tests.registers.test_row_store import rows, worker
from tests.small_registers import campaign_with_registers
from tests.visits.builders import ALL_FINE, add_household, start

AUGUST, OCTOBER = datetime(2022, 8, 20, 9), datetime(2022, 10, 8, 9)


def _counted(field_id: str, **counted: str) -> dict[str, object]:
    return {"id": field_id, "label": field_id, "type": "computed", "result": "integer", "counted": counted}


def round_register() -> Register:
    """A sheet a village and month, in which only the opinion, and whether there is anything new, are typed."""
    in_month = "between period_start and period_end"
    return Register.model_validate(
        {
            "id": "round",
            "version": 1,
            "kind": "register",
            "name": "月研判",
            "title": "{unit}{period}月研判",
            "purpose": "每村每月一张。",
            "owner": WATER,
            "filled_by": ("townships",),
            "period": "month",
            "one_row_per": ("village",),
            "fresh": ("opinion", "nothing_new"),
            "fields": (
                {"id": "serial", "label": "序号", "type": "serial"},
                {"id": "village", "label": "村", "type": "village", "required": True},
                _counted("households", of="households", where="household_type = 'tuopin'"),
                _counted("visited", of="visits"),
                _counted("open_issues", of="issues", where="state = 'rectifying'"),
                _counted("fresh", of="proposed", where=f"filed_on {in_month}"),
                _counted("fresh_people", of="proposed", where=f"filed_on {in_month}", sum="people"),
                _counted("working", of="work", where="period = period_start and state = 'away'"),
                {"id": "change", "label": "增减", "type": "computed", "result": "integer",
                 "formula": "working - last.working"},
                {"id": "opinion", "label": "意见", "type": "text", "max_length": 60},
                {"id": "nothing_new", "label": "无新情况", "type": "yesno", "required": True},
            ),
            "checks": (
                {"id": "zero", "level": "error", "when": "nothing_new and fresh > 0", "say": "有拟新增的户。"},
                {"id": "copied", "level": "doubt", "when": "opinion = last.opinion", "say": "和上月一样。"},
            ),
        }
    )  # fmt: skip


@pytest.fixture(scope="session")
def campaign() -> Campaign:
    """The county with the registers of assets and work, and the monthly round."""
    county = campaign_with_registers()
    return county.model_copy(update={"registers": (*county.registers, round_register())})


def sheet(campaign: Campaign, period: str, number: int = 90, **typed: object) -> RowFiling:
    values = {"village": EAST_WILLOW, "opinion": "没有变化", "nothing_new": False, **typed}
    return RowFiling(record_id(number), campaign.register_by_id["round"], period, EAST, values)


def a_village_in_august(desk):
    """Two households, one of them visited by two units; an issue, a household proposed, and two people at work."""
    campaign = desk.campaign
    first = add_household(desk, 1)
    add_household(desk, 2)
    add_household(desk, 3, EAST_DAM)
    begun = visit_store.begin(desk, start(campaign, 1, first))
    visit_store.save(desk, begun, 1, ALL_FINE, finish=True)
    visit_store.begin(desk, start(campaign, 2, first))
    record_store.create(desk, household_issue(campaign))
    record_store.create(desk, household_issue(campaign, 2, village=EAST_DAM))
    record_store.create(desk, proposed(campaign, 3, people=4))
    for number in (11, 12):
        row_store.create(desk, worker(campaign, number, "2022-08"))
    row_store.create(desk, worker(campaign, 13, "2022-08", state="back"))
    row_store.create(desk, worker(campaign, 14, "2022-08", village=EAST_DAM))
    row_store.create(in_september(desk), worker(campaign, 15, "2022-09"))


def in_september(desk):
    return replace(desk, now=datetime(2022, 9, 1, 9))


def test_a_sheet_counts_its_own_village_and_month(at, campaign):
    with at("east", AUGUST) as desk:
        a_village_in_august(desk)
        row = row_store.create(desk, sheet(campaign, "2022-08"))
        later = row_store.create(in_september(desk), sheet(campaign, "2022-09", 91))
    said = dict(row.values)
    named = ("households", "visited", "open_issues", "fresh", "fresh_people", "working", "change")
    assert [said.get(name) for name in named] == [2, 1, 1, 1, 4, 2, None]
    assert [later.values.get(name) for name in named] == [2, 0, 1, 0, 0, 1, -1]


def test_what_is_typed_in_place_of_a_count_is_not_believed(at, campaign):
    with at("east", AUGUST) as desk:
        a_village_in_august(desk)
        row = row_store.create(desk, sheet(campaign, "2022-08", households=99, change=7))
    assert (row.values["households"], row.values.get("change")) == (2, None)


def test_a_zero_report_beside_something_new_is_refused_and_a_copied_opinion_doubted(at, campaign):
    with at("east", AUGUST) as desk:
        a_village_in_august(desk)
        row_store.create(desk, sheet(campaign, "2022-07", 89))
        ruled = RuledRegister(campaign, campaign.register_by_id["round"], AUGUST.date())
        asked = {"village": EAST_WILLOW, "opinion": "没有变化", "nothing_new": True}
        (judged,) = ruled.judge(desk.connection, [asked], "2022-08")
    assert [(problem.message, problem.warning) for problem in judged.problems] == [
        ("有拟新增的户。", False),
        ("和上月一样。", True),
    ]


def test_the_next_month_is_opened_with_counts_of_its_own(at, campaign):
    with at("east", AUGUST) as desk:
        a_village_in_august(desk)
        row_store.create(desk, sheet(campaign, "2022-08"))
        register = campaign.register_by_id["round"]
        assert row_periods.open_period(in_september(desk), register, "2022-09") == 1

        (row,) = rows(desk, "round", RowFilters("2022-09"))
    assert (row.values.get("visited"), row.values.get("working"), row.values.get("opinion")) == (0, 1, None)


def change_in(desk, period):
    (row,) = rows(desk, "round", RowFilters(period))
    return row.values.get("change")


def test_the_next_month_follows_a_month_that_is_written_down_late_ended_and_taken_back(at, campaign):
    ended = campaign.register_by_id["round"].states[-1]
    with at("east", OCTOBER) as desk:
        a_village_in_august(desk)
        row_store.create(desk, sheet(campaign, "2022-09", 91))
        assert change_in(desk, "2022-09") is None
        late = row_store.create(desk, sheet(campaign, "2022-08"))
        assert change_in(desk, "2022-09") == -1
        gone = row_moves.move(desk, late, late.version, ended, "填重了")
        assert change_in(desk, "2022-09") is None
        row_moves.move(desk, gone, gone.version, campaign.register_by_id["round"].first_state, "")
        assert change_in(desk, "2022-09") == -1


def test_the_next_month_follows_a_month_that_is_opened_late_or_is_of_another_village(at, campaign):
    with at("east", OCTOBER) as desk:
        a_village_in_august(desk)
        row_store.create(desk, sheet(campaign, "2022-07", 89))
        row_store.create(desk, sheet(campaign, "2022-09", 91))
        assert change_in(desk, "2022-09") == 1
        assert row_periods.open_period(desk, campaign.register_by_id["round"], "2022-08") == 1
        assert change_in(desk, "2022-09") == -1
        (opened,) = rows(desk, "round", RowFilters("2022-08"))
        said = {**opened.values, "village": EAST_DAM, "opinion": "没有", "nothing_new": False}
        moved = row_store.edit(desk, opened, opened.version, said)
        assert change_in(desk, "2022-09") == 1
        row_store.edit(desk, moved, moved.version, {**said, "village": EAST_WILLOW})
        assert change_in(desk, "2022-09") == -1


def test_the_next_month_follows_what_a_confirmation_counts(at, campaign):
    with at("east", OCTOBER) as desk:
        a_village_in_august(desk)
        row_store.create(desk, sheet(campaign, "2022-07", 89))
        row_periods.open_period(desk, campaign.register_by_id["round"], "2022-08")
        row_store.create(desk, sheet(campaign, "2022-09", 91))
        row_store.create(desk, worker(campaign, 16, "2022-08"))
        assert change_in(desk, "2022-09") == -1
        (opened,) = rows(desk, "round", RowFilters("2022-08"))
        filled = replace(opened, values={**opened.values, "nothing_new": False})
        row_moves.confirm(desk, filled, opened.version)
        assert change_in(desk, "2022-09") == -2


def test_the_next_month_follows_a_month_whose_import_is_undone(at, campaign):
    with at("east", OCTOBER) as desk:
        a_village_in_august(desk)
        row_store.create(desk, sheet(campaign, "2022-09", 91))
        row_store.create_many(desk, [sheet(campaign, "2022-08")])
        assert change_in(desk, "2022-09") == -1
        log = BatchLog(desk.connection, campaign, EAST, desk.account, desk.now)
        made = Effect(register_row.name, record_id(90), NEW, "1")
        batch = log.write(LEDGER, SourceFile("研判.xlsx", b"x"), [made], {"new": 1})
        undo(BatchDesk(desk.connection, campaign, desk.account, desk.now), batch)
        assert change_in(desk, "2022-09") is None
