"""Whether a workbook holds numbers of persons in any cell, read or not: such a file is not kept."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from build_scripts.intake.cell_table import CellSheet, Row
from checklist.reading.personal_numbers import find_personal_numbers


class PersonalNumberWatch:
    """Passes sheets on, and remembers whether one of them held such a number."""

    def __init__(self, sheets: Iterable[CellSheet]) -> None:
        self._sheets = sheets
        self.found = False

    def __iter__(self) -> Iterator[CellSheet]:
        for sheet in self._sheets:
            rows = self._watched(sheet.rows)
            yield replace(sheet, rows=rows)
            for _ in rows:  # those that nobody wanted to read
                pass

    def _watched(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            if not self.found:
                # A row at a time, which is faster than a cell at a time; no number goes over a line.
                texts = "\n".join([cell for cell in row[1] if isinstance(cell, str)])
                self.found = bool(find_personal_numbers(texts))
            yield row
