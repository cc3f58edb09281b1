"""What is missing from a return or contradicts itself: all of it at once, each with where to mend it."""

from datetime import date

import pytest

from forms_server.returns.return_completeness import Where, find_lacks, visit_hints
from tests.builders import small_campaign
from tests.returns.documents import document, issue, line, part, zero

TODAY = date(2022, 8, 20)
CAMPAIGN = small_campaign()


def lacks(today: date = TODAY, **other):
    return find_lacks(document(**other), CAMPAIGN, today)


def codes(**other) -> list[str]:
    return [lack.code for lack in lacks(**other)]


def test_a_complete_return_lacks_nothing():
    assert lacks() == []


def test_a_problem_type_that_nobody_reported_is_named_with_its_place():
    [lack] = lacks(
        figures=[line("income", 1, "no"), line("housing", 2, "yes", found=1, rectifying=1), line("water", 3)],
        zero_report=[zero("water")],
    )
    assert (lack.code, lack.where, lack.key, lack.blocks) == (
        "return-not-reported", Where.ZERO, "income", True,
    )  # fmt: skip
    assert "收入变化方面" in lack.message


def test_a_tick_against_the_ledger_is_a_contradiction():
    [lack] = lacks(zero_report=[zero("income"), zero("water"), zero("housing")])
    assert (lack.code, lack.key) == ("return-zero-contradicts", "housing")
    assert "1 个问题" in lack.message


def test_a_tick_beside_a_proposed_household_is_worth_a_look():
    figures = [
        line("income", 1),
        line("housing", 2, "yes", found=1),
        line("water", 3, "yes", proposed_households=2),
    ]
    [lack] = [each for each in lacks(figures=figures) if not each.blocks]
    assert (lack.code, lack.key, lack.blocks) == ("return-zero-beside-households", "water", False)
    assert "2 户拟识别监测对象" in lack.message


def test_an_empty_part_of_the_report_is_named():
    [lack] = lacks(report_text=[part("work", 1), part("next", 2, " \n")])
    assert (lack.code, lack.where, lack.key) == ("return-part-empty", Where.REPORT, "next")


def test_required_values_that_are_missing_are_named_together():
    [lack] = lacks(issue=[issue(content=None, responsible_person=None)])
    assert (lack.code, lack.where, lack.key, lack.form_id) == (
        "return-record-incomplete", Where.RECORD, "issue-1", "household-issues",
    )  # fmt: skip
    assert "户内问题”第 1 条没有填具体内容、责任人" in lack.message


def test_an_outcome_is_asked_of_what_was_rectified():
    figures = [line("income", 1), line("housing", 2, "yes", found=1, rectified=1), line("water", 3)]
    [lack] = lacks(issue=[issue(state="rectified")], figures=figures)
    assert "整改成效" in lack.message
    assert lacks(issue=[issue(state="closed", outcome="已修好。")], figures=figures) == []


def test_a_field_under_a_condition_is_asked_only_where_it_holds():
    general = {"form_id": "general-issues", "householder": None, "household_type": None, "people": None}
    county = issue(level="county", township_code=None, village_code=None, **general)
    assert lacks(issue=[county]) == []
    [lack] = lacks(issue=[issue(level="village", village_code=None, **general)])
    assert lack.code == "return-record-incomplete"
    assert lack.form_id == "general-issues"


def test_withdrawn_records_are_not_asked_and_not_numbered():
    rows = [issue(1, state="withdrawn", content=None), issue(2, content=None)]
    [lack] = lacks(issue=rows)
    assert lack.key == "issue-2"
    assert "第 1 条" in lack.message


def test_visits_that_are_not_finished_are_hinted_at():
    hints = visit_hints({"household-issues": 3, "gone": 1}, CAMPAIGN)
    assert [(hint.where, hint.form_id, hint.blocks) for hint in hints] == [
        (Where.VISITS, "household-issues", False)
    ]
    assert "有 3 份没有填完" in hints[0].message


def test_a_problem_type_that_nobody_counts_is_named():
    assert codes(
        issue=[issue(), issue(2, problem_type_id="gone")],
    ) == ["return-type-unknown"]


@pytest.mark.parametrize("figures", [{"found": 2, "rectifying": 2}, {"found": 1, "rectified": 1}])
def test_figures_that_the_ledger_does_not_bear_out_block(figures):
    wrong = [line("income", 1), line("housing", 2, "yes", **figures), line("water", 3)]
    assert codes(figures=wrong) == ["return-figures-differ"]


def test_overdue_issues_are_told_and_do_not_block():
    [lack] = lacks(today=date(2022, 9, 1))
    assert (lack.code, lack.where, lack.form_id, lack.blocks) == (
        "return-overdue", Where.LEDGER, "household-issues", False,
    )  # fmt: skip
    assert lacks(today=date(2022, 8, 31)) == []
    assert lacks(today=date(2022, 9, 1), issue=[issue(deadline=None)]) == []


def test_everything_is_reported_at_once_and_what_blocks_comes_first():
    found = lacks(
        today=date(2022, 9, 1),
        figures=[line("income", 1, "no"), line("housing", 2, "yes", found=1, rectifying=1), line("water", 3)],
        issue=[issue(content=None)],
        zero_report=[zero("housing"), zero("water")],
        report_text=[part("work", 1, ""), part("next", 2)],
    )
    assert [lack.code for lack in found] == [
        "return-not-reported", "return-zero-contradicts", "return-record-incomplete", "return-part-empty",
        "return-overdue",
    ]  # fmt: skip
