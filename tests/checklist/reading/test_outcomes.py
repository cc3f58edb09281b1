import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.messages import say
from checklist.reading.outcomes import read_outcome
from tests.checklist.reading.examples import examples


@pytest.mark.parametrize("row", examples("outcomes"))
def test_examples(row, phrases):
    outcome = read_outcome(row["typed"], phrases)
    assert (outcome.rectified, bool(outcome.doubt)) == (row["rectified"], row["ask"])


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("不属实", "outcome-not-a-problem"),
        ("已入户核实，未发现问题", "outcome-not-a-problem"),
        ("待县级解决", "outcome-deferred"),
        ("逾期", "outcome-overdue"),
        ("长期坚持", "outcome-ongoing"),
        ("/", "outcome-empty"),
        ("同上", "outcome-empty"),
        ("修好了水泵", "outcome-unclear"),
    ],
)
def test_why_an_outcome_is_doubted(typed, code, phrases):
    outcome = read_outcome(typed, phrases)
    assert outcome.doubt is not None
    assert outcome.doubt.code == code
    assert typed in say(code, typed=typed) or code == "outcome-empty"


@given(share=st.integers(0, 100))
def test_only_the_whole_is_done(share, phrases):
    assert read_outcome(f"已完成{share}%", phrases).rectified == (share == 100)


@given(text=st.text(max_size=40))
def test_any_text_that_does_not_say_done_is_rectifying(text, phrases):
    outcome = read_outcome(text, phrases)
    assert not (outcome.rectified and outcome.doubt)
