"""Possible duplicates: undecided pairs, and issues alike that nobody was asked about."""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from functools import cache
from itertools import combinations, groupby

from build_scripts.counting.count_query import Line, Records, has, literals
from build_scripts.counting.differences import Difference
from checklist.messages import say
from checklist.model import Campaign
from checklist.reading.similar_texts import alike_pairs
from checklist.states import OPEN

_Pair = tuple[Line, Line]
"""Two records, the earlier one first: id, unit, problem type."""


def undecided(records: Records, campaign: Campaign) -> Iterator[Difference]:
    """Yield pairs awaiting the office's decision, which block the final table."""
    if _are_kept(records):
        lines = records.run(_filled(_UNDECIDED, campaign))
        yield from _differences(campaign, "double-undecided", ((line[:3], line[3:]) for line in lines))


def unasked(records: Records, campaign: Campaign) -> Iterator[Difference]:
    """Yield issues that were never told apart: same household and type, or same place and level and similar text.

    Each is named with the earliest that it was not told apart from: n records of one problem are n - 1 differences.
    """
    if not _are_kept(records):
        return
    asked = {(str(first), str(second)) for first, second in records.run(_filled(_ASKED, campaign))}
    for queries, code, alike in (
        ((_HOUSEHOLD_ISSUES, _PROPOSED), "double-unasked", _in_turn),
        ((_GENERAL,), "double-unasked-text", _alike),
    ):
        lines = (line for query in queries for line in records.run(_filled(query, campaign)))
        yield from _differences(campaign, code, sorted(_untold(lines, asked, alike)))


def _are_kept(records: Records) -> bool:
    return has(records, "possible_double") and "household_id" in records.columns.get("issue", ())


def _filled(query: str, campaign: Campaign) -> str:
    return query.format(campaign=literals([campaign.id]), open=literals(OPEN))


def _untold(
    lines: Iterable[Line],
    asked: Set[tuple[str, str]],
    alike: Callable[[Sequence[Line]], Iterable[tuple[int, int]]],
) -> Iterator[_Pair]:
    """Yield each record with the first of its group that ``alike`` pairs it with and nobody was asked about.

    Args:
        lines: id, unit, problem type and text, then what a group has in common, by which they are sorted.
        asked: pairs that were asked about, in either order.
        alike: positions in a group of each two records that could be one problem, the earlier first.
    """
    for _, lines_of_group in groupby(lines, key=lambda line: line[4:]):
        group, told = list(lines_of_group), set[int]()
        for one, other in alike(group):
            if other in told:
                continue
            first, second = group[one][:3], group[other][:3]
            if (first[0], second[0]) not in asked and (second[0], first[0]) not in asked:
                told.add(other)
                yield first, second


def _in_turn(group: Sequence[Line]) -> Iterator[tuple[int, int]]:
    return combinations(range(len(group)), 2)


def _alike(group: Sequence[Line]) -> Iterator[tuple[int, int]]:
    return alike_pairs([str(line[3] or "") for line in group])


def _differences(campaign: Campaign, code: str, pairs: Iterable[_Pair]) -> Iterator[Difference]:
    units = {unit.code: unit.name for unit in campaign.filing_units}

    @cache
    def sentence(first: str, second: str) -> str:
        return say(code, first=units.get(first, first), second=units.get(second, second))

    for (first, first_unit, _), (second, second_unit, problem_type) in pairs:
        words = sentence(str(first_unit), str(second_unit))
        ids = str(first), str(second)
        yield Difference(words, str(second_unit), str(problem_type), ids, kind="double")


_ASKED = "SELECT first_id, second_id FROM possible_double WHERE campaign_id = {campaign}"

_UNDECIDED = """
SELECT a.id, a.unit_code, a.problem_type_id, b.id, b.unit_code, b.problem_type_id
FROM possible_double AS pair JOIN issue AS a ON a.id = pair.first_id JOIN issue AS b ON b.id = pair.second_id
WHERE pair.campaign_id = {campaign} AND pair.state = 'open' AND a.state <> 'withdrawn' AND b.state <> 'withdrawn'
UNION ALL
SELECT a.id, a.unit_code, a.problem_type_id, b.id, b.unit_code, b.problem_type_id
FROM possible_double AS pair
JOIN proposed_household AS a ON a.id = pair.first_id JOIN proposed_household AS b ON b.id = pair.second_id
WHERE pair.campaign_id = {campaign} AND pair.state = 'open' AND a.state <> 'withdrawn' AND b.state <> 'withdrawn'
ORDER BY 1, 4
"""

_HOUSEHOLD_ISSUES = """
SELECT issue.id, issue.unit_code, issue.problem_type_id, '', issue.household_id, issue.problem_type_id
FROM (
    SELECT household_id, problem_type_id FROM issue WHERE household_id IS NOT NULL
    GROUP BY household_id, problem_type_id HAVING COUNT(*) > 1
) AS several
CROSS JOIN issue
WHERE several.household_id = issue.household_id AND several.problem_type_id = issue.problem_type_id
    AND issue.campaign_id = {campaign} AND issue.state IN ({open})
ORDER BY issue.household_id, issue.problem_type_id, issue.created_at, issue.id
"""
"""A cross join, since SQLite then reads the few households first and not all issues of the campaign."""

_PROPOSED = """
SELECT id, unit_code, problem_type_id, '', household_id
FROM proposed_household
WHERE campaign_id = {campaign} AND state IN ({open}) AND household_id IS NOT NULL
ORDER BY household_id, created_at, id
"""

_GENERAL = """
SELECT id, unit_code, problem_type_id, content, problem_type_id, level, township_code, village_code
FROM issue
WHERE campaign_id = {campaign} AND state IN ({open}) AND level IS NOT NULL
ORDER BY problem_type_id, level, township_code, village_code, created_at, id
"""
