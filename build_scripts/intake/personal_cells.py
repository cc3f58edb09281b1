"""Numbers of persons in the cells of a workbook: taken out while it is read, before anything of it is kept.

In a column of identity numbers each is replaced by a mark of its key, or of what is wrong with it; anywhere else a
number leaves a mark that is refused like it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from build_scripts.intake.cell_table import Cell, CellSheet, Row
from build_scripts.intake.header_texts import header_key
from build_scripts.intake.person_marks import PersonKeys
from checklist.model import Campaign
from checklist.reading.identity_numbers import read_identity
from checklist.reading.personal_numbers import NumberKind, find_personal_numbers, mark_in_place_of, take_out

_LONGEST_HEADER = 40
_SIGN = "号"
"""In every header of identity numbers."""
_LONG = 1e14
"""Numbers from here on may be identity numbers or bank cards."""


@dataclass(frozen=True)
class NumberRemoval:
    """How the numbers of a workbook are taken out.

    Attributes:
        headers: keys of the headers of identity numbers (``header_key``).
        keys: makes the marks of persons; None for lists that keep nothing of a number.
    """

    headers: frozenset[str] = frozenset()
    keys: PersonKeys | None = None

    @classmethod
    def of(cls, campaign: Campaign, keys: PersonKeys | None = None) -> "NumberRemoval":
        """The removal with a campaign's headers."""
        return cls(frozenset(map(header_key, campaign.identity_headers)), keys)


@dataclass
class NumberlessSheets:
    """Passes sheets on without the numbers of persons, and remembers whether there were any."""

    sheets: Iterable[CellSheet]
    removal: NumberRemoval = field(default_factory=NumberRemoval)
    found: bool = False

    def __iter__(self) -> Iterator[CellSheet]:
        for sheet in self.sheets:
            rows = self._rows(sheet.rows)
            yield replace(sheet, name=self._named(sheet.name), rows=rows)
            for _ in rows:  # those that nobody wanted to read
                pass

    def _named(self, name: str) -> str:
        said = str(take_out(name))
        self.found |= said != name
        return said

    def _rows(self, rows: Iterable[Row]) -> Iterator[Row]:
        columns: set[int] = set()
        for number, cells in rows:
            # A row at a time, which is faster than a cell at a time; no number goes over a line.
            text = "\n".join([cell for cell in cells if isinstance(cell, str)])
            if self.removal.headers and _SIGN in text:
                columns |= self._headed(cells)
            if columns:
                yield number, self._with_marks(cells, columns)
            elif _may_hold_any(text, cells):
                yield number, [self._plain(cell) for cell in cells]
            else:
                yield number, cells

    def _headed(self, cells: Sequence[Cell]) -> set[int]:
        """Return the columns below whose cells of this row identity numbers stand."""
        return {
            column for column, cell in enumerate(cells) if isinstance(cell, str) and self._is_header(cell)
        }

    def _is_header(self, cell: str) -> bool:
        return len(cell) <= _LONGEST_HEADER and _SIGN in cell and header_key(cell) in self.removal.headers

    def _with_marks(self, cells: Sequence[Cell], columns: set[int]) -> list[Cell]:
        return [
            self._marked(cell) if column in columns else self._plain(cell)
            for column, cell in enumerate(cells)
        ]

    def _plain(self, cell: Cell) -> Cell:
        said = take_out(cell)
        self.found |= said != cell or bool(find_personal_numbers(str(cell)))  # or was taken out before
        return said

    def _marked(self, cell: Cell) -> Cell:
        """Return what takes the place of a cell in a column of identity numbers; headers stay."""
        if cell == "" or (isinstance(cell, str) and self._is_header(cell)):
            return cell
        self.found = True
        if self.removal.keys:
            return self.removal.keys.mark_of(cell)
        return mark_in_place_of(NumberKind.IDENTITY) if read_identity(cell) else ""


def _may_hold_any(text: str, cells: Sequence[Cell]) -> bool:
    """Return whether a row may hold a number, given its texts."""
    if find_personal_numbers(text) or "E+1" in text or "e+1" in text:
        return True
    return any(isinstance(cell, float) and abs(cell) >= _LONG for cell in cells)
