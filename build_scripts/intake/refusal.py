"""The refusal of a whole workbook."""

from checklist.messages import say
from checklist.problems import Problem


class Unreadable(Exception):
    """A workbook refused as a whole; ``problem`` has reason and remedy."""

    def __init__(self, code: str, **params: object) -> None:
        self.problem = Problem("", code, say(code, **params))
        super().__init__(self.problem.message)
