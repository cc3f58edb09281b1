"""Records that are hidden or struck out: confirmed by the importer, never imported silently."""

from collections.abc import Sequence

from build_scripts.intake.cell_questions import asked
from build_scripts.intake.cell_table import Cell, CellSheet, place_of
from build_scripts.intake.row_kinds import RowKind
from checklist.messages import say
from checklist.problems import Problem
from checklist.questions import AnswerChoice, Question, QuestionKind
from checklist.values.judge import Context

TAKE, LEAVE = "take", "leave"

_CHOICES = (AnswerChoice(TAKE, "登记"), AnswerChoice(LEAVE, "不登记"))


class HiddenRows:
    """The rows of one sheet that are hidden, struck through, or say 删除 in place of their number."""

    def __init__(self, sheet: CellSheet, context: Context) -> None:
        self._sheet, self._context = sheet, context
        self._questions: dict[str, Question] = {}

    @property
    def any(self) -> bool:
        """Whether the sheet has any; most have none."""
        return bool(self._sheet.hidden or self._sheet.hidden_rows or self._sheet.struck)

    def kind_of(
        self, number: int, cells: Sequence[Cell], mark: str = ""
    ) -> tuple[RowKind | None, Problem | None]:
        """Return why a record is left out, None if it is taken; and the question about it, if there is one.

        Args:
            number: of the row.
            cells: of the row.
            mark: the words that stand in place of its number, such as 删除.
        """
        said, left = (f"写着“{mark}”的行", RowKind.UNWANTED) if mark else self._said(number, cells)
        if not said:
            return None, None
        is_likely = left is RowKind.STRUCK or mark in self._context.campaign.reading.tables.struck
        question = self._question(said, LEAVE if is_likely else "")
        kind = None if question.answer == TAKE else left
        message = say("rows-hidden", sheet=self._sheet.name, rows=said)
        problem = Problem(place_of(self._sheet.name, number, 0), "rows-hidden", message)
        return kind, asked(problem, question)

    def _said(self, number: int, cells: Sequence[Cell]) -> tuple[str, RowKind]:
        """Name what is the matter with a row, and its kind; empty if it is plainly seen."""
        sheet = self._sheet
        struck = sheet.struck.get(number, 0)
        if struck > 1 and struck >= sum(map(bool, cells)) - 1:
            return "划掉的行", RowKind.STRUCK
        if sheet.hidden:
            return "隐藏的工作表里的行", RowKind.HIDDEN
        if number in sheet.hidden_rows:
            return "筛选掉的行" if sheet.filtered else "隐藏的行", RowKind.HIDDEN
        return "", RowKind.HIDDEN

    def _question(self, said: str, likely: str) -> Question:
        if said not in self._questions:
            name = self._sheet.name
            question = Question(QuestionKind.UNSEEN, name, name, said, _CHOICES, likely)
            self._questions[said] = self._context.answers.settle(question)
        return self._questions[said]
