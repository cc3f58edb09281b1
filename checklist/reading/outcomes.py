"""Outcomes (整改成效): whether what officials write there says that an issue is rectified."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from checklist.model.reading import OutcomeWords, Reading
from checklist.read_result import Refusal
from checklist.text import compact

_PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?)%", re.ASCII)
_DAY_BEHIND = re.compile(r"\d{1,4}[./月-]\d{1,2}(?:[./-]\d{1,2})?[日号]?$", re.ASCII)


@dataclass(frozen=True)
class Outcome:
    """Whether an issue is rectified (otherwise it is rectifying); with a doubt where the words say neither."""

    rectified: bool
    doubt: Refusal | None = None


def read_outcome(text: str, words: Reading) -> Outcome:
    """What an outcome says; whatever does not clearly say that it is done counts as rectifying."""
    plain = compact(text)
    if not plain or plain in words.marks.nothing or plain in words.marks.ditto:
        return Outcome(rectified=False, doubt=Refusal("outcome-empty"))
    for says, outcome in _RULES:
        if says(plain, words.outcomes):
            return outcome
    return Outcome(rectified=False, doubt=Refusal("outcome-unclear"))


def _holds(name: str) -> Callable[[str, OutcomeWords], bool]:
    """A rule that is met where the text holds one of the words of that name."""
    return lambda plain, words: any(word in plain for word in getattr(words, name))


def _is_partly_done(plain: str, words: OutcomeWords) -> bool:
    """Whether a share below the whole is named: 已完成70%."""
    return any(float(share) < 100 for share in _PERCENT.findall(plain))


def _counts(plain: str, words: OutcomeWords) -> bool:
    """Whether a figure follows the word for done, which leaves open how many remain: 已整改3户."""
    return any(re.search(re.escape(word) + r"[0-9]+(?!%|月|[.\-/0-9])", plain) for word in words.rectified)


def _is_done(plain: str, words: OutcomeWords) -> bool:
    """Whether it says done, or is a sign for it, perhaps with the day behind: √8.18."""
    alone = _DAY_BEHIND.sub("", plain).rstrip("。.!,")
    return any(word in plain for word in words.rectified) or alone in words.rectified_alone


_RULES: tuple[tuple[Callable[[str, OutcomeWords], bool], Outcome], ...] = (
    (_holds("not_a_problem"), Outcome(rectified=False, doubt=Refusal("outcome-not-a-problem"))),
    (_holds("deferred"), Outcome(rectified=False, doubt=Refusal("outcome-deferred"))),
    (_holds("overdue"), Outcome(rectified=False, doubt=Refusal("outcome-overdue"))),
    (_holds("rectifying"), Outcome(rectified=False)),
    (_is_partly_done, Outcome(rectified=False)),
    (_counts, Outcome(rectified=False, doubt=Refusal("outcome-unclear"))),
    (_is_done, Outcome(rectified=True)),
    (_holds("ongoing"), Outcome(rectified=False, doubt=Refusal("outcome-ongoing"))),
)
"""Looked at in this order: a word of doubt outweighs the word for done that stands beside it."""
