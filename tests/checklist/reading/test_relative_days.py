from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.reading.deadlines import read_deadline
from checklist.reading.relative_days import (
    find_day_of_month,
    find_day_of_week,
    find_period,
    months_later,
    working_days_later,
)

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
UNITS = ("天", "日", "工作日", "周", "个月", "小时")


@given(day=DAYS, count=st.integers(0, 60))
def test_working_days_are_mondays_to_fridays(day, count):
    due = working_days_later(day, count)
    between = [day + timedelta(days=each) for each in range(1, (due - day).days + 1)]
    assert sum(each.weekday() < 5 for each in between) == count
    assert due.weekday() < 5 or count == 0


@pytest.mark.parametrize(
    ("day", "count", "due"),
    [
        (date(2022, 1, 31), 1, date(2022, 2, 28)),
        (date(2022, 12, 5), 1, date(2023, 1, 5)),
        (date(2022, 8, 9), 12, date(2023, 8, 9)),
    ],
)
def test_months_later_is_the_same_day_or_the_last(day, count, due):
    assert months_later(day, count) == due


@given(
    day=DAYS,
    count=st.integers(1, 40),
    unit=st.sampled_from(UNITS),
    within=st.sampled_from(["内", "之内", "以内"]),
)
def test_a_period_ends_after_the_day_on_which_it_is_read(day, count, unit, within):
    due = find_period(f"{count}{unit}{within}", UNITS, day)
    assert due is not None
    assert due > day


@given(day=DAYS, at=st.integers(1, 31))
def test_a_day_of_the_month_is_never_past(day, at):
    due = find_day_of_month(f"{at}日", day)
    assert due is not None
    assert day <= due <= day + timedelta(days=62)


@given(day=DAYS, at=st.sampled_from("一二三四五六日"), week=st.sampled_from(["", "下"]))
def test_a_weekday_without_its_week_is_the_next_one(day, at, week):
    due = find_day_of_week(f"{week}周{at}", day)
    assert due is not None
    assert due.weekday() == "一二三四五六日".index(at)
    assert day <= due <= day + timedelta(days=13)


@given(day=DAYS, at=st.integers(0, 6))
def test_a_weekday_that_is_not_the_days_is_asked_about(day, at, phrases):
    read = read_deadline(f"{day.year}年{day.month}月{day.day}日星期{'一二三四五六日'[at]}前", phrases, day)
    assert read.value.due == day
    assert [doubt.code for doubt in read.doubts] == ([] if at == day.weekday() else ["weekday-contradicts"])
