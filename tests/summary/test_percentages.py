"""Shares in per cent, as people work them out by hand."""

from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given
from hypothesis import strategies as st

from build_scripts.counting.percentages import part_in_words, percent_words
from build_scripts.documents.part_words import rate


def test_halves_are_rounded_up_in_tables_prose_and_estimates() -> None:
    assert part_in_words(1, 16) == rate(1, 16) == percent_words(0.0625) == "6.3%"
    assert (part_in_words(1, 2), rate(1, 2)) == ("50.0%", "50%")
    assert (part_in_words(10, 1), rate(10, 1)) == ("1000.0%", "1000%")


def test_of_nothing_there_is_no_share() -> None:
    assert part_in_words(0, 0) == rate(0, 0) == percent_words(None) == "—"


@given(whole=st.integers(1, 10_000), data=st.data())
def test_all_is_told_of_nothing_less(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    exact = Decimal(100 * part) / whole
    rounded = exact.quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert part_in_words(part, whole) == f"{min(rounded, Decimal('99.9')) if part < whole else rounded}%"
