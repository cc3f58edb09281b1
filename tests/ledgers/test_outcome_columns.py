"""整改成效 with 整改状态, 是否整改到位 and 完成时间 beside it: read together, and asked about where they contradict."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from build_scripts.intake.ledger_book import LedgerBook, read_book
from build_scripts.intake.ledger_entry import LedgerEntry
from build_scripts.intake.workbook_reader import open_workbook
from checklist.loading.loader import load_campaign
from checklist.questions import Answers
from checklist.values.judge import Context
from tests.ledgers.books import workbook

SHIPPED = load_campaign(Path(__file__).parents[2] / "checklist" / "2022-huitoukan")
TODAY = date(2022, 8, 25)
HEAD = "序号|村|户主姓名|户类型|问题类型|具体内容|整改措施|责任人|责任单位|整改时限"
ROW = "1|河头村|张某甲|脱贫户|住房安全|屋漏|换瓦|李某|县住建局|2022.8.31"

Read = Callable[..., tuple[LedgerEntry, list[str]]]


@pytest.fixture
def read() -> Read:
    """The one row under HEAD and further columns, and the codes of its problems."""

    def reading(columns: str, cells: str, **answers: str) -> tuple[LedgerEntry, list[str]]:
        book = _book(columns, cells, {})
        if answers:
            asked = [each.question for each in book.problems if each.question]
            book = _book(columns, cells, {asked[0].key: answers["answer"]})
        [entry] = book.entries
        return entry, [each.code + "?" * bool(each.question) for each in book.problems]

    return reading


def _book(columns: str, cells: str, given: dict[str, str], today: date = TODAY) -> LedgerBook:
    unit = next(unit for unit in SHIPPED.units.townships if unit.name == "丁里镇")
    context = Context(SHIPPED, unit, today, Answers(given))
    with open_workbook(workbook({"户内": f"{HEAD}|{columns}\n{ROW}|{cells}"})) as sheets:
        return read_book(sheets, context, "李某")


@pytest.mark.parametrize(
    ("columns", "cells", "rectified", "day", "said"),
    [
        ("整改成效|整改状态", "屋面已修好|已整改", True, None, []),
        ("整改成效|整改状态", "屋面已修好|正在整改", False, None, []),
        ("整改成效|整改状态", "已整改|正在整改", False, None, ["outcome-contradicts?"]),
        ("整改状态|整改成效", "正在整改|已整改", False, None, ["outcome-contradicts?"]),
        ("整改成效|整改状态", "正在整改|已整改", False, None, ["outcome-contradicts?"]),
        ("整改成效|整改状态", "已整改|看情况", False, None, ["outcome-contradicts?"]),
        ("整改成效|整改状态", "屋面已修好|", False, None, ["outcome-unclear?"]),
        ("整改成效|整改状态", "|看情况", False, None, ["outcome-unclear?"]),
        ("整改成效|是否整改到位|整改完成时间", "|是|2022.8.20", True, date(2022, 8, 20), []),
        ("整改成效|是否整改到位|完成时间", "已修好|√|8月20日", True, date(2022, 8, 20), []),
        ("整改成效|是否整改到位|完成时间", "屋面漏水|否|2022.9.20", False, None, []),
        ("整改成效|是否整改到位|完成时间", "已修好|是|2022.9.20", False, None, ["outcome-contradicts?"]),
        ("整改成效|是否整改到位|完成时间", "屋面漏水|否|2022.8.20", False, None, ["outcome-contradicts?"]),
        ("整改成效|完成时间", "|2022.8.20", False, None, ["outcome-contradicts?"]),
        ("整改成效|完成时间", "|2022.9.20", False, None, []),
        ("整改成效|完成时间", "已整改|", True, None, []),
        ("整改成效|完成时间", "已整改|八月", True, None, ["day-missing"]),
        ("整改成效|完成时间", "已整改|2021.8.20", True, date(2021, 8, 20), ["year-beside?"]),
        ("整改成效", "8月12日已完成整改，预计9月公示", True, date(2022, 8, 12), []),
        ("整改成效", "2021年8月12日已完成整改", True, date(2021, 8, 12), ["year-beside?"]),
        ("整改情况|是否完成", "屋面已修好|是", True, None, []),
        ("是否完成|整改情况", "是|屋面已修好", True, None, []),
        ("是否完成", "是", True, None, []),
        ("整改成效|整改进度", "屋面已修好|100%", True, None, []),
        ("整改成效|整改进度", "|=0.5", False, None, []),
    ],
)  # fmt: skip
def test_the_columns_are_read_together(
    read: Read, columns: str, cells: str, rectified: bool, day: date | None, said: list[str]
) -> None:
    entry, codes = read(columns, cells)
    assert (entry.rectified, entry.rectified_on, codes) == (rectified, day, said)


def test_an_answer_decides_a_contradiction(read: Read) -> None:
    entry, codes = read("整改成效|整改状态", "已整改|正在整改", answer="done")
    assert (entry.rectified, codes) == (True, ["question-answered?"])


def test_a_day_of_another_year_is_the_day_that_was_answered(read: Read) -> None:
    entry, _ = read("整改成效|完成时间", "已整改|2021.8.20", answer="2022-08-20")
    assert entry.rectified_on == date(2022, 8, 20)


def test_a_state_alone_is_the_outcome(read: Read) -> None:
    entry, _ = read("整改成效|是否整改到位", "|是")
    assert entry.values["outcome"] == "已整改"
    assert "outcome" in entry.provided


def test_contradictions_are_not_remembered() -> None:
    """Another file's contradiction is another mistake."""
    [problem] = [each for each in _book("整改成效|整改状态", "已整改|正在整改", {}).problems if each.question]
    assert problem.question is not None
    answered = replace(problem.question, answer="done")
    assert answered.key.startswith("question-contradiction-")


@pytest.mark.parametrize("today", [TODAY, date(2022, 10, 10), date(2023, 1, 10), date(2026, 11, 30)])
@pytest.mark.parametrize(
    ("columns", "cells"), [("整改成效", "8月20日已整改到位"), ("整改成效|完成时间", "已整改|8月20日")]
)
def test_a_day_of_rectification_without_a_year_is_the_campaigns(
    columns: str, cells: str, today: date
) -> None:
    [entry] = _book(columns, cells, {}, today).entries
    assert (entry.rectified, entry.rectified_on) == (True, date(2022, 8, 20))


@pytest.mark.parametrize("today", [date(2023, 1, 10), date(2026, 11, 30)])
def test_a_day_of_rectification_outside_the_campaign_is_asked_about_in_later_years(today: date) -> None:
    book = _book("整改成效", "1月5日已整改到位", {}, today)
    assert [each.code for each in book.problems if each.question] == ["year-beside"]
