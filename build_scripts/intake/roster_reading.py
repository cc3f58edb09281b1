"""Households of a workbook, judged as the forms judge them; one row a household or one a person."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from build_scripts.intake.cell_judges import text_of
from build_scripts.intake.cell_questions import AS_TYPED, leaves_no_value, record_with_answers
from build_scripts.intake.cell_table import CellSheet, beginning, place_of
from build_scripts.intake.hidden_columns import HiddenColumns
from build_scripts.intake.personal_cells import NumberlessSheets, NumberRemoval
from build_scripts.intake.roster_columns import (
    LOOKED_AT,
    MEMBER,
    NUMBER,
    RELATION,
    TYPE,
    ColumnFinder,
    Columns,
    roster_form,
)
from build_scripts.intake.roster_members import ListedMembers, MemberReader
from build_scripts.intake.roster_numbers import number_fault
from build_scripts.intake.roster_questions import NOT_READ, PERSONS, ask_head, ask_rows
from build_scripts.intake.roster_rows import HouseholdRows, RosterRows
from build_scripts.intake.roster_types import TypeReader
from checklist.messages import say
from checklist.model import RecordForm
from checklist.problems import Problem, errors_of
from checklist.reading.person_names import fold_name
from checklist.values.judge import Context, RecordJudge


@dataclass(frozen=True, slots=True)
class ReadHousehold:
    """A parsed household; ``values`` by field id, without unset ones."""

    place: str
    number: str | None
    values: Mapping[str, Any]
    """A type that the form does not have stands in its own words."""
    members: ListedMembers | None = None
    """None in a list by household, which says nothing of them."""

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
    has_personal_numbers: bool = False
    """Whether any cell held a number of a person, even one that is not read."""

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
    finder = ColumnFinder(context.campaign, form)
    others = tuple(field for field in form.fields if field.id != TYPE)
    judge = RecordJudge(form.model_copy(update={"fields": others}), context)
    judges = _Judges(form, judge, TypeReader(form, context), MemberReader(form, context), context)
    numberless = NumberlessSheets(sheets, NumberRemoval.of(context.campaign))
    for sheet in numberless:
        _read_sheet(sheet, finder, judges, lists)
    if not any(sheet.columns for sheet in lists.sheets):
        names = [sheet.name for sheet in lists.sheets]
        labels = [form.field("village").label, form.field("householder").label]
        lists.problems.append(
            Problem("", "roster-no-list", say("roster-no-list", sheets=names, labels=labels))
        )
    lists.has_personal_numbers = numberless.found
    lists.problems += _repeated(lists.households, context.campaign.roster.number_label)
    return lists


def _read_sheet(sheet: CellSheet, finder: ColumnFinder, judges: "_Judges", lists: Lists) -> None:
    first, rows = beginning(sheet, LOOKED_AT)
    columns = finder.find(first, sheet.merged)
    about = Sheetful(sheet.name, columns)
    lists.sheets.append(about)
    if columns is None:
        return
    hidden = HiddenColumns(sheet, columns.last_row, columns.words, columns.optional, judges.context)
    reader = _Reader(sheet, columns.without(hidden.left), judges)
    below = (row for row in rows if row[0] > columns.last_row)
    for rows_of_one in reader.rows.households(hidden.noted(below)):
        about.people += rows_of_one.people
        listed, problems = reader.judged(rows_of_one)
        lists.problems += problems
        if listed:
            about.households += 1
            lists.households.append(listed)
    lists.problems += [*hidden.problems(), *reader.rows.problems, *reader.problems_of_rows()]
    if columns.may_be_persons and about.households:
        lists.problems += reader.asked_rows(columns.last_row)


@dataclass(frozen=True)
class _Judges:
    """What judges every row of a workbook."""

    form: RecordForm
    record: RecordJudge
    types: TypeReader
    members: MemberReader
    context: Context


class _Reader:
    """Judge of the households below one header."""

    def __init__(self, sheet: CellSheet, columns: Columns, judges: _Judges) -> None:
        campaign = judges.context.campaign
        self._sheet, self._columns, self._roster = sheet.name, columns, campaign.roster
        self._judge, self._types, self._form = judges.record, judges.types, judges.form
        self._members, self._context = judges.members, judges.context
        self.rows = RosterRows(columns, sheet, judges.context)

    def judged(self, found: HouseholdRows) -> tuple[ReadHousehold | None, list[Problem]]:
        """Return the household, or None if it has errors or is not to be imported."""
        if found.headless:
            words = say("roster-no-head", words=list(self._roster.heads))
            return None, [self._placed(Problem(RELATION, "roster-no-head", words), found.row)]
        texts, asking = self._with_head(found)
        if texts is None:
            return None, asking
        checked, asked_of_texts = record_with_answers(self._judge, self._form, texts, self._context)
        household_type, wrong = self._types.read(texts[TYPE], TYPE)
        problems = asking + [
            self._placed(problem, found.row) for problem in (*checked.problems, *asked_of_texts, *wrong)
        ]
        values = {key: value for key, value in checked.values.items() if value is not None}
        problems += self._problems_of_two_heads(found)
        number = values.pop(NUMBER, None)
        if number:
            problems += self._problems_of_number(found)
        if any(map(leaves_no_value, problems)):
            return None, problems
        values |= {TYPE: household_type} if household_type else {}
        place = self._place(found.row, "householder")
        if not self._columns.by_person:
            return ReadHousehold(place, str(number) if number else None, values), problems
        members, told = self._members.read(found.named, complete=RELATION in self._columns.places)
        problems += [self._placed(problem, row) for row, problem in told]
        return ReadHousehold(place, str(number) if number else None, values, members), problems

    def asked_rows(self, header: int) -> Iterator[Problem]:
        """Ask whether the rows are households; those of persons need a column of relations."""
        place = self._place(header, self.rows.name)
        counter = self._context.campaign.counter
        problem = ask_rows(self._sheet, place, counter, self._context.answers)
        yield problem
        if problem.question and problem.question.answer == PERSONS:
            words = say("roster-no-relation", sheet=self._sheet, words=list(self._roster.heads))
            yield Problem(place, "roster-no-relation", words)

    def _with_head(self, found: HouseholdRows) -> tuple[dict[str, str] | None, list[Problem]]:
        """Return the texts with the householder in force; None of a household that is not to be imported."""
        if not found.left:
            return found.texts, []
        texts = found.texts
        name = texts["householder"]
        household = texts[NUMBER] or f"{texts['village']}/{name}"
        at = self._place(found.row, "householder"), self._context
        problem = ask_head(household, name, found.left, found.members, at)
        answer = problem.question.answer if problem.question else ""
        if answer == NOT_READ:
            return None, [problem]
        return {**texts, "householder": name if answer in {"", AS_TYPED} else answer}, [problem]

    def problems_of_rows(self) -> Iterator[Problem]:
        """Return the problems of rows without a name or a number; call it once all rows are read."""
        for row in self.rows.nameless:
            words = say("roster-no-name")
            yield self._placed(Problem(self.rows.name, "roster-no-name", words, warning=True), row)
        if self.rows.numbered:
            words = say("roster-number-blank", label=self._roster.number_label)
            for row in self.rows.numberless:
                yield self._placed(Problem(NUMBER, "roster-number-blank", words), row)

    def _problems_of_two_heads(self, found: HouseholdRows) -> Iterator[Problem]:
        for row in found.heads[1:]:
            first = self._place(found.heads[0], RELATION)
            words = say("roster-two-heads", first=first, label=self._roster.number_label)
            yield self._placed(Problem(RELATION, "roster-two-heads", words), row)

    def _problems_of_number(self, found: HouseholdRows) -> Iterator[Problem]:
        """Return the problems of a number that cannot be one, or that stands for households of two villages."""
        label = self._roster.number_label
        code = number_fault(found.number)
        if code:
            words = say(code, label=label, typed=text_of(found.number))
            yield self._placed(Problem(NUMBER, code, words), found.row)
        villages: dict[object, int] = {}
        for text, row in found.villages.items():
            code_of_village = self._judge.check({**found.texts, "village": text}).values["village"]
            villages.setdefault(code_of_village or text, row)
        for row in [*villages.values()][1:]:
            first = self._place(next(iter(villages.values())), "village")
            words = say("roster-two-villages", first=first, label=label, number=found.texts[NUMBER])
            yield self._placed(Problem("village", "roster-two-villages", words), row)

    def _placed(self, problem: Problem, row: int) -> Problem:
        return replace(problem, place=self._place(row, problem.place))

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
