"""Hidden cells: none under the least number is shown, and none can be computed from what is."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import product
from time import perf_counter

from hypothesis import given, settings
from hypothesis import strategies as st

from build_scripts.counting.cell_suppression import CellSum, hidden_cells

Cells = dict[Hashable, int]

LEAST = 3


def possible(cells: Cells, sums: Sequence[CellSum], hidden: frozenset[Hashable]) -> Iterator[Cells]:
    """Every way to fill the hidden cells that fits what is shown: whoever reads the tables can go through them."""
    totals = {each.total for each in sums}
    leaves = [key for key in cells if key in hidden and key not in totals]
    most = max(cells["all"], 1) + (4 if "all" in hidden else 0)
    for numbers in product(range(1, most + 1), repeat=len(leaves)):
        filled = {key: cells[key] for key in cells if key not in totals}
        filled |= dict(zip(leaves, numbers, strict=True))
        if _fits(filled, cells, sums, hidden):
            yield filled


def _fits(
    filled: Cells, cells: Mapping[Hashable, int], sums: Sequence[CellSum], hidden: frozenset[Hashable]
) -> bool:
    """Whether cells make the sums that are shown; fills in the hidden sums. Parts come before what they make."""
    for each in sums:
        made = sum(filled[part] for part in each.parts)
        if filled.setdefault(each.total, made) != made:
            return False
        if made < 1 if each.total in hidden else made != cells[each.total]:
            return False
    return True


def tables(villages: Sequence[Sequence[int]], answers: int) -> tuple[Cells, list[CellSum]]:
    """A county of townships with villages, and its answers to one question in two parts."""
    cells: Cells = {}
    sums = []
    for number, of_township in enumerate(villages):
        names = tuple(f"village {number}.{index}" for index in range(len(of_township)))
        cells |= dict(zip(names, of_township, strict=True))
        cells[f"township {number}"] = sum(of_township)
        sums.append(CellSum(f"township {number}", names))
    whole = sum(map(sum, villages))
    sums.append(CellSum("all", tuple(f"township {number}" for number in range(len(villages)))))
    yes = answers * whole // 10
    cells |= {"yes": yes, "no": whole - yes, "all": whole}
    return cells, [*sums, CellSum("all", ("yes", "no"))]


@settings(max_examples=60)
@given(
    st.lists(st.lists(st.integers(0, 6), min_size=1, max_size=2), min_size=1, max_size=2), st.integers(0, 10)
)
def test_no_small_cell_is_shown_or_follows_from_what_is_shown(
    villages: list[list[int]], answers: int
) -> None:
    cells, sums = tables(villages, answers)
    hidden = hidden_cells(cells, sums, LEAST)
    assert {key for key, number in cells.items() if 0 < number < LEAST} <= hidden
    assert not {key for key in hidden if cells[key] == 0}
    ways = list(possible(cells, sums, hidden))
    assert ways  # the true table is one of them
    for key in hidden:
        found = {way[key] for way in ways}
        assert len(found) > 1, (key, hidden)
        assert cells[key] >= LEAST or max(found) >= LEAST, (key, hidden)


def test_a_hidden_village_takes_the_smallest_beside_it_along() -> None:
    cells, sums = tables([[2, 9, 6], [8, 8]], 5)
    assert hidden_cells(cells, sums, 5) == {"village 0.0", "village 0.2"}


def test_a_township_of_one_small_village_is_hidden_with_another_township() -> None:
    cells, sums = tables([[2], [9, 8], [30]], 5)
    hidden = hidden_cells(cells, sums, 5)
    assert {"village 0.0", "township 0", "township 1"} <= hidden
    assert "all" not in hidden
    assert hidden & {"village 1.0", "village 1.1"}  # else the second township is their sum


def test_nothing_is_hidden_where_nothing_is_small() -> None:
    cells, sums = tables([[5, 0], [7, 12]], 5)
    assert hidden_cells(cells, sums, 5) == set()


def test_two_hidden_ones_whose_sum_is_small_are_no_protection() -> None:
    cells, sums = tables([[1, 1, 9, 20]], 5)
    assert hidden_cells(cells, sums, 5) >= {"village 0.0", "village 0.1", "village 0.2"}


def test_a_large_county_takes_no_longer_than_a_page_may() -> None:
    villages = [[(7 * one + 3 * other) % 13 for other in range(12)] for one in range(23)]
    cells, sums = tables(villages, 5)
    begun = perf_counter()
    hidden = hidden_cells(cells, sums, 5)
    assert len(hidden) < len(cells) * 3 / 4
    assert perf_counter() - begun < 5
