"""Households of a workbook, judged as the forms judge them; one row a household or one a person."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from build_scripts.intake.cell_judges import text_of
from build_scripts.intake.cell_table import Cell, CellSheet, Row, beginning, place_of
from build_scripts.intake.roster_columns import (
    LOOKED_AT,
    MEMBER,
    NUMBER,
    RELATION,
    ColumnFinder,
    Columns,
    roster_form,
)
from checklist.messages import say
from checklist.model import Campaign
from checklist.problems import Problem, errors_of
from checklist.reading.person_names import fold_name
from checklist.text import compact
from checklist.values.judge import Context, RecordJudge


@dataclass(frozen=True, slots=True)
class ReadHousehold:
    """A parsed household; ``values`` by field id, without unset ones."""

    place: str
    number: str | None
    values: Mapping[str, Any]

    @property
    def key(self) -> tuple[str, str]:
        """Village and householder, the key of a household without a number."""
        return str(self.values["village"]), fold_name(str(self.values["householder"]))


@dataclass
class Sheetful:
    """The report on a sheet."""

    name: str
    columns: Columns | None = None
    households: int = 0
    people: int = 0
    """Number of person rows, in a list that has them."""


@dataclass
class Lists:
    """The parsed lists of a workbook."""

    households: list[ReadHousehold] = field(default_factory=list)
    sheets: list[Sheetful] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def errors(self) -> list[Problem]:
        """The errors, which block the import."""
        return errors_of(self.problems)


def read_lists(sheets: Iterable[CellSheet], context: Context) -> Lists:
    """Parse the households of a workbook.

    Args:
        sheets: as the reading process yields them.
        context: the list's township, or the office for a list of the whole county.
    """
    lists, form = Lists(), roster_form(context.campaign)
    assert form is not None
    finder, judge = ColumnFinder(context.campaign, form), RecordJudge(form, context)
    for sheet in sheets:
        _read_sheet(sheet, finder, judge, context.campaign, lists)
    if not any(sheet.columns for sheet in lists.sheets):
        names = [sheet.name for sheet in lists.sheets]
        labels = [form.field("village").label, form.field("householder").label]
        lists.problems.append(
            Problem("", "roster-no-list", say("roster-no-list", sheets=names, labels=labels))
        )
    lists.problems += _repeated(lists.households, context.campaign.roster.number_label)
    return lists


def _read_sheet(
    sheet: CellSheet, finder: ColumnFinder, judge: RecordJudge, campaign: Campaign, lists: Lists
) -> None:
    first, rows = beginning(sheet, LOOKED_AT)
    columns = finder.find(first, sheet.merged)
    about = Sheetful(sheet.name, columns)
    lists.sheets.append(about)
    if columns is None:
        return
    below = (row for row in rows if row[0] > columns.last_row)
    reader = _Reader(sheet.name, columns, judge, campaign)
    for raw in reader.households(below):
        about.people += raw.members
        listed, problems = reader.judged(raw)
        lists.problems += problems
        if listed:
            about.households += 1
            lists.households.append(listed)
    lists.problems += reader.nameless


@dataclass
class _Raw:
    """The cells of a household's row, or of the householder's row among persons."""

    row: int
    texts: dict[str, str]
    members: int = 0
    headless: bool = False


class _Reader:
    """Parser of the rows below one header."""

    def __init__(self, sheet: str, columns: Columns, judge: RecordJudge, campaign: Campaign) -> None:
        self._sheet, self._columns, self._judge, self._roster = sheet, columns, judge, campaign.roster
        self._totals = frozenset(campaign.reading.tables.totals)
        self._nothing = frozenset((*campaign.reading.marks.nothing, *campaign.roster.nothing))
        self.nameless: list[Problem] = []
        """Nameless rows that look like a household or a person; complete once all rows are read."""

    def households(self, rows: Iterable[Row]) -> Iterator[_Raw]:
        """Yield each household's cells, in the order of the sheet; rows without a name are skipped."""
        named = ((number, self._texts(cells)) for number, cells in rows)
        name = MEMBER if self._columns.by_person else "householder"
        filled = ((number, texts) for number, texts in named if self._is_named(number, texts, name))
        if self._columns.by_person:
            return iter(self._grouped(filled))
        return (_Raw(number, texts) for number, texts in filled)

    def _is_named(self, row: int, texts: Mapping[str, str], name: str) -> bool:
        """Return whether a row has a name; note rows that lack only that."""
        if texts[name]:
            return not self._is_total(texts)
        if texts[NUMBER] or (texts["village"] and compact(texts["village"]) not in self._totals):
            words = say("roster-no-name")
            self.nameless.append(self._placed(Problem(name, "roster-no-name", words, warning=True), row))
        return False

    def judged(self, raw: _Raw) -> tuple[ReadHousehold | None, list[Problem]]:
        """Return the household, or None if it has errors."""
        checked = self._judge.check(raw.texts)
        problems = [self._placed(problem, raw.row) for problem in checked.problems]
        values = {key: value for key, value in checked.values.items() if value is not None}
        if raw.headless:
            words = say("roster-no-head", words=list(self._roster.heads))
            return None, [self._placed(Problem(RELATION, "roster-no-head", words), raw.row)]
        number = values.pop(NUMBER, None)
        if any(not problem.warning for problem in problems):
            return None, problems
        return ReadHousehold(
            self._place(raw.row, "householder"), str(number) if number else None, values
        ), problems

    def _grouped(self, rows: Iterable[tuple[int, dict[str, str]]]) -> Iterable[_Raw]:
        """Group persons' rows by household: by number, by householder's name, or from one householder to the next."""
        groups: dict[object, _Raw] = {}
        running = 0
        for number, texts in rows:
            is_head = compact(texts[RELATION]) in self._roster.heads
            running += is_head
            key = texts[NUMBER] or (texts["village"], texts["householder"] or running)
            group = groups.setdefault(key, _Raw(number, texts, headless=True))
            group.members += 1
            if is_head:
                group.row, group.headless = number, False
                group.texts = {**texts, "householder": texts[MEMBER]}
        for group in groups.values():
            if group.headless and group.texts["householder"]:
                group.headless = False
            group.texts["people"] = group.texts["people"] or str(group.members)
        return groups.values()

    def _texts(self, cells: Sequence[Cell]) -> dict[str, str]:
        """Return each column's text; the first non-empty one of several."""
        names = (NUMBER, MEMBER, RELATION, "township", "village", "householder", "household_type", "people")
        return {name: self._text(name, cells) for name in names}

    def _text(self, name: str, cells: Sequence[Cell]) -> str:
        for column in self._columns.places.get(name, ()):
            text = text_of(cells[column]).strip() if column < len(cells) else ""
            if text and compact(text) not in self._nothing:
                return text
        return ""

    def _is_total(self, texts: Mapping[str, str]) -> bool:
        return compact(texts["householder"] or texts[MEMBER]) in self._totals

    def _placed(self, problem: Problem, row: int) -> Problem:
        return Problem(self._place(row, problem.place), problem.code, problem.message, problem.warning)

    def _place(self, row: int, name: str) -> str:
        places = self._columns.places
        known = places.get(name) or places.get(MEMBER) or places["village"]
        return place_of(self._sheet, row, known[0])


def _repeated(households: Iterable[ReadHousehold], label: str) -> Iterator[Problem]:
    """Return problems for duplicate and indistinguishable households."""
    seen: dict[object, ReadHousehold] = {}
    for listed in households:
        first = seen.setdefault(listed.number or listed.key, listed)
        if first is not listed:
            code = "roster-number-twice" if listed.number else "roster-name-twice"
            words = say(code, first=first.place, name=listed.key[1], number=listed.number or "", label=label)
            yield Problem(listed.place, code, words)
