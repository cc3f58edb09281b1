"""Rows of a roster: gaps filled, sums and blank rows left out; the rows of persons grouped by household."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from build_scripts.intake.cell_judges import text_of
from build_scripts.intake.cell_table import Cell, CellSheet, Row
from build_scripts.intake.gap_filling import GapFiller
from build_scripts.intake.hidden_rows import HiddenRows
from build_scripts.intake.roster_columns import MEMBER, NUMBER, RELATION, STATUS, Columns
from build_scripts.intake.total_words import TotalWords
from checklist.problems import Problem
from checklist.text_normalisation import compact
from checklist.values.judge import Context

_NAMES = (NUMBER, MEMBER, RELATION, STATUS, "township", "village", "householder", "household_type", "people")
_NOTE = re.compile(r"\(([^()]*)\)$")


class RosterRow(NamedTuple):
    """One row: the text of each column, and the cell of the number as the workbook holds it."""

    row: int
    texts: dict[str, str]
    number: Cell


@dataclass
class HouseholdRows:
    """The rows of one household: one, or one for each of its persons."""

    row: int
    """Of the householder, or the first one."""
    texts: dict[str, str]
    number: Cell
    heads: list[int] = field(default_factory=list)
    """Rows of persons marked as householder."""
    villages: dict[str, int] = field(default_factory=dict)
    """Each spelling of a village, and the first row with it."""
    types: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    """Names of the persons who belong to it still, householder excepted."""
    named: dict[str, int] = field(default_factory=dict)
    """Each name of those who belong to it still, householder included, with its first row."""
    people: int = 0
    """Rows of persons who belong to it still."""
    left: str = ""
    """Status of a householder who left: 自然减少."""
    headless: bool = False

    def add(self, row: RosterRow) -> None:
        """Note a row's village and type."""
        self.villages.setdefault(row.texts["village"], row.row)
        if row.texts["household_type"]:
            self.types.append(row.texts["household_type"])


class RosterRows:
    """The rows below one header of one sheet."""

    def __init__(self, columns: Columns, sheet: CellSheet, context: Context) -> None:
        campaign = context.campaign
        self._columns, self._roster = columns, campaign.roster
        self.name = MEMBER if columns.by_person else "householder"
        """The column that names a row's household or person."""
        self._fill = GapFiller(sheet.merged, campaign.reading)
        self._unseen = HiddenRows(sheet, context)
        self._places = sorted({column for found in columns.places.values() for column in found})
        self._totals = TotalWords(campaign.reading)
        self._nothing = frozenset((*campaign.reading.marks.nothing, *campaign.roster.nothing))
        self.nameless: list[int] = []
        """Rows that look like a household or a person and have no name; complete once all rows are read."""
        self.numberless: list[int] = []
        """Rows without a number."""
        self.numbered = False
        """Whether any row has a number."""
        self.problems: list[Problem] = []
        """Questions about hidden and struck rows; complete once all rows are read."""

    def households(self, rows: Iterable[Row]) -> Iterator[HouseholdRows]:
        """Yield the rows of each household, in the order of the sheet."""
        found = self._named(rows)
        return self._grouped(found) if self._columns.by_person else map(self._alone, found)

    def _named(self, rows: Iterable[Row]) -> Iterator[RosterRow]:
        """Yield the rows with a name."""
        for row, cells in rows:
            is_total = self._is_total(cells)
            filled = self._fill(self._places, row, cells, is_record=not is_total)
            if is_total:
                continue
            texts = {name: self._text(name, filled) for name in _NAMES}
            if not texts[self.name]:
                if texts[NUMBER] or texts["village"]:
                    self.nameless.append(row)
                continue
            if self._unseen.any and not self._is_taken(row, cells):
                continue
            if texts[NUMBER]:
                self.numbered = True
            elif NUMBER in self._columns.places:
                self.numberless.append(row)
            yield RosterRow(row, texts, self._cell(NUMBER, filled))

    def _is_taken(self, row: int, cells: Sequence[Cell]) -> bool:
        """Whether to read a row; collects the questions about hidden and struck ones."""
        kind, problem = self._unseen.kind_of(row, cells)
        self.problems += [problem] if problem else []
        return kind is None

    def _alone(self, row: RosterRow) -> HouseholdRows:
        household = HouseholdRows(row.row, row.texts, row.number, left=self._left(row.texts))
        household.add(row)
        return household

    def _grouped(self, rows: Iterable[RosterRow]) -> Iterator[HouseholdRows]:
        """Group persons by household: by number, by householder's name, or from one householder to the next."""
        groups: dict[object, HouseholdRows] = {}
        running = 0
        for row in rows:
            texts = row.texts
            is_head = self._is_head(texts[RELATION])
            running += is_head
            key = texts[NUMBER] or (texts["village"], texts["householder"] or running)
            group = groups.setdefault(key, HouseholdRows(row.row, texts, row.number, headless=True))
            group.add(row)
            left = self._left(texts)
            group.people += not left
            if not left:
                group.named.setdefault(texts[MEMBER], row.row)
            if is_head and not group.heads:
                group.row, group.headless, group.left = row.row, False, left
                group.texts, group.number = {**texts, "householder": texts[MEMBER]}, row.number
            elif not left:
                group.members.append(texts[MEMBER])
            if is_head:
                group.heads.append(row.row)
        return map(self._completed, groups.values())

    def _completed(self, group: HouseholdRows) -> HouseholdRows:
        group.headless = group.headless and not group.texts["householder"]
        first_type = next(iter(group.types), "")
        group.texts["household_type"] = group.texts["household_type"] or first_type
        if RELATION in self._columns.places:  # else the list may name some of the household's people only
            group.texts["people"] = group.texts["people"] or str(group.people or "")
        return group

    def _is_head(self, relation: str) -> bool:
        plain = compact(relation)
        return plain in self._roster.heads or _NOTE.sub("", plain) in self._roster.heads

    def _left(self, texts: Mapping[str, str]) -> str:
        """Return the status of a person who left the household; empty for current members."""
        note = _NOTE.search(compact(texts[RELATION]))
        said = texts[STATUS], note[1] if note else ""
        return next((text for text in said if compact(text) in self._roster.left), "")

    def _is_total(self, cells: Sequence[Cell]) -> bool:
        """Return whether a row is a sum: 合计, 武寺村小计."""
        places = self._columns.places
        looked_at = {0, *places.get(self.name, ()), *places["village"], *places.get("township", ())}
        texts = (str(cells[column]) for column in looked_at if column < len(cells))
        return any(map(self._totals.end, texts))

    def _text(self, name: str, cells: Sequence[Cell]) -> str:
        return text_of(self._cell(name, cells)).strip()

    def _cell(self, name: str, cells: Sequence[Cell]) -> Cell:
        """Return the first non-empty cell of several columns."""
        for column in self._columns.places.get(name, ()):
            cell = cells[column] if column < len(cells) else ""
            text = text_of(cell).strip()
            if text and compact(text) not in self._nothing:
                return cell
        return ""
