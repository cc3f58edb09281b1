"""Questions about what cannot be read with certainty: each distinct text is asked once, and its answer remembered.

A reader that is not certain asks; :class:`Answers` settles the question by what a person answered now, else by what is
remembered, else by the likely answer. A question without an answer blocks what it stands in the way of.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from hashlib import sha256

from checklist.text_normalisation import compact


class QuestionKind(StrEnum):
    """What is asked; the code of the sentence above all questions of the kind."""

    UNSEEN = "question-unseen"  # are hidden rows to be taken
    COLUMN = "question-column"  # which field is under a header that is not known
    HIDDEN_COLUMN = "question-hidden-column"  # are hidden columns to be read
    OUTCOME = "question-outcome"  # does the text say that it is done
    CONTRADICTION = "question-contradiction"  # two cells of a row that say done and not done
    VALUE = "question-value"  # which choice, problem type or village is meant
    DAY = "question-day"  # a day that may be another one
    NAME = "question-name"  # one householder or several
    ROWS = "question-rows"  # is a row of a roster a household or a person
    HEAD = "question-head"  # who is the householder after the one who left
    SAME = "question-same"  # which of several known households of a name
    TYPE = "question-type"  # what a type of household means that the form does not have
    ISSUE = "question-issue"  # is a row one of the recorded issues, reworded
    MISSING = "question-missing"  # is a recorded issue that a ledger lacks to be withdrawn
    NEWER = "question-newer"  # which text of a cell that was changed here and there since the export
    PERIOD = "question-period"  # is the table of another period meant for this one
    ABSENT = "question-absent"  # are households that a roster lacks to be switched off


REMEMBERED = frozenset({QuestionKind.OUTCOME, QuestionKind.VALUE, QuestionKind.COLUMN, QuestionKind.TYPE})
"""Kinds whose answer holds for the text wherever it stands; others hold for one import."""

WITHOUT_VALUE = frozenset({QuestionKind.VALUE})
"""Kinds of which nothing can be said before the answer."""


class AnswerOrigin(StrEnum):
    """Where an answer comes from."""

    NONE = ""
    GIVEN = "given"
    UNIT = "unit"  # remembered of the unit
    COUNTY = "county"  # remembered for all units, by the office
    LIKELY = "likely"  # nobody said so yet
    DEFAULT = "default"  # holds unless somebody says otherwise


@dataclass(frozen=True)
class AnswerChoice:
    """One possible answer; its ``id`` can be read in place of the text where a value is asked for."""

    id: str
    label: str


@dataclass(frozen=True)
class Question:
    """A question about one distinct text, with the answer in force."""

    kind: QuestionKind
    subject: str
    """What the text stands in: a field's id. Equal texts of other subjects are other questions."""
    label: str
    """The subject in words."""
    typed: str
    choices: Sequence[AnswerChoice]
    likely: str = ""
    """The id of the choice that is preselected; empty where none is certain enough."""
    default: str = ""
    """The id of the choice that holds where nobody says otherwise, which is told and harms nothing."""
    answer: str = ""
    """The id of the choice in force; empty while it is open."""
    origin: AnswerOrigin = AnswerOrigin.NONE

    @cached_property
    def key(self) -> str:
        """Identify the question: the same for the same text in another file."""
        said = "\n".join((self.kind, self.subject, compact(self.typed)))
        return f"{self.kind}-{sha256(said.encode('utf-8', 'surrogatepass')).hexdigest()[:20]}"

    @property
    def is_open(self) -> bool:
        """Whether it has no answer yet."""
        return not self.answer

    @property
    def meaning(self) -> str:
        """The answer in words; empty while it is open."""
        return next((choice.label for choice in self.choices if choice.id == self.answer), "")


@dataclass(frozen=True)
class RememberedAnswer:
    """An answer of an earlier import."""

    answer: str
    origin: AnswerOrigin


@dataclass(frozen=True)
class Answers:
    """What is known of the answers to questions."""

    given: Mapping[str, str] = field(default_factory=dict)
    """Key to the id of a choice, as a person answered now; an empty id takes an answer back. A kind in place of a key
    answers whatever is left open of it."""
    remembered: Mapping[str, RememberedAnswer] = field(default_factory=dict)
    preselects: bool = True
    """Whether the likely answer is in force until a person says otherwise: only where a person sees it first."""

    def settle(self, question: Question) -> Question:
        """Return the question with its answer in force; an answer that is none of its choices counts for nothing."""
        ids = {choice.id for choice in question.choices}
        known = self.remembered.get(question.key)
        likely = RememberedAnswer(question.likely, AnswerOrigin.LIKELY) if self.preselects else None
        given = self.given.get(question.key)
        if given is not None:
            return _answered(question, given, AnswerOrigin.GIVEN) if given in ids else question
        for found in (known, likely):
            if found and found.answer in ids:
                return _answered(question, found.answer, found.origin)
        rest = self.given.get(question.kind, "")
        if rest in ids:
            return _answered(question, rest, AnswerOrigin.GIVEN)
        return (
            _answered(question, question.default, AnswerOrigin.DEFAULT)
            if question.default in ids
            else question
        )


def lasting(given: Mapping[str, str]) -> dict[str, str]:
    """Return the given answers that hold for another file, too."""
    return {key: answer for key, answer in given.items() if key.rpartition("-")[0] in REMEMBERED}


def _answered(question: Question, answer: str, origin: AnswerOrigin) -> Question:
    return replace(question, answer=answer, origin=origin)
