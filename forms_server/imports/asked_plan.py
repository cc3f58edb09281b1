"""What the plan of any import says of its problems."""

from collections.abc import Sequence
from functools import cached_property

from build_scripts.intake.asked_questions import AskedQuestion, asked_questions
from checklist.problems import Problem, errors_of


class AskedPlan:
    """A plan with its problems, some of which are questions."""

    problems: Sequence[Problem]

    @property
    def errors(self) -> list[Problem]:
        """Errors that block the import, open questions among them."""
        return errors_of(self.problems)

    @cached_property
    def questions(self) -> list[AskedQuestion]:
        """What is asked before anything is stored, with the answers in force."""
        return asked_questions(self.problems)
