"""Hidden columns with content: confirmed by the importer, never read silently."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace

from build_scripts.intake.cell_questions import asked
from build_scripts.intake.cell_table import Cell, CellSheet, Row, place_of
from build_scripts.intake.hidden_rows import LEAVE, TAKE
from build_scripts.intake.ledger_recognition import Header
from checklist.messages import say
from checklist.problems import Problem
from checklist.questions import AnswerChoice, Question, QuestionKind
from checklist.values.judge import Context

_CHOICES = (AnswerChoice(TAKE, "照常读"), AnswerChoice(LEAVE, "不读"))


class HiddenColumns:
    """Hidden columns under one header of one sheet; read by default, skipped on request.

    Args:
        sheet: in which they stand.
        row: number of the header's last row.
        words: the header of each column.
        read: the columns that are read and that a person may leave out.
        context: with the answers.
    """

    def __init__(
        self, sheet: CellSheet, row: int, words: Mapping[int, str], read: Set[int], context: Context
    ) -> None:
        self._sheet, self._row = sheet.name, row
        hidden = sorted(read & sheet.hidden_columns)
        self._questions = {column: _question(sheet.name, words[column], context) for column in hidden}
        self._filled = set[int]()
        self.left = {column for column, question in self._questions.items() if question.answer == LEAVE}
        """The columns that are not to be read."""

    def note(self, cells: Sequence[Cell]) -> None:
        """Note which of them a record fills in."""
        for column in self._questions.keys() - self._filled:
            if column < len(cells) and cells[column]:
                self._filled.add(column)

    def noted(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield rows, noting which of the columns they fill in."""
        for row in rows:
            self.note(row[1])
            yield row

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


def hidden_columns(header: Header, sheet: CellSheet, context: Context) -> tuple[Header, HiddenColumns]:
    """Return a ledger's hidden columns, and its header without those that are not to be read."""
    columns = HiddenColumns(sheet, header.last_row, header.words, _read_columns(header), context)
    return _without(header, columns.left), columns


def _read_columns(header: Header) -> set[int]:
    beside = (header.told_state, header.told_day, header.finer_type)
    return {*header.columns.values(), *(column for column in beside if column is not None)}


def _without(header: Header, left: set[int]) -> Header:
    if not left:
        return header
    return replace(
        header,
        columns={name: column for name, column in header.columns.items() if column not in left},
        told_state=None if header.told_state in left else header.told_state,
        told_day=None if header.told_day in left else header.told_day,
        finer_type=None if header.finer_type in left else header.finer_type,
    )
