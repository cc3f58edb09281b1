"""Hidden columns with content: confirmed by the importer, never read silently."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from build_scripts.intake.cell_questions import asked
from build_scripts.intake.cell_table import Cell, CellSheet, place_of
from build_scripts.intake.hidden_rows import LEAVE, TAKE
from build_scripts.intake.ledger_recognition import Header
from checklist.messages import say
from checklist.problems import Problem
from checklist.questions import AnswerChoice, Question, QuestionKind
from checklist.values.judge import Context

_CHOICES = (AnswerChoice(TAKE, "照常读"), AnswerChoice(LEAVE, "不读"))


class HiddenColumns:
    """Hidden columns under one header of one sheet; read by default, skipped on request."""

    def __init__(self, header: Header, sheet: CellSheet, context: Context) -> None:
        self._sheet, self._row = sheet.name, header.last_row
        hidden = sorted(_read_columns(header) & sheet.hidden_columns)
        self._questions = {column: _question(sheet.name, header.words[column], context) for column in hidden}
        self._left = {column for column, question in self._questions.items() if question.answer == LEAVE}
        self._filled = set[int]()
        self.header = _without(header, self._left)
        """The header without the columns that are not to be read."""

    def note(self, cells: Sequence[Cell]) -> None:
        """Note which of them a record fills in."""
        for column in self._questions.keys() - self._filled:
            if column < len(cells) and cells[column]:
                self._filled.add(column)

    def problems(self) -> Iterator[Problem]:
        """Yield what is asked about the columns that hold something; complete once all rows are noted."""
        for column in sorted(self._filled):
            question = self._questions[column]
            message = say("column-hidden", sheet=self._sheet, column=question.typed)
            problem = Problem(place_of(self._sheet, self._row, column), "column-hidden", message)
            yield asked(problem, question)


def _question(sheet: str, words: str, context: Context) -> Question:
    question = Question(QuestionKind.HIDDEN_COLUMN, sheet, sheet, words, _CHOICES)
    return context.answers.settle(question)


def _read_columns(header: Header) -> set[int]:
    beside = (header.told_state, header.told_day)
    return {*header.columns.values(), *(column for column in beside if column is not None)}


def _without(header: Header, left: set[int]) -> Header:
    if not left:
        return header
    return replace(
        header,
        columns={name: column for name, column in header.columns.items() if column not in left},
        told_state=None if header.told_state in left else header.told_state,
        told_day=None if header.told_day in left else header.told_day,
    )
