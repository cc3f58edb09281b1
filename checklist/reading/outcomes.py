"""Outcomes (整改成效): whether the text says that an issue is rectified.

Only whole known phrases decide. A text is split into clauses; each must be a known phrase or a known neutral addition.
Anything else makes it doubtful: 未能按期完成整改 contains words for done.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum
from itertools import takewhile

from checklist.model.reading import OutcomeWords, Reading
from checklist.read_result import Refusal
from checklist.reading.affixes import without_openings
from checklist.reading.clauses import DAY, Clause, clauses
from checklist.text_normalisation import compact

_SHARE = re.compile(r"(\d{1,3}(?:\.\d+)?)%", re.ASCII)
_YEARLESS = date(2000, 12, 31)
"""The year of days whose year does not matter; a leap year."""


@dataclass(frozen=True)
class Outcome:
    """Whether an issue is rectified (otherwise it is rectifying); with a doubt if the text says neither."""

    rectified: bool
    doubt: Refusal | None = None
    day: date | None = None
    """The named day of rectification; never in the future."""


class _Says(Enum):
    """The meaning of a clause, by the group of its phrase."""

    DONE = "rectified"
    SIGN = "rectified_alone"
    OPEN = "rectifying"
    PART = "partly"
    NOTHING = "beside"


def read_outcome(text: str, words: Reading, reference: date | None = None) -> Outcome:
    """Read an outcome; anything that does not clearly say done counts as rectifying.

    Args:
        text: what was typed.
        words: the campaign's phrases.
        reference: the day of reading: provides a missing year, and rules out later days. Without it no day is returned.
    """
    plain = compact(text)
    if not plain or plain in words.marks.nothing or plain in words.marks.ditto:
        return Outcome(rectified=False, doubt=Refusal("outcome-empty"))
    for at_blanks in (False, True) if len(text.split()) > 1 else (False,):
        cut = clauses(text, reference or _YEARLESS, at_blanks=at_blanks)
        found = _decided(cut, words.outcomes, reference)
        if found:
            return found
    return Outcome(rectified=False, doubt=Refusal(_why_unclear(plain, words.outcomes)))


def beside_state(outcome: Outcome, state: Outcome) -> Outcome:
    """Combine an outcome with the column beside it (整改状态, 是否整改到位).

    The state decides if the outcome does not; a contradiction is a doubt.
    """
    if state.doubt and state.doubt.code == "outcome-empty":
        return outcome
    if outcome.doubt:
        return state
    if state.rectified == outcome.rectified:
        return outcome
    return Outcome(rectified=False, doubt=Refusal("outcome-contradicts"))


def _decided(cut: list[Clause], words: OutcomeWords, reference: date | None) -> Outcome | None:
    """Combine the clauses' meanings; None if one is unknown, or they contradict each other."""
    said = list(takewhile(lambda says: says is not None, (_said(clause, words, reference) for clause in cut)))
    if len(said) < len(cut):
        return None
    kinds = set(said) - {_Says.NOTHING}
    alone = kinds == {_Says.SIGN} and len([clause for clause in cut if clause.words != DAY]) == 1
    if alone or (_Says.DONE in kinds and kinds <= {_Says.DONE, _Says.SIGN}):
        return Outcome(rectified=True, day=_day_of(cut, said, reference))
    if _Says.OPEN in kinds and kinds <= {_Says.OPEN, _Says.PART}:
        return Outcome(rectified=False)
    return None


def _said(clause: Clause, words: OutcomeWords, reference: date | None) -> _Says | None:
    """Return a clause's meaning; None if it is unknown."""
    share = _share(clause, words)
    if share is not None:
        return _Says.DONE if share == 100 else _Says.OPEN
    typed = _without_openings(clause.words, words)
    group = words.group_of.get(typed)
    if group == _Says.OPEN.value and not _is_ahead(clause, reference):
        return None
    if group and group != _Says.DONE.value:
        return _Says(group)
    return _of_done(clause, typed, words, reference)


def _is_ahead(clause: Clause, reference: date | None) -> bool:
    """Return whether no day of a plan is past: 8月12日前整改到位, read on the 25th, is ambiguous."""
    return not (reference and clause.days) or max(clause.days) >= reference


def _of_done(clause: Clause, typed: str, words: OutcomeWords, reference: date | None) -> _Says | None:
    """Read a clause that may be a phrase for done, with an optional day before or after: 8月12日已完成整改.

    整改到位 after a day may be a plan, unless the day is known to be past.
    """
    done = (_Says.DONE.value, _Says.SIGN.value)
    group_of = words.group_of.get
    if DAY not in typed:
        return _Says.DONE if group_of(typed) == _Says.DONE.value else None
    if clause.vague or any(reference and day > reference for day in clause.days):
        return None
    if typed == DAY:
        return _Says.NOTHING
    if group_of(typed) or group_of(typed.removesuffix(DAY)) in done:
        return _Says.DONE
    bare = _without_openings(typed.removeprefix(DAY), words)
    known = typed.startswith(DAY) and (reference or bare.startswith("已"))
    return _Says.DONE if known and group_of(bare) == _Says.DONE.value else None


def _without_openings(typed: str, words: OutcomeWords) -> str:
    """Strip optional leading words; a clause of nothing else stays as it is."""
    return without_openings(typed, words.openings) or typed


def _share(clause: Clause, words: OutcomeWords) -> float | None:
    """Read the share of a clause, 已完成70%; None if it has none, or one above 100 %."""
    found = _SHARE.search(clause.plain)
    if not found:
        return None
    rest = without_openings(clause.plain[: found.start()] + clause.plain[found.end() :], words.openings)
    share = float(found.group(1))
    return share if share <= 100 and (not rest or rest in words.shares) else None


def _day_of(cut: list[Clause], said: list[_Says | None], reference: date | None) -> date | None:
    """Return the one day beside the words for done, or alone in its clause."""
    days = {
        day
        for clause, says in zip(cut, said, strict=True)
        if says is _Says.DONE or clause.words == DAY
        for day in clause.days
    }
    return days.pop() if reference and len(days) == 1 else None


def _why_unclear(plain: str, words: OutcomeWords) -> str:
    """Return the most fitting message code for an undecided text."""
    groups = {
        "outcome-not-a-problem": words.not_a_problem,
        "outcome-deferred": words.deferred,
        "outcome-overdue": words.overdue,
        "outcome-ongoing": words.ongoing,
    }
    held = (code for code, group in groups.items() if any(word in plain for word in group))
    return next(held, "outcome-unclear")
