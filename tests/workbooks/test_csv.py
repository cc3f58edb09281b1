"""CSV for programs says what is there; CSV for people opens in Excel without running anything."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_scripts.csv_text import WrongHeader, csv_for_excel, csv_of, read_lines

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=8)


def test_programs_get_cells_as_they_are() -> None:
    rows = [("东河镇", 3, '他说"好"'), ("=1+1", -2, "a,b"), ("两\n行", None, "")]
    assert csv_of(("unit", "n", "note"), rows) == (
        'unit,n,note\n东河镇,3,"他说""好"""\n=1+1,-2,"a,b"\n"两\n行",,\n'
    )


def test_people_get_a_mark_and_lines_as_on_windows() -> None:
    assert csv_for_excel(("单位", "数"), [("东河镇", 3)]).encode() == (
        b"\xef\xbb\xbf" + "单位,数\r\n东河镇,3\r\n".encode()
    )


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n"])
def test_a_text_that_begins_like_a_formula_stays_a_text(start: str) -> None:
    text = csv_for_excel(("甲",), [(f"{start}1",), (f"x{start}1",)])
    _, guarded, harmless = csv.reader(io.StringIO(text, newline=""))
    assert guarded == [f"'{start}1"]
    assert harmless == [f"x{start}1"]


def test_numbers_stay_numbers_below_zero_too() -> None:
    assert csv_for_excel(("数",), [(-3,), (-0.5,)]) == "\ufeff数\r\n-3\r\n-0.5\r\n"


@given(st.lists(st.tuples(words, words), max_size=5))
def test_what_is_written_for_programs_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_text(csv_of(("a", "b"), rows), encoding="utf-8", newline="")
    assert read_lines(path, ("a", "b")) == [list(row) for row in rows]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", ValueError),
        (b"b,a\n", WrongHeader),
        (b"\xff\xfe", ValueError),
        (b"a,b\n" + b"x" * 200_000, ValueError),
    ],
)
def test_what_is_none_of_ours_is_refused(tmp_path: Path, data: bytes, error: type[Exception]) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(data)
    with pytest.raises(error):
        read_lines(path, ("a", "b"))
