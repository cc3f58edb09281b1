"""Wilson's intervals against published values, and ranks only where intervals are apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_scripts.counting.supervision_rates import Rate, places


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (1, 10, 0.0179, 0.4042),
        (5, 40, 0.0546, 0.2611),
        (3, 7, 0.1582, 0.7495),
        (10, 10, 0.7225, 1.0),
        (15, 148, 0.0624, 0.1605),  # Newcombe 1998, table I
        (81, 263, 0.2553, 0.3662),  # likewise
    ],
)
def test_the_intervals_are_those_of_the_formula_worked_out_by_hand(hits, n, low, high):
    assert Rate(hits, n).interval == pytest.approx((low, high), abs=5e-5)


def test_of_nothing_there_is_no_rate():
    assert Rate(0, 0).share is None
    assert Rate(0, 0).interval == (0.0, 1.0)


@given(st.integers(0, 200), st.integers(1, 200))
def test_the_interval_holds_the_share_and_lies_within_zero_and_one(hits, n):
    rate = Rate(min(hits, n), n)
    low, high = rate.interval
    assert 0 <= low <= rate.share + 1e-12
    assert rate.share - 1e-12 <= high <= 1


def test_units_whose_intervals_overlap_have_no_place():
    rates = {
        "best": Rate(1, 200),
        "a": Rate(30, 100),
        "b": Rate(35, 100),
        "worst": Rate(95, 100),
        "none": Rate(0, 0),
    }
    assert places({key: rates[key] for key in ("best", "a", "b", "worst")}) == {
        "best": 1,
        "a": None,
        "b": None,
        "worst": 4,
    }
    assert set(places(rates).values()) == {None}
