"""Ledgers that are sent again: nothing grows by rewording, nothing is kept unseen, nothing is decided in silence."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from checklist.model import Campaign
from checklist.questions import Answers, QuestionKind
from checklist.values.judge import Context
from forms_server.clock import Clock
from forms_server.db.tables import finding, household, issue, possible_double, proposed_household
from forms_server.imports.ledger_import import LedgerImport, LedgerUpload
from forms_server.records import record_store as records
from tests.builders import EAST, EAST_DAM, WATER
from tests.ledgers.books import workbook
from tests.ledgers.undoing import exported, state, take_back, take_in
from tests.records.builders import ACCOUNTS, MORNING, household_issue
from tests.records.conftest import At, at, engine, postgres, postgres_url

__all__ = ["at", "engine", "postgres", "postgres_url"]

HEAD = "序号|镇|村|户主姓名|户类型|问题类型|具体内容|整改措施|责任人|责任单位|整改时限|整改成效"
ROWS = [
    "1|东河镇|上坝村|张某某|脱贫户|住房安全|西屋漏雨，墙角发霉|换瓦|李某|东河镇|2022.8.25|",
    "2|东河镇|上坝村|王某一|一般农户|饮水安全|自来水时断时续|查管|赵某|县水利局|8月底|",
    "3|东河镇|上坝村|赵某某|脱贫户|收入|今年养殖亏损|务工|钱某|东河镇|长期坚持|",
    "4|东河镇|上坝村|孙某某|脱贫户|住房安全|堂屋裂缝|鉴定|李某|东河镇|8月底|",
    "5|东河镇|上坝村|周某某|脱贫户|收入|务工收入下降|介绍岗位|李某|东河镇|8月底|",
]


def book(*rows: str) -> bytes:
    return workbook({"户内": "\n".join([HEAD, *rows])})


@pytest.fixture
def east(campaign: Campaign) -> Context:
    return Context(campaign, campaign.unit_by_code[EAST], MORNING.date())


def plan(
    engine: Engine, data: bytes, context: Context, given: Mapping[str, str] | None = None, who: str = "east"
) -> LedgerImport:
    """What an import would do with these answers; a kind in place of a key answers all that is open."""
    upload = LedgerUpload(replace(context, answers=Answers(given or {})), ACCOUNTS[who], Clock(MORNING))
    read = upload.read(data)
    with engine.connect() as connection:
        return upload.plan(connection, read)


def answered(
    engine: Engine, data: bytes, context: Context, given: Mapping[str, str], who: str = "east"
) -> str | None:
    """Import with these answers; the batch."""
    return take_in(engine, data, replace(context, answers=Answers(given)), who)


def asked(found: LedgerImport) -> list[tuple[str, str]]:
    return [(each.question.kind, each.question.answer) for each in found.questions]


def counted(engine: Engine) -> int:
    with engine.connect() as connection:
        query = select(func.count()).select_from(issue).where(issue.c.state != "withdrawn")
        return int(connection.scalar(query) or 0)


def contents(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return sorted(connection.scalars(select(issue.c.content).where(issue.c.state != "withdrawn")))


def key(found: LedgerImport, number: int = 0) -> str:
    return found.questions[number].question.key


def changed(found: LedgerImport) -> list[list[str]]:
    return [list(change.fields) for change in found.plan.changed]


@pytest.mark.parametrize("extra", ["。", " 。", "！"])
def test_a_full_stop_more_is_the_same_issue_unless_a_person_says_otherwise(
    engine: Engine, east: Context, extra: str
) -> None:
    take_in(engine, book(*ROWS), east)
    again = book(ROWS[0].replace("发霉", f"发霉{extra}"), *ROWS[1:])
    found = plan(engine, again, east)
    assert asked(found) == [(QuestionKind.ISSUE, "same")]
    assert (len(found.plan.new), changed(found)) == (0, [["content"]])
    other = plan(engine, again, east, {key(found): "new"})
    assert (len(other.plan.new), len(other.plan.changed)) == (1, 0)
    take_in(engine, again, east)
    assert counted(engine) == 5


def test_a_reworded_row_is_asked_about_and_blocks_until_it_is_answered(engine: Engine, east: Context) -> None:
    take_in(engine, book(*ROWS), east)
    again = book(ROWS[0].replace("西屋漏雨，墙角发霉", "房子一直在漏"), *ROWS[1:])
    found = plan(engine, again, east)
    assert asked(found) == [(QuestionKind.ISSUE, "")]
    assert "西屋漏雨" in found.questions[0].why
    assert found.errors
    assert take_in(engine, again, east) is None
    assert counted(engine) == 5
    answered(engine, again, east, {key(found): "same"})
    assert (counted(engine), "房子一直在漏" in contents(engine)) == (5, True)


def test_a_row_that_finds_an_issue_again_is_a_finding_of_it(engine: Engine, east: Context) -> None:
    take_in(engine, book(*ROWS), east)
    before, exported_before = state(engine), exported(engine, east)
    again = book(ROWS[0].replace("西屋漏雨，墙角发霉", "房子一直在漏"), *ROWS[1:])
    batch_id = answered(engine, again, east, {QuestionKind.ISSUE: "again"})
    with engine.connect() as connection:
        found = connection.execute(select(finding)).mappings().one()
    assert (found["content"], found["way"], counted(engine)) == ("房子一直在漏", "import", 5)
    assert exported(engine, east) == exported_before
    take_back(engine, east, batch_id)
    assert state(engine) == before


def test_another_issue_is_filed_and_nobody_is_asked_again(engine: Engine, east: Context) -> None:
    take_in(engine, book(*ROWS), east)
    before = state(engine)
    again = book(ROWS[0].replace("西屋漏雨，墙角发霉", "院墙倒塌"))
    batch_id = answered(engine, again, east, {QuestionKind.ISSUE: "new"})
    assert counted(engine) == 6
    with engine.connect() as connection:
        assert connection.scalars(select(possible_double.c.state)).all() == ["different"]
    assert asked(plan(engine, again, east)) == [(QuestionKind.MISSING, "kept")]
    take_back(engine, east, batch_id)
    assert state(engine) == before


def test_one_type_changed_one_left_out_one_name_corrected_and_it_is_five_each_time(
    engine: Engine, east: Context
) -> None:
    take_in(engine, book(*ROWS), east)
    moved = book(ROWS[0].replace("住房安全", "收入"), *ROWS[1:])
    found = plan(engine, moved, east)
    assert (asked(found), changed(found)) == ([(QuestionKind.ISSUE, "same")], [["problem_type"]])
    take_in(engine, moved, east)
    assert counted(engine) == 5
    fewer = book(*ROWS[1:])
    found = plan(engine, fewer, east)
    assert asked(found) == [(QuestionKind.MISSING, "kept")]
    assert take_in(engine, fewer, east) is None
    assert counted(engine) == 5
    corrected = book(ROWS[0].replace("住房安全", "收入"), ROWS[1].replace("王某一", "王某乙"), *ROWS[2:])
    found = plan(engine, corrected, east)
    assert asked(found) == [(QuestionKind.ISSUE, "")]
    assert "姓名" in found.questions[0].why
    answered(engine, corrected, east, {QuestionKind.ISSUE: "same"})
    assert counted(engine) == 5
    assert asked(plan(engine, corrected, east)) == []


def test_a_row_is_compared_with_what_was_filed_on_the_web(
    engine: Engine, campaign: Campaign, east: Context, at: At
) -> None:
    with at("east") as desk:
        records.create(
            desk, household_issue(campaign, village=EAST_DAM, householder="张某某", content="屋顶渗水")
        )
    found = plan(engine, book(ROWS[0]), east)
    assert asked(found) == [(QuestionKind.ISSUE, "")]
    assert "屋顶渗水" in found.questions[0].why


def test_another_units_record_is_told_without_its_text_and_left_to_the_office(
    engine: Engine, campaign: Campaign, campaign_of_west: Context, east: Context, at: At
) -> None:
    take_in(engine, book(*ROWS), east)
    water = replace(campaign_of_west, unit=campaign.unit_by_code[WATER])
    found = plan(engine, book(ROWS[0].replace("西屋漏雨，墙角发霉", "屋顶渗水")), water, who="water")
    assert asked(found) == []
    (said,) = (each.message for each in found.problems if each.code == "row-alike-unseen")
    assert "西屋漏雨" not in said
    take_in(engine, book(ROWS[0].replace("西屋漏雨，墙角发霉", "屋顶渗水")), water, "water")
    with engine.connect() as connection:
        assert connection.scalars(select(possible_double.c.state)).all() == ["open"]
    assert counted(engine) == 6


@pytest.fixture
def campaign_of_west(campaign: Campaign) -> Context:
    return Context(campaign, campaign.unit_by_code[WATER], MORNING.date())


def test_somebody_of_one_village_is_not_asked_about_others(engine: Engine, east: Context) -> None:
    take_in(engine, book(*ROWS), east)
    found: Any = plan(engine, book(ROWS[0].replace("西屋漏雨，墙角发霉", "屋顶渗水")), east, who="willow")
    assert [each.code for each in found.errors] == ["village-not-yours"]
    assert asked(found) == []


def test_general_issues_of_one_place_are_told_by_their_texts(engine: Engine, east: Context) -> None:
    head = "序号|面上问题层级|问题类型|具体内容|整改措施|责任人|责任单位|整改时限|整改成效"
    row = "1|镇级层面（东河镇）|收入|没有建立务工台账，底数不清|补建|李某|东河镇|立行立改|"
    take_in(engine, workbook({"面上": f"{head}\n{row}"}), east)
    other = workbook({"面上": f"{head}\n{row.replace('没有建立务工台账，底数不清', '光伏电站停运')}"})
    found = plan(engine, other, east)
    assert asked(found) == [(QuestionKind.MISSING, "kept")]
    assert "没有建立务工台账" in found.questions[0].question.typed
    alike = workbook({"面上": f"{head}\n{row.replace('没有建立务工台账', '没有建立就业台账')}"})
    assert asked(plan(engine, alike, east)) == [(QuestionKind.ISSUE, "")]


def test_rows_of_one_file_that_say_the_same_are_asked_about(engine: Engine, east: Context) -> None:
    stop = book(ROWS[0], ROWS[0].replace("发霉", "发霉。"))
    found = plan(engine, stop, east)
    assert (asked(found), len(found.plan.new)) == ([(QuestionKind.ISSUE, "same")], 1)
    assert "户内!A2 那一行" in found.questions[0].why
    reworded = book(ROWS[0], ROWS[0].replace("西屋漏雨，墙角发霉", "西屋漏雨，墙角也发霉了"))
    assert asked(plan(engine, reworded, east)) == [(QuestionKind.ISSUE, "")]
    assert take_in(engine, reworded, east) is None
    other = book(ROWS[0], ROWS[0].replace("西屋漏雨，墙角发霉", "电线老化"))
    found = plan(engine, other, east)
    assert (asked(found), len(found.plan.new)) == ([(QuestionKind.ISSUE, "new")], 2)
    take_in(engine, stop, east)
    assert counted(engine) == 1


def test_a_row_beside_the_one_that_is_recorded_is_asked_about(engine: Engine, east: Context) -> None:
    take_in(engine, book(*ROWS), east)
    before = state(engine)
    both = book(*ROWS, ROWS[0].replace("发霉", "发霉了。"))
    assert asked(plan(engine, both, east)) == [(QuestionKind.ISSUE, "")]
    answered(engine, both, east, {QuestionKind.ISSUE: "same"})
    assert counted(engine) == 5
    batch_id = answered(engine, both, east, {QuestionKind.ISSUE: "new"})
    assert counted(engine) == 6
    with engine.connect() as connection:
        assert connection.scalars(select(possible_double.c.state)).all() == ["different"]
    take_back(engine, east, batch_id)
    assert state(engine) == before


def test_two_new_rows_that_a_person_tells_apart_are_two_and_nobody_is_asked_again(
    engine: Engine, east: Context
) -> None:
    both = book(ROWS[0], ROWS[0].replace("发霉", "发霉了"))
    batch_id = answered(engine, both, east, {QuestionKind.ISSUE: "new"})
    assert counted(engine) == 2
    with engine.connect() as connection:
        assert connection.scalars(select(possible_double.c.state)).all() == ["different"]
    assert asked(plan(engine, both, east)) == []
    take_back(engine, east, batch_id)
    assert counted(engine) == 0


@pytest.mark.parametrize("name", ["张　某某", "张 某 某", "张\u00a0某某"])
def test_a_name_with_blanks_is_the_same_householder(engine: Engine, east: Context, name: str) -> None:
    spaced = ROWS[0].replace("张某某", name)
    assert len(plan(engine, book(ROWS[0], spaced), east).plan.new) == 1
    assert not plan(engine, book(ROWS[0], spaced), east).errors
    take_in(engine, book(ROWS[0]), east)
    found = plan(engine, book(spaced), east)
    assert (found.plan.unchanged, changed(found), len(found.plan.new)) == (1, [], 0)


def test_two_rows_of_one_household_and_text_under_two_types_are_asked_about(
    engine: Engine, east: Context
) -> None:
    twice = book(ROWS[0], ROWS[0].replace("住房安全", "收入").replace("发霉", "发霉。"))
    found = plan(engine, twice, east)
    assert (asked(found), "问题类型不同" in found.questions[0].why) == ([(QuestionKind.ISSUE, "")], True)
    assert take_in(engine, twice, east) is None
    answered(engine, twice, east, {QuestionKind.ISSUE: "same"})
    assert counted(engine) == 1
    other = book(ROWS[1], ROWS[1].replace("饮水安全", "收入").replace("自来水时断时续", "老人独居无人照料"))
    found = plan(engine, other, east)
    assert [each for each in asked(found) if each[0] == QuestionKind.ISSUE] == []


def test_a_general_issue_moved_to_another_type_is_asked_about(engine: Engine, east: Context) -> None:
    head = "序号|面上问题层级|问题类型|具体内容|整改措施|责任人|责任单位|整改时限|整改成效"
    row = "1|镇级层面（东河镇）|收入|没有建立务工台账|补建|李某|东河镇|立行立改|"
    moved = row.replace("收入", "住房安全").replace("台账", "台账。")
    found = plan(engine, workbook({"面上": f"{head}\n{row}\n{moved}"}), east)
    assert asked(found) == [(QuestionKind.ISSUE, "")]
    take_in(engine, workbook({"面上": f"{head}\n{row}"}), east)
    again = workbook({"面上": f"{head}\n{moved}"})
    found = plan(engine, again, east)
    assert asked(found) == [(QuestionKind.ISSUE, "same")]
    take_in(engine, again, east)
    assert counted(engine) == 1
    assert asked(plan(engine, again, east)) == []


def test_two_spellings_of_a_name_in_one_file_are_one_row(engine: Engine, east: Context) -> None:
    dotted = [ROWS[0].replace("张某某", name) for name in ("阿·木", "阿•木")]
    found = plan(engine, book(*dotted), east)
    assert (len(found.plan.new), found.errors) == (1, [])


@pytest.mark.parametrize("name", ["张　某某", "张 某 某", "张\u200b某某"])
@pytest.mark.parametrize("file_first", [True, False])
def test_an_imported_name_with_blanks_and_the_filed_one_without_are_one_household(
    engine: Engine, campaign: Campaign, east: Context, at: At, name: str, file_first: bool
) -> None:
    spaced = book(ROWS[2].replace("赵某某", name).replace("务工|钱某", "务工|孙某"))
    filing = household_issue(campaign, 7, village=EAST_DAM, householder="张某某", content="墙裂")
    if file_first:
        with at("east") as desk:
            records.create(desk, filing)
    take_in(engine, spaced, east)
    if not file_first:
        with at("east") as desk:
            records.create(desk, filing)
    with engine.connect() as connection:
        made = connection.scalars(select(household.c.householder)).all()
        named = connection.scalars(select(issue.c.household_id)).all()
    assert (len(made), len(named), len(set(named)), None in named) == (1, 2, 1, False)


def test_a_household_that_another_unit_proposed_is_shown_and_proposed_once(
    engine: Engine, campaign: Campaign, campaign_of_west: Context, east: Context
) -> None:
    head = "镇|村|户主姓名|户类型|人数|主要风险|理由|识别日期"
    row = "东河镇|上坝村|孙己河|一般农户|3|收入|户主住院|2022.8.15"
    take_in(engine, workbook({"拟识别": f"{head}\n{row}"}), east)
    again = workbook(
        {"拟识别": f"{head}\n{row.replace('孙己河', '孙 己河').replace('户主住院', '儿子上大学')}"}
    )
    found = plan(engine, again, campaign_of_west, who="water")
    assert asked(found) == [(QuestionKind.ISSUE, "")]
    assert "户主住院" in found.questions[0].why
    answered(engine, again, campaign_of_west, {QuestionKind.ISSUE: "again"}, "water")
    assert proposals(engine) == 1
    answered(engine, again, campaign_of_west, {QuestionKind.ISSUE: "new"}, "water")
    with engine.connect() as connection:
        of = select(func.count(proposed_household.c.household_id.distinct()), func.count()).select_from(
            proposed_household
        )
        assert connection.execute(of).one() == (2, 2), "another household of that name, never the same twice"


def proposals(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(proposed_household)) or 0
