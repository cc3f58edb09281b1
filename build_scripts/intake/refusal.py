"""Why a workbook cannot be read at all."""

from checklist.messages import say
from checklist.problems import Problem


class Unreadable(Exception):
    """A workbook that is refused as a whole; ``problem`` says why, and how to save it instead."""

    def __init__(self, code: str, **params: object) -> None:
        self.problem = Problem("", code, say(code, **params))
        super().__init__(self.problem.message)
