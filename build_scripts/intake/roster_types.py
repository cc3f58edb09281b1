"""Types of households as lists write them: one of the form's, or words that it does not have, which are kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from build_scripts.intake.roster_columns import TYPE
from checklist.messages import say
from checklist.model import RecordForm
from checklist.problems import Problem
from checklist.text_normalisation import clean_line
from checklist.values.judge import Context, check_value

_UNKNOWN = frozenset({"not-a-choice", "near-choice", "ambiguous"})
_LONGEST = 60
"""Characters of the column that holds a type."""


@dataclass
class UnknownType:
    """A type that the form does not have, or that may be several of its types."""

    words: str
    place: str
    """The first cell with it."""
    households: int = 0


class TypeReader:
    """Reader of a workbook's types; collects the unknown ones, each once."""

    def __init__(self, form: RecordForm, context: Context) -> None:
        self._field = form.field(TYPE) if form.has(TYPE) else None
        self._context = context
        self.unknown: dict[str, UnknownType] = {}

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
        self.unknown.setdefault(words, UnknownType(words, place)).households += 1
        return words, ()

    def problems(self) -> Iterator[Problem]:
        """Return a warning for each unknown type."""
        for each in self.unknown.values():
            words = say("roster-type-kept", words=each.words, number=each.households)
            yield Problem(each.place, "roster-type-kept", words, warning=True)
