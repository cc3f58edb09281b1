"""Types of households as lists write them: one of the form's, or words that it does not have."""

from collections.abc import Sequence

from build_scripts.intake.cell_questions import AS_TYPED
from build_scripts.intake.roster_columns import TYPE
from build_scripts.intake.roster_questions import NOT_READ, ask_type
from checklist.model import RecordForm
from checklist.problems import Problem
from checklist.text_normalisation import clean_line
from checklist.values.judge import Context, check_value

_UNKNOWN = frozenset({"not-a-choice", "near-choice", "ambiguous"})
_LONGEST = 60
"""Characters of the column that holds a type."""


class TypeReader:
    """Reader of a workbook's types; asks about those that the form does not have."""

    def __init__(self, form: RecordForm, context: Context) -> None:
        self._field = form.field(TYPE) if form.has(TYPE) else None
        self._context = context

    def read(self, text: str, place: str) -> tuple[str | None, Sequence[Problem]]:
        """Return the id of a type, or its own words; None where nothing is written.

        Args:
            text: of the cell.
            place: of the cell.
        """
        if self._field is None or not text:
            return None, ()
        checked = check_value(self._field, text, self._context)
        if not any(problem.code in _UNKNOWN for problem in checked.problems):
            return (str(checked.value) if checked.value else None), checked.problems
        words = str(clean_line(text))[:_LONGEST]
        problem = ask_type(self._field, words, place, self._context)
        answer = problem.question.answer if problem.question else ""
        if answer == NOT_READ:
            return None, (problem,)
        return (words if answer in {"", AS_TYPED} else answer), (problem,)
