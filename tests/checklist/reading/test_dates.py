from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.chinese_numerals import write_numeral
from checklist.model.reading import DateWords
from checklist.read_result import Read, Refusal
from checklist.reading.dates import read_date
from checklist.text_normalisation import clean_line
from tests.checklist.reading.examples import examples

TODAY = date(2022, 8, 9)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize("row", examples("dates"))
def test_examples(row, phrases):
    read = read_date(clean_line(row["typed"]), phrases.dates, TODAY)
    if "refused" in row:
        assert isinstance(read, Refusal)
        assert read.code == row["refused"]
    else:
        assert (read.value, bool(read.doubts)) == (row["date"], row["ask"])


def _numeral_year(year: int) -> str:
    return "".join("〇一二三四五六七八九"[int(figure)] for figure in str(year))


SPELLINGS = [
    lambda day: day.isoformat(),
    lambda day: f"{day} 17:30:00",
    lambda day: f"{day.year}.{day.month}.{day.day}",
    lambda day: f"{day.year}/{day.month}/{day.day}",
    lambda day: f"{day.year}。{day.month}。{day.day}",
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: f"{day.year} 年 {day.month:02} 月 {day.day} 号",
    lambda day: f"{day:%Y%m%d}",
    lambda day: str((day - date(1899, 12, 30)).days),
    lambda day: f"{(day - date(1899, 12, 30)).days}.0",
    lambda day: f"{_numeral_year(day.year)}年{write_numeral(day.month)}月{write_numeral(day.day)}日",
]


@given(day=DAYS)
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_of_a_day_reads_back(spelling, day):
    assert read_date(spelling(day), DateWords(), TODAY) == Read(day)


@given(day=st.dates(date(2022, 1, 1), date(2022, 12, 31)))
def test_a_missing_year_is_the_reference_year(day):
    assert read_date(f"{day.month}月{day.day}日", DateWords(), TODAY) == Read(day)


@given(year=st.integers(2012, 2032))
def test_two_figures_are_a_year_of_the_reference_century(year):
    assert read_date(f"{year % 100:02}.8.25", DateWords(), TODAY) == Read(date(year, 8, 25))


@given(month=st.integers(1, 12), day=st.integers(1, 31), year=st.integers(2000, 2099))
def test_a_day_is_read_only_where_it_exists(month, day, year):
    exists = (date(year, month, 1) + timedelta(days=day - 1)).month == month
    read = read_date(f"{year}.{month}.{day}", DateWords(), TODAY)
    assert read == (Read(date(year, month, day)) if exists else Refusal("no-such-date"))


@given(text=st.text(max_size=30) | st.text("0123456789年月日号.-/至底前 二十零", max_size=14))
def test_any_text_is_read_or_refused(text, phrases):
    assert isinstance(read_date(text, phrases.dates, TODAY), Read | Refusal)
