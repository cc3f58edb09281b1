"""Values, and results of the judge."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from checklist.problems import Problem
from checklist.reading.deadlines import Deadline

Value = str | int | Decimal | date | Deadline | tuple[str, ...] | None
"""A township's, village's or problem type's code, a choice's id, text, a number, a day, a deadline; None if empty.

Money is an int of fen, yes or no a bool, a month text (YYYY-MM), several choices a tuple of ids in the list's order."""


@dataclass(frozen=True)
class Checked:
    """One value with errors and warnings; the value is None if there is an error."""

    value: Value
    problems: tuple[Problem, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether it has an error."""
        return any(not problem.warning for problem in self.problems)


@dataclass(frozen=True)
class CheckedRecord:
    """The values of a record by field id, and all its problems; ``place`` is a field's id."""

    values: dict[str, Value]
    problems: tuple[Problem, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The errors, which block storing."""
        return tuple(problem for problem in self.problems if not problem.warning)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The warnings, to be reviewed."""
        return tuple(problem for problem in self.problems if problem.warning)
