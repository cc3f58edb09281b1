"""Which cells of published tables stay hidden, so that none under a least number is shown or can be computed.

Primary: a cell of one to ``least - 1``. Secondary: others, until from the cells that are shown, the sums that all know
(villages make a township, answers make all) and the fact that a hidden cell is not empty, no hidden one follows, and
none that is too small is seen to be so.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

Key = Hashable
"""What names a cell."""

_PRIME = 2**61 - 1
"""Sums are of coefficients 1 and -1: what is independent is so in this field as well."""

_UNKNOWN = 10**9
"""More than any cell."""


@dataclass(frozen=True)
class CellSum:
    """Cells that make another one together."""

    total: Key
    parts: tuple[Key, ...]


def hidden_cells(cells: Mapping[Key, int], sums: Sequence[CellSum], least: int) -> frozenset[Key]:
    """Return the cells that are not shown.

    Args:
        cells: every cell with its number, which is none below zero; empty cells are shown.
        sums: how they make each other.
        least: the smallest number above zero that is shown.
    """
    equations = [[each.total, *each.parts] for each in sums]
    hidden = {key for key, number in cells.items() if 0 < number < least}
    while weak := _weak(cells, sums, hidden, least):
        # One more for each that is weak: the smallest near it, a part rather than a sum.
        more = {found for key in weak if (found := _nearest(cells, sums, hidden, equations, key)) is not None}
        if not more:
            break
        hidden |= more
    return frozenset(hidden)


def _weak(cells: Mapping[Key, int], sums: Sequence[CellSum], hidden: Set[Key], least: int) -> list[Key]:
    """The hidden cells that follow from what is shown, or that are seen to be too small."""
    known = _determined(cells, sums, hidden)
    ranges = _ranges(cells, sums, hidden)
    found = []
    for key in cells:
        if key in hidden:
            low, high = ranges[key]
            too_small = cells[key] < least and high < least
            if key in known or low == high or too_small:
                found.append(key)
    return found


def _determined(cells: Mapping[Key, int], sums: Sequence[CellSum], hidden: Set[Key]) -> set[Key]:
    """The hidden cells whose value follows from the sums: Gaussian elimination over the hidden ones."""
    rows: list[dict[Key, int]] = []
    for each in sums:
        row = {part: 1 for part in each.parts if part in hidden}
        if each.total in hidden:
            row[each.total] = _PRIME - 1
        rows.append(row)
    reduced: dict[Key, dict[Key, int]] = {}
    for row in rows:
        for pivot, other in reduced.items():
            if pivot in row:
                _subtract(row, other, row[pivot])
        if row:
            pivot = next(iter(row))
            inverse = pow(row[pivot], -1, _PRIME)
            row = {key: value * inverse % _PRIME for key, value in row.items()}  # noqa: PLW2901 - scaled
            for other in reduced.values():
                if pivot in other:
                    _subtract(other, row, other[pivot])
            reduced[pivot] = row
    return {pivot for pivot, row in reduced.items() if len(row) == 1}


def _subtract(row: dict[Key, int], other: Mapping[Key, int], times: int) -> None:
    for key, value in other.items():
        left = (row.get(key, 0) - times * value) % _PRIME
        if left:
            row[key] = left
        else:
            row.pop(key, None)


def _ranges(
    cells: Mapping[Key, int], sums: Sequence[CellSum], hidden: Set[Key]
) -> Mapping[Key, tuple[int, int]]:
    """The least and the greatest value that each cell may have, as far as the sums narrow it one after the other."""
    low = {key: 1 if key in hidden else number for key, number in cells.items()}
    high = {key: _UNKNOWN if key in hidden else number for key, number in cells.items()}
    changed = True
    while changed:
        changed = False
        for each in sums:
            changed |= _narrow(each, low, high)
    return {key: (low[key], high[key]) for key in cells}


def _narrow(each: CellSum, low: dict[Key, int], high: dict[Key, int]) -> bool:
    """Narrow the cells of one sum; whether any was."""
    least, most = sum(low[part] for part in each.parts), sum(high[part] for part in each.parts)
    changed = _tighten(each.total, (least, most), low, high)
    for part in each.parts:
        others = least - low[part], most - high[part]
        changed |= _tighten(part, (low[each.total] - others[1], high[each.total] - others[0]), low, high)
        least, most = others[0] + low[part], others[1] + high[part]
    return changed


def _tighten(key: Key, found: tuple[int, int], low: dict[Key, int], high: dict[Key, int]) -> bool:
    new_low, new_high = max(low[key], found[0]), min(high[key], found[1])
    changed = (new_low, new_high) != (low[key], high[key])
    low[key], high[key] = new_low, new_high
    return changed


def _nearest(
    cells: Mapping[Key, int],
    sums: Sequence[CellSum],
    hidden: Set[Key],
    equations: Sequence[Sequence[Key]],
    start: Key,
) -> Key | None:
    """The smallest shown cell in the nearest sum that has one besides hidden cells; a part before a sum."""
    totals = {each.total for each in sums}
    for near in _outwards(equations, hidden, start):
        shown = [key for key in near if key not in hidden and cells[key]]
        if shown:
            return min(shown, key=lambda key: (key in totals and key == near[0], cells[key], near.index(key)))
    return None


def _outwards(equations: Sequence[Sequence[Key]], hidden: Set[Key], start: Key) -> Iterator[Sequence[Key]]:
    """The sums that a cell stands in, then those that its hidden neighbours stand in, and so on."""
    reached, waiting, used = {start}, [start], set[int]()
    while waiting:
        key = waiting.pop(0)
        for number, equation in enumerate(equations):
            if key in equation and number not in used:
                used.add(number)
                yield equation
                new = [each for each in equation if each in hidden and each not in reached]
                reached.update(new)
                waiting.extend(new)
