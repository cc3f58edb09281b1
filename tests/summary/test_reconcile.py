from dataclasses import replace
from typing import Any

import pytest

from build_scripts.counting.count_query import COLUMNS
from build_scripts.counting.county_summary import Summary
from build_scripts.counting.differences import Difference, Unreconciled
from build_scripts.counting.pandas_summary import frame_of, summarise
from build_scripts.counting.regions import CountyScope
from build_scripts.reconciliation.count_checks import require_none, wrong_counts, wrong_tables
from checklist.model import Campaign
from tests.builders import EAST, WEST, small_campaign

SCOPE = CountyScope(small_campaign().filing_units)

GOOD: dict[str, Any] = {
    "campaign_id": "small", "unit_code": EAST, "problem_type_id": "income",
    "found": 3, "rectified": 2, "rectifying": 1,
    "household_records": 1, "proposed_households": 1, "proposed_people": 4, "zero_reported": 0,
}  # fmt: skip


def check_counts(lines: list[tuple[Any, ...]], campaign: Campaign) -> None:
    counts = frame_of(lines, campaign)
    require_none(wrong_counts(counts.itertuples(index=False, name=None), campaign, SCOPE))


def lines(*changes: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [tuple((GOOD | change)[column] for column in COLUMNS) for change in changes]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"unit_code": "999009009"}, "填报单位“999009009”不在"),
        ({"unit_code": "lianxiban"}, "填报单位“lianxiban”不在"),
        ({"unit_code": None}, "填报单位“”不在"),
        ({"problem_type_id": "roads"}, "东河镇有记录的问题类型“roads”不在"),
        ({"rectifying": 0}, "东河镇“收入变化方面”共排查 3 个，已整改 2 个加正在整改 0 个，合不上"),
        ({"household_records": 2}, "东河镇“收入变化方面”登记了 2 行拟识别监测对象，只有 1 户"),
    ],
)
def test_what_does_not_agree_is_said(campaign: Campaign, change: dict[str, Any], expected: str) -> None:
    with pytest.raises(Unreconciled, match=expected):
        check_counts(lines({}, change | {"zero_reported": 1}), campaign)


def test_every_difference_is_said(campaign: Campaign) -> None:
    answer = lines({"unit_code": "nobody"}, {"problem_type_id": "roads"}, {"unit_code": WEST, "rectified": 0})
    with pytest.raises(Unreconciled) as raised:
        check_counts(answer, campaign)
    assert len(raised.value.differences) == 3


def shaped(*changes: dict[str, Any], campaign: Campaign) -> tuple[Summary, list[tuple[Any, ...]]]:
    """The summary of an answer, and the answer."""
    answer = lines(*changes)
    return summarise(frame_of(answer, campaign), campaign), answer


def test_good_figures_pass(campaign: Campaign) -> None:
    summary, answer = shaped({}, {"unit_code": WEST}, campaign=campaign)
    check_counts(answer, campaign)
    assert list(wrong_tables(summary, answer, campaign)) == []


def test_a_table_that_was_shaped_wrongly_is_not_published(campaign: Campaign) -> None:
    summary, answer = shaped({}, {"unit_code": WEST}, campaign=campaign)
    first, *others = summary.units
    wrong_line = replace(first.lines[0], found=4)
    wrong = replace(summary, units=(replace(first, lines=(wrong_line, *first.lines[1:])), *others))
    said = " ".join(map(str, wrong_tables(wrong, answer, campaign)))
    assert "合不上" in said
    assert "“共排查问题数”各单位合计 7，数据来源里有 6" in said


def test_a_county_line_that_is_not_the_sum_is_not_published(campaign: Campaign) -> None:
    summary, answer = shaped({}, {"problem_type_id": "housing"}, campaign=campaign)
    income, housing, water = summary.county.lines
    swapped = (replace(income, proposed_people=5), replace(housing, proposed_people=3), water)
    wrong = replace(summary, county=replace(summary.county, lines=swapped))
    said = [each.sentence for each in wrong_tables(wrong, answer, campaign)]
    assert any("“收入变化方面”各单位合计 4，" in sentence for sentence in said)


@pytest.mark.parametrize(
    ("ids", "shown"), [("", ""), ("abcde", "a、b、c、d、e"), ("abcdef", "a、b、c、d、e等")]
)
def test_five_records_are_named_and_more_are_hinted_at(ids: str, shown: str) -> None:
    sentence = str(Difference("合不上", records=tuple(ids)))
    assert sentence == ("合不上" + (f"（记录编号：{shown}）" if shown else ""))
