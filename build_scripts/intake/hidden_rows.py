"""Records that a reader of the sheet does not see, or sees struck through: asked about, never taken in silence."""

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
    """The rows of one sheet that are hidden or struck through."""

    def __init__(self, sheet: CellSheet, context: Context) -> None:
        self._sheet, self._context = sheet, context
        self._questions: dict[str, Question] = {}

    @property
    def any(self) -> bool:
        """Whether the sheet has any; most have none."""
        return bool(self._sheet.hidden or self._sheet.hidden_rows or self._sheet.struck)

    def kind_of(self, number: int, cells: Sequence[Cell]) -> tuple[RowKind | None, Problem | None]:
        """Return why a record is left out, None if it is taken; and the question about it, if there is one."""
        said = self._said(number, cells)
        if not said:
            return None, None
        question = self._question(said)
        kind = None if question.answer == TAKE else RowKind.STRUCK if said == _STRUCK else RowKind.HIDDEN
        message = say("rows-hidden", sheet=self._sheet.name, rows=said)
        problem = Problem(place_of(self._sheet.name, number, 0), "rows-hidden", message)
        return kind, asked(problem, question)

    def _said(self, number: int, cells: Sequence[Cell]) -> str:
        """Name what is the matter with a row; empty if it is plainly seen."""
        sheet = self._sheet
        struck = sheet.struck.get(number, 0)
        if struck > 1 and struck >= sum(map(bool, cells)) - 1:
            return _STRUCK
        if sheet.hidden:
            return "隐藏的工作表里的行"
        if number in sheet.hidden_rows:
            return "筛选掉的行" if sheet.filtered else "隐藏的行"
        return ""

    def _question(self, said: str) -> Question:
        if said not in self._questions:
            name = self._sheet.name
            likely = LEAVE if said == _STRUCK else ""
            question = Question(QuestionKind.UNSEEN, name, name, said, _CHOICES, likely)
            self._questions[said] = self._context.answers.settle(question)
        return self._questions[said]


_STRUCK = "划掉的行"
