import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.chinese_numerals import read_numeral, write_numeral
from checklist.read_result import Refusal
from checklist.reading.numbers import read_integer
from checklist.text_normalisation import clean_line
from tests.checklist.reading.examples import examples

FULL_WIDTH = str.maketrans("0123456789,-", "０１２３４５６７８９，－")


@pytest.mark.parametrize("row", examples("numbers"))
def test_examples(row, phrases):
    read = read_integer(clean_line(row["typed"]), phrases.numbers)
    assert (read.code if isinstance(read, Refusal) else read) == row.get("refused", row.get("number"))


@given(number=st.integers(-(10**9), 10**9), counter=st.sampled_from(["", "个", "户", " 人", "。", ".0"]))
def test_every_spelling_of_a_number_reads_back(number, counter, phrases):
    for typed in (str(number), f"{number:,}", str(number).translate(FULL_WIDTH)):
        assert read_integer(typed + counter, phrases.numbers) == number


@given(number=st.integers(0, 9999), counter=st.sampled_from(["", "个", "户"]))
def test_every_numeral_reads_back(number, counter, phrases):
    assert read_integer(write_numeral(number) + counter, phrases.numbers) == number


@pytest.mark.parametrize(
    ("number", "numeral"),
    [(0, "零"), (1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (99, "九十九"), (105, "一百零五"), (110, "一百一十"),
     (1000, "一千"), (1005, "一千零五"), (1050, "一千零五十"), (2022, "二千零二十二")],
)  # fmt: skip
def test_spelling(number, numeral):
    assert write_numeral(number) == numeral


@pytest.mark.parametrize(
    "text", ["", "十十", "百", "一千二", "三四", "一零", "二十一十", "个", "十个", "一二三"]
)
def test_what_is_no_numeral_or_could_be_two(text):
    assert read_numeral(text) is None


@given(text=st.text(max_size=30) | st.text("0123一二十百千零,.-户约", max_size=8))
def test_any_text_is_read_or_refused(text, phrases):
    assert isinstance(read_integer(text, phrases.numbers), int | Refusal)
