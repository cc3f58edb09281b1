"""Gaps of a table's rows: merged cells and 同上 take the value from above."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from build_scripts.intake.cell_table import Cell, Range
from checklist.model import Reading


class GapFiller:
    """Filler of merged cells and 同上, row by row."""

    def __init__(self, merged: Iterable[Range], words: Reading) -> None:
        self._starting: Mapping[int, list[Range]] = defaultdict(list)
        for area in merged:
            if area.bottom > area.top:
                self._starting[area.top + 1].append(area)
        self._open: list[tuple[Range, Cell]] = []
        self._ditto = frozenset(words.marks.ditto)
        self._above: Sequence[Cell] = ()

    def __call__(
        self, columns: Iterable[int], number: int, cells: Sequence[Cell], *, is_record: bool
    ) -> Sequence[Cell]:
        """Return the cells with gaps filled; must be called for every row in order, and repeats only records.

        Args:
            columns: those in which 同上 repeats the cell above.
            number: of the row.
            cells: of the row.
            is_record: false for a sum or a note, which 同上 never repeats.
        """
        if not self._open and number not in self._starting and self._ditto.isdisjoint(cells):
            self._above = cells if is_record else self._above
            return cells
        filled = list(cells)
        if self._open:
            self._open = [(area, cell) for area, cell in self._open if area.bottom + 1 >= number]
            filled += [""] * (1 + max((area.left for area, _ in self._open), default=0) - len(filled))
            for area, cell in self._open:
                filled[area.left] = filled[area.left] or cell
        for area in self._starting.get(number, ()):
            if area.left < len(filled):
                self._open.append((area, filled[area.left]))
        if not is_record:
            return filled
        if not self._ditto.isdisjoint(filled):
            self._repeat(columns, filled)
        self._above = filled
        return filled

    def _repeat(self, columns: Iterable[int], cells: list[Cell]) -> None:
        for column in columns:
            if column < min(len(cells), len(self._above)) and cells[column] in self._ditto:
                cells[column] = self._above[column]
