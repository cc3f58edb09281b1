from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.model import Reading
from checklist.read_result import Read, Refusal
from checklist.reading.deadlines import Deadline, DeadlineKind, read_deadline
from checklist.text_normalisation import clean_line
from tests.checklist.reading.examples import examples

TODAY = date(2022, 8, 9)


@pytest.mark.parametrize("row", examples("deadlines"))
def test_examples(row, phrases):
    read = read_deadline(clean_line(row["typed"]), phrases, TODAY)
    if "refused" in row:
        assert isinstance(read, Refusal)
        assert read.code == row["refused"]
    else:
        assert read.value == Deadline(
            DeadlineKind(row["kind"]), row["due"], row.get("kept", clean_line(row["typed"]))
        )
        assert bool(read.doubts) == row["ask"]


@given(
    day=st.dates(date(2020, 1, 1), date(2029, 12, 31)), ending=st.sampled_from(["", "前", "下班前", "前完成"])
)
def test_every_day_is_due_on_that_day(day, ending, phrases):
    for typed in (
        f"{day.year}年{day.month}月{day.day}日{ending}",
        f"{day.year}.{day.month}.{day.day}{ending}",
    ):
        assert read_deadline(typed, phrases, TODAY) == Read(Deadline(DeadlineKind.DATE, day, typed))


@given(year=st.integers(2020, 2029), month=st.integers(1, 12))
def test_the_end_of_a_month_is_its_last_day(year, month, phrases):
    last = {date(year, month, day) for day in (28, 29, 30, 31) if _exists(year, month, day)}
    for typed in (f"{year}年{month}月底前", f"{year}年{month}月末", f"{year}年{month}月"):
        assert read_deadline(typed, phrases, TODAY).value.due == max(last)


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def test_a_day_long_past_without_a_year_is_asked_about(phrases):
    december = date(2022, 12, 20)
    assert read_deadline("1月15日", phrases, december).doubts[0].code == "date-assumed"
    assert read_deadline("1月15日", phrases, december).value.due == date(2023, 1, 15)
    assert read_deadline("2月底前", phrases, date(2023, 12, 20)).value.due == date(2024, 2, 29)
    assert read_deadline("2月29日前", phrases, date(2024, 12, 20)).value.due == date(2025, 2, 28)
    assert not read_deadline("2022年1月15日", phrases, december).doubts
    assert not read_deadline("8月25日", phrases, december).doubts


@given(text=st.text(max_size=30) | st.text("0123456789年月日.-至底前末内一二立行改长期坚持,()", max_size=14))
def test_any_text_is_read_or_refused_and_kept_as_typed_or_as_its_day(text, phrases):
    for words in (phrases, Reading()):
        read = read_deadline(text, words, TODAY)
        assert isinstance(read, Refusal) or read.value.text in {text, str(read.value.due)}
