from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_scripts.counting.annex_shape import together
from build_scripts.counting.summary_lines import NotASummary, SummaryRow, read_csv, to_csv

HEADER = "unit_code,unit,problem_type_id,problem_type,found,rectified,rectifying,proposed_households,proposed_people,reported"
ROW = SummaryRow("999001001", "东河镇", "income", '收入,"变化"', 3, 2, 1, 1, 4, "yes")


def test_the_columns_are_those_of_the_contract() -> None:
    assert to_csv((ROW,)) == f'{HEADER}\n999001001,东河镇,income,"收入,""变化""",3,2,1,1,4,yes\n'


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00"), max_size=8)
figures = st.integers(0, 10**12)
rows = st.builds(
    SummaryRow, words, words, words, words, figures, figures, figures, figures, figures,
    st.sampled_from(["yes", "zero", "no"]),
)  # fmt: skip


@given(st.lists(rows, max_size=5).map(tuple))
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, rows: tuple[SummaryRow, ...]
) -> None:
    path = tmp_path_factory.getbasetemp() / "summary.csv"
    path.write_text(to_csv(rows), encoding="utf-8", newline="")
    assert read_csv(path) == rows


@pytest.mark.parametrize(
    "text",
    [
        "",
        "甲,乙\n",
        f"{HEADER}\n1,2,3\n",
        f"{HEADER}\na,b,c,d,1,2,3,4,五个,yes\n",
        f"{HEADER}\na,b,c,d,1,2,3,4,5,perhaps\n",
    ],
)
def test_what_is_no_summary_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "summary.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(NotASummary, match="请重新汇总"):
        read_csv(path)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [("yes zero no", "yes"), ("zero zero", "zero"), ("zero no", "no"), ("no", "no")],
)
def test_lines_together_say_zero_only_where_all_do(answers: str, expected: str) -> None:
    assert together(answers.split()) == expected  # type: ignore[arg-type]
