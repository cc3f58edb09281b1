"""Shares of a survey's answers, weighted to the roster's households, with 95 % intervals (``supervision_rates``)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from build_scripts.counting.supervision_rates import Rate, weighted_rate
from checklist.model import Survey, SurveyRate


@dataclass(frozen=True)
class Paper:
    """One answered paper."""

    township: str
    village: str
    answers: Mapping[str, str]
    """Choice field to answer."""


@dataclass(frozen=True)
class SurveyShare:
    """A share over some papers, and how many of them it leaves out."""

    rate: Rate
    misses: int
    left_out: int


def survey_share(rate: SurveyRate, papers: Sequence[Paper], weights: Sequence[float]) -> SurveyShare:
    """Return the share of the papers, of which each stands for its weight."""
    known = [
        (paper.answers[rate.question] in rate.hits, weight)
        for paper, weight in zip(papers, weights, strict=True)
        if paper.answers.get(rate.question) and paper.answers[rate.question] not in rate.leave_out
    ]
    found = weighted_rate(known)
    return SurveyShare(found, len(known) - found.hits, len(papers) - len(known))


def paper_weights(
    survey: Survey, papers: Sequence[Paper], households: Mapping[tuple[str, str], int]
) -> list[float]:
    """Return how many households each paper stands for: those of its village and kind, shared among their papers.

    A paper stands for itself at least: of a kind that the roster does not have in the village, or has fewer of.

    Args:
        survey: says which kinds of the roster an answer stands for.
        papers: all of a period.
        households: of the roster, by village and kind.
    """
    strata = [(paper.village, paper.answers.get(survey.strata, "")) for paper in papers]
    asked = Counter(strata)
    stand_for = {
        (village, answer): sum(
            households.get((village, kind), 0) for kind in survey.households.get(answer, ())
        )
        for village, answer in asked
    }
    return [max(1.0, stand_for[each] / asked[each]) for each in strata]
