"""A day without a year is the campaign's, whenever it is read; what lies outside of the campaign is told or asked."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.date_formats import month_and_day
from checklist.model import Field, FieldType
from checklist.reading.deadlines import Deadline
from checklist.values.judge import Context, check_value
from tests.builders import EAST, small_campaign

CAMPAIGN = small_campaign()
FIRST, LAST = CAMPAIGN.notice.issued, CAMPAIGN.notice.deadline.at.date()
DEADLINE = Field(id="deadline", label="整改时限", type=FieldType.DEADLINE, max_length=40)
DAY = Field(id="done", label="完成时间", type=FieldType.DATE)
OTHER_YEARS = [date(2023, 1, 10), date(2024, 2, 29), date(2026, 11, 30)]


def read(field: Field, typed: str, today: date) -> tuple[date | None, list[str]]:
    checked = check_value(field, typed, Context(CAMPAIGN, CAMPAIGN.unit_by_code[EAST], today))
    value = checked.value.due if isinstance(checked.value, Deadline) else checked.value
    assert value is None or isinstance(value, date)
    return value, [problem.code for problem in checked.problems]


@pytest.mark.parametrize("field", [DEADLINE, DAY], ids=["deadline", "date"])
@given(days=st.integers(0, (LAST - FIRST).days), today=st.dates(FIRST, date(2030, 12, 31)))
def test_a_day_of_the_campaign_has_its_year_whenever_it_is_read(field: Field, days: int, today: date) -> None:
    meant = FIRST + timedelta(days=days)
    found, codes = read(field, month_and_day(str(meant.month), str(meant.day)), today)
    assert (found, codes) == (meant, [] if today <= LAST else ["date-assumed"])


@pytest.mark.parametrize("today", OTHER_YEARS)
@pytest.mark.parametrize("typed", ["8月25日", "8月25日前", "8.25前", "8月20日-8月25日", "八月二十五日"])
def test_spellings_of_a_day_of_the_campaign(typed: str, today: date) -> None:
    assert read(DEADLINE, typed, today) == (date(2022, 8, 25), ["date-assumed"])


@pytest.mark.parametrize("field", [DEADLINE, DAY], ids=["deadline", "date"])
@given(day=st.dates(date(1990, 1, 1), date(2060, 12, 31)), today=st.dates(FIRST, date(2030, 12, 31)))
def test_a_year_that_is_typed_is_kept(field: Field, day: date, today: date) -> None:
    found, codes = read(field, day.isoformat(), today)
    assert found == day
    assert not {"date-assumed", "year-assumed"} & set(codes)


@pytest.mark.parametrize(
    ("typed", "today", "expected", "code"),
    [
        ("9月10日", date(2022, 8, 19), date(2022, 9, 10), "date-assumed"),
        ("12月底", date(2022, 8, 19), date(2022, 12, 31), "date-assumed"),
        ("1月15日", date(2022, 8, 19), date(2023, 1, 15), "date-assumed"),
        ("3月5日", date(2022, 8, 19), date(2022, 3, 5), "year-assumed"),
        ("9月10日", date(2023, 1, 10), date(2023, 9, 10), "date-assumed"),
        ("9月10日", date(2026, 11, 30), date(2026, 9, 10), "year-assumed"),
    ],
)
def test_a_day_outside_the_campaign_is_told_and_asked_when_it_may_be_another(
    typed: str, today: date, expected: date, code: str
) -> None:
    assert read(DEADLINE, typed, today) == (expected, [code])


@pytest.mark.parametrize("today", [date(2022, 8, 19), *OTHER_YEARS])
def test_relative_words_count_from_today(today: date) -> None:
    assert read(DEADLINE, "一周内", today)[0] == today + timedelta(days=7)
