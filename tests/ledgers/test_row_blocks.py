"""Rows come out of a block as they went into it, whatever their cells hold."""

from hypothesis import given
from hypothesis import strategies as st

from build_scripts.intake.row_blocks import packed, unpacked

_CELLS = st.text(st.characters(exclude_categories=["Cs"])) | st.floats(allow_nan=False)
_ROWS = st.lists(st.tuples(st.integers(1, 10**6), st.lists(_CELLS, min_size=1)), min_size=1)


def _without_separators(cell: object) -> object:
    if not isinstance(cell, str):
        return cell
    return "".join(" " if letter in "\x1d\x1e\x1f" else letter for letter in cell)


@given(_ROWS)
def test_a_block_gives_back_its_rows(rows: list[tuple[int, list[str | float]]]) -> None:
    found = [(number, list(cells)) for number, cells in unpacked(packed(rows))]
    assert found == [(number, [_without_separators(cell) for cell in cells]) for number, cells in rows]


def test_a_text_is_never_taken_for_a_number_or_for_more_cells() -> None:
    rows = [(1, ["\x1d8.3", "a\x1fb", "c\x1e7", 8.3]), (2, ["8.3\nd", "", "", ""])]
    assert list(unpacked(packed(rows))) == [(1, [" 8.3", "a b", "c 7", 8.3]), (2, ["8.3\nd", "", "", ""])]
