"""The questions of an import: each distinct text once, with how many cells it stands in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from checklist.problems import Problem
from checklist.questions import Question, QuestionKind

_SHOWN_PLACES = 3


@dataclass(frozen=True)
class AskedQuestion:
    """A question with the cells in which its text stands."""

    question: Question
    why: str
    """Why the text is ambiguous, or how it was interpreted."""
    count: int
    """How many cells."""
    places: Sequence[str]
    """The first of them."""


def asked_questions(problems: Iterable[Problem]) -> list[AskedQuestion]:
    """Collect the questions of problems: by kind, open ones first, then by how many cells they are about."""
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.question:
            found.setdefault(problem.question.key, []).append(problem)
    asked = [_asked(same) for same in found.values()]
    kinds = list(QuestionKind)
    return sorted(
        asked,
        key=lambda each: (kinds.index(each.question.kind), not each.question.is_open, -each.count),
    )


@dataclass(frozen=True)
class ToldProblem:
    """A sentence with the cells that it is about."""

    message: str
    warning: bool
    count: int
    places: Sequence[str]
    """The first of them."""


def told_once(problems: Iterable[Problem]) -> list[ToldProblem]:
    """Collect problems of the same sentence; errors first, else in their order."""
    found: dict[tuple[bool, str], list[str]] = {}
    for problem in problems:
        found.setdefault((problem.warning, problem.message), []).append(problem.place)
    told = [
        ToldProblem(message, warning, len(places), tuple(places[:_SHOWN_PLACES]))
        for (warning, message), places in found.items()
    ]
    return sorted(told, key=lambda each: each.warning)


def by_kind(asked: Iterable[AskedQuestion]) -> list[tuple[QuestionKind, list[AskedQuestion]]]:
    """Group the questions by kind, in their order."""
    return [(kind, list(each)) for kind, each in groupby(asked, key=lambda each: each.question.kind)]


def open_questions(asked: Iterable[AskedQuestion]) -> list[AskedQuestion]:
    """Return the questions without an answer."""
    return [each for each in asked if each.question.is_open]


def _asked(same: Sequence[Problem]) -> AskedQuestion:
    first = same[0]
    assert first.question
    places = tuple(problem.place for problem in same[:_SHOWN_PLACES])
    return AskedQuestion(first.question, first.message, len(same), places)
