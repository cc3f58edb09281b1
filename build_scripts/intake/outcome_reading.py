"""Rectification status of a row, from the outcome's text and the status and date columns beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from build_scripts.intake.cell_judges import judge_of, share_of, text_of
from build_scripts.intake.cell_questions import AS_TYPED, asked, question_of_year
from build_scripts.intake.cell_table import Cell
from checklist.messages import say
from checklist.model import Field, FieldType
from checklist.problems import Problem
from checklist.questions import AnswerChoice, Question, QuestionKind
from checklist.reading.outcomes import Outcome, beside_state, read_outcome
from checklist.states import STATE_NAMES, State
from checklist.values.campaign_years import day_of_reading, years_of
from checklist.values.judge import Context, check_value

DONE, OPEN = "done", "open"
"""Answers to the question whether a text means rectified."""

_CHOICES = (
    AnswerChoice(DONE, STATE_NAMES[State.RECTIFIED]),
    AnswerChoice(OPEN, STATE_NAMES[State.RECTIFYING]),
)
_UNDECIDED = frozenset({"outcome-unclear"})
"""Doubts that speak for neither answer."""
_EMPTY = "outcome-empty"
_MOST_SEEN = 50_000


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """Whether a row's issue is rectified, and since when."""

    rectified: bool
    day: date | None = None
    """The day that the row names; none where it is not rectified."""
    problems: Sequence[Problem] = ()


class OutcomeReader:
    """Reader of the outcome's column, with those beside it: 整改状态 and 完成时间. Memoized by what they hold."""

    def __init__(self, field: Field, context: Context, state_label: str = "", day_label: str = "") -> None:
        """Prepare the columns.

        Args:
            field: of the outcome.
            context: the filing unit and the time.
            state_label: the header of the column of states; empty where there is none.
            day_label: that of the column of days.
        """
        self._field, self._context = field, context
        self._state_label, self._day_label = state_label, day_label
        self._day_field = Field(id=field.id, label=day_label or field.label, type=FieldType.DATE)
        self.text = judge_of(field.model_copy(update={"required": False}), context)
        """The judge of the text; an empty cell means not rectified, as the form's instructions say."""
        self._read_on = day_of_reading(context)
        self._seen: dict[tuple[Cell, Cell, Cell], RowOutcome] = {}

    def __call__(self, cell: Cell, state: Cell = "", day: Cell = "") -> RowOutcome:
        """Read the cells of one row."""
        key = cell, state, day
        found = self._seen.get(key)
        if found is None:
            found = self._read(*key)
            if len(self._seen) < _MOST_SEEN:
                self._seen[key] = found
        return found

    def _read(self, cell: Cell, state_cell: Cell, day_cell: Cell) -> RowOutcome:
        typed, state = _typed(cell), _typed(state_cell)
        outcome = self._outcome(typed)
        said = beside_state(outcome, self._outcome(state)) if state else outcome
        day, wrong = self._typed_day(text_of(day_cell))
        rectified, problems = self._decided(said, typed, state, day)
        if not rectified:
            return RowOutcome(rectified=False, problems=(*wrong, *problems))
        since, asking = self._in_campaign(day or outcome.day, text_of(day_cell) if day else typed)
        return RowOutcome(rectified=True, day=since, problems=(*wrong, *problems, *asking))

    def _outcome(self, typed: str) -> Outcome:
        return read_outcome(typed, self._context.campaign.reading, self._read_on)

    def _decided(
        self, said: Outcome, typed: str, state: str, day: date | None
    ) -> tuple[bool, Sequence[Problem]]:
        """Return whether it is rectified, with the question where the cells leave it open or contradict each other."""
        code = said.doubt.code if said.doubt else ""
        if day and code in {"", _EMPTY}:
            to_come = day > self._context.today
            if said.rectified if to_come else not said.rectified:
                days = f"{self._day_label}还没有到" if to_come else f"{self._day_label}已经过了"
                return self._asked("outcome-contradicts", _beside(typed, state, self._state_label, days))
        if code == "outcome-contradicts":
            return self._asked(code, _beside(typed, state, self._state_label))
        if code in {"", _EMPTY}:
            empty = code and typed
            return said.rectified, (self._problem(code, typed),) if empty else ()
        return self._asked(code, typed or state)

    def _asked(self, code: str, typed: str) -> tuple[bool, Sequence[Problem]]:
        """Ask whether the text means rectified; preselect "no" for deferred or ongoing work."""
        contradicts = code == "outcome-contradicts"
        kind = QuestionKind.CONTRADICTION if contradicts else QuestionKind.OUTCOME
        likely = "" if contradicts or code in _UNDECIDED else OPEN
        question = self._context.answers.settle(
            Question(kind, self._field.id, self._field.label, typed, _CHOICES, likely)
        )
        return question.answer == DONE, (asked(self._problem(code, typed), question),)

    def _problem(self, code: str, typed: str) -> Problem:
        message = say(code, label=self._field.label, typed=" ".join(typed.split()))
        return Problem(self._field.id, code, message, warning=True)

    def _typed_day(self, typed: str) -> tuple[date | None, Sequence[Problem]]:
        """Read the date column; warn about an invalid date and ignore it."""
        if not typed:
            return None, ()
        checked = check_value(self._day_field, typed, self._context)
        told = [each for each in checked.problems if each.code not in {"year-beside", "taken-as-empty"}]
        day = checked.value if isinstance(checked.value, date) else None
        return day, [replace(each, warning=True) for each in told]

    def _in_campaign(self, day: date | None, typed: str) -> tuple[date | None, Sequence[Problem]]:
        """Ask about a day in another year than the campaign's, or before it where the year may be a later one."""
        began = self._context.campaign.notice.issued
        in_order = self._read_on == self._context.today or (day and day >= began)
        if day is None or (in_order and day.year in years_of(self._context)):
            return day, ()
        message = say("year-beside", label=self._day_field.label, typed=typed, year=day.year)
        question = question_of_year(self._day_field, typed, day, self._context)
        meant = day if question.answer in {"", AS_TYPED} else date.fromisoformat(question.answer)
        return meant, (asked(Problem(self._field.id, "year-beside", message), question),)


def _typed(cell: Cell) -> str:
    return cell if isinstance(cell, str) else share_of(cell)


def _beside(typed: str, state: str, state_label: str, *more: str) -> str:
    """Join what the cells say, each with its header."""
    said = [typed, f"{state_label}：{state}" if state else "", *more]
    return "，".join(part for part in said if part)
