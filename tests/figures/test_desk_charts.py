"""Charts of the office's desk: what they say is what was counted, with axes from nothing to at least the most."""

import re
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from build_scripts.counting.daily_counts import DayCount
from forms_server.figures.desk_charts import (
    Pace,
    RatedUnit,
    burn_down,
    pareto,
    percent,
    progress,
    ranked,
    ranking,
    ticks,
)
from forms_server.figures.township_map import Township, township_map

AS_OF = "截至2022年8月20日 09:00"
DAY = date(2022, 8, 10)
DAYS = [DayCount(DAY, 4, 0, 4, 0), DayCount(DAY + timedelta(1), 2, 3, 6, 3)]


def drawn(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "xml")


def words(text: str) -> list[str]:
    return [each.text for each in drawn(text).find_all("text")]


@given(st.integers(0, 10**7))
def test_an_axis_begins_at_nothing_and_holds_the_most_in_few_round_steps(most: int) -> None:
    values = ticks(most)
    assert values[0] == 0
    assert values[-1] >= max(most, 1)
    assert len(values) <= 5
    steps = {after - before for before, after in pairwise(values)}
    assert len(steps) == 1
    assert re.fullmatch("[125]0*", str(steps.pop()))


@given(st.integers(0, 999), st.integers(1, 999))
def test_only_all_is_a_hundred_per_cent(part: int, whole: int) -> None:
    assert (percent(min(part, whole), whole) == "100%") is (part >= whole)


def test_the_largest_stands_first_and_the_shares_add_up() -> None:
    text = pareto("哪类", AS_OF, [("住房", 1), ("饮水", 8), ("医保", 0), ("教育", 1)])
    assert [each for each in words(text) if "累计" in each] == [
        "8 个，累计 80%",
        "1 个，累计 90%",
        "1 个，累计 100%",
    ]
    assert [rect["class"] for rect in drawn(text).find_all("rect")] == ["bar-open", "bar-rest", "bar-rest"]
    assert "医保" not in text
    assert AS_OF in words(text)


def test_equal_rates_share_a_place_and_nothing_is_no_rate() -> None:
    units = [
        RatedUnit("甲", 4, 2),
        RatedUnit("乙", None, 0),
        RatedUnit("丙", 2, 2),
        RatedUnit("丁", 0, 0),
        RatedUnit("戊", 2, 1),
    ]
    assert [(place, unit.name) for place, unit in ranked(units)] == [
        (1, "丙"), (2, "甲"), (2, "戊"), (None, "丁"), (None, "乙")
    ]  # fmt: skip
    told = words(ranking("整改率", AS_OF, units))
    assert {"100%（2/2）", "50%（2/4）", "50%（1/2）", "— 还没有报", "0 个问题"} <= set(told)
    assert "0%" in told  # of the axis
    assert "100%" in told


NOON = datetime.combine(DAY + timedelta(2), time(12))


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (NOON - timedelta(2), "还有 3 个没有整改，离报送时限还有 2 天，从今天算起平均每天要整改 1 个。"),
        (NOON - timedelta(1), "还有 3 个没有整改，离报送时限还有 1 天，从今天算起平均每天要整改 2 个。"),
        (NOON - timedelta(hours=12), "今天 12:00 就到报送时限，还有 3 个没有整改。"),
        (NOON, "今天 12:00 就到报送时限，还有 3 个没有整改。"),
        (NOON + timedelta(seconds=1), "报送时限已过，还有 3 个没有整改。"),
        (NOON + timedelta(hours=12), "报送时限已过，还有 3 个没有整改。"),
    ],
)
def test_the_pace_is_told_from_moment_to_moment(now: datetime, said: str) -> None:
    assert Pace(3, now, NOON).words == said
    assert Pace(0, now, NOON).words == "登记的问题都已整改。"


def pace_of(today: date, deadline: date) -> Pace:
    return Pace(3, datetime.combine(today, time(9)), datetime.combine(deadline, time(12)))


def test_what_is_left_is_drawn_down_to_nothing_at_the_deadline() -> None:
    text = burn_down("剩余", AS_OF, DAYS, pace_of(DAY + timedelta(1), DAY + timedelta(4)))
    straight = drawn(text).find_all("path", class_="line-pace")[-1]["d"]
    foot = drawn(text).find_all("path", class_="grid")[0]["d"].split()[-1]
    assert straight.split()[-1] == foot
    assert "现在 3" in words(text)
    assert [each for each in words(text) if "月" in each and "截至" not in each] == ["8月10日", "8月14日"]


def test_after_the_deadline_no_straight_way_is_left() -> None:
    text = burn_down("剩余", AS_OF, DAYS, pace_of(DAY + timedelta(9), DAY + timedelta(1)))
    assert len(drawn(text).find_all("path", class_="line-pace")) == 1  # of the legend
    assert "时限已过，还有 3 个没有整改。" in text


def test_columns_are_as_high_as_the_day_s_figures() -> None:
    rects = drawn(progress("每天", AS_OF, DAYS)).find_all("rect")[2:]
    heights = [(rect["class"], float(rect["height"])) for rect in rects]
    scale = 170 / ticks(6)[-1]
    assert heights == [
        ("bar-open", pytest.approx(4 * scale, abs=0.1)), ("bar-done", 0),
        ("bar-open", pytest.approx(3 * scale, abs=0.1)), ("bar-done", pytest.approx(3 * scale, abs=0.1)),
    ]  # fmt: skip


TOWNS = [Township("1", "东河镇", 4, 1), Township("2", "西岭镇", None, 0), Township("3", "北山镇", 0, 0)]


def test_a_township_without_a_report_is_blank_and_one_without_issues_is_not() -> None:
    text = township_map("各乡镇", AS_OF, TOWNS, {})
    assert [each for each in words(text) if each in {"3/4", "—", "0/0"}] == ["3/4", "—", "0/0"]
    tiles = [rect["class"] for rect in drawn(text).find_all("rect")][7:]
    assert tiles == ["map-1", "map-none", "map-0"]


def test_outlines_are_drawn_where_no_township_lacks_its_own() -> None:
    square = (((116.0, 34.0), (117.0, 34.0), (117.0, 34.5), (116.0, 34.5)),)
    all_of_them = {each.code: square for each in TOWNS}
    assert (
        len(drawn(township_map("各乡镇", AS_OF, TOWNS, all_of_them)).find_all("path", d=re.compile("z$")))
        == 4
    )
    one_lacks = township_map("各乡镇", AS_OF, TOWNS, {"1": square})
    assert len(drawn(one_lacks).find_all("rect")) == 7 + len(TOWNS)
