"""The judges of columns say what the one judge of values says, whichever way they take."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from build_scripts.intake.cell_judges import judge_of
from build_scripts.intake.outcome_reading import OutcomeReader
from checklist.model import Field, FieldType
from checklist.values.judge import Context, check_value

TEXT = Field(id="householder", label="户主", type=FieldType.TEXT, required=True, max_length=12)
PARAGRAPH = Field(id="content", label="内容", type=FieldType.PARAGRAPH, max_length=12)

LETTERS = st.sampled_from("张某某等、屋漏同上无 　/—一\n\t\u200b，。（）,.()A9％%é\u0301豈")


@pytest.mark.parametrize("field", [TEXT, PARAGRAPH], ids=["line", "paragraph"])
@given(text=st.text(LETTERS, max_size=14) | st.text(max_size=14))
@example(text="同上")
@example(text="一一")
@example(text="张某某等两户")
@example(text="张某某某某某某某某某某某某某")
@example(text="豈豈豈")
@example(text="张某13900001111")
def test_prose_that_looks_plain_is_judged_the_same(context: Context, field: Field, text: str) -> None:
    checked = check_value(field, text, context)
    value, problems = judge_of(field, context)(text)
    told = [each.message for each in problems]
    assert (value, sorted(told)) == (checked.value, sorted(each.message for each in checked.problems))


def test_no_mark_looks_like_plain_prose(context: Context) -> None:
    marks = context.campaign.reading.marks.model_copy(update={"ditto": ("同上一行",)})
    reading = context.campaign.reading.model_copy(update={"marks": marks})
    other = replace(context, campaign=context.campaign.model_copy(update={"reading": reading}))
    for mark in (*marks.nothing, *marks.ditto):
        assert judge_of(TEXT, other)(mark)[0] is None


@pytest.mark.parametrize(
    ("cell", "rectified", "asked"), [(0.5, False, False), ("100%", True, False), ("1", False, True)]
)
def test_a_share_that_a_spreadsheet_keeps_as_a_number(
    context: Context, cell: str | float, rectified: bool, asked: bool
) -> None:
    found = OutcomeReader(PARAGRAPH, context)(cell)
    assert (found.rectified, bool(found.problems)) == (rectified, asked)
