"""Possible duplicates: undecided pairs, and issues alike that nobody was asked about."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from build_scripts.counting.count_query import Records, has, literals
from build_scripts.counting.differences import Difference
from checklist.messages import say
from checklist.model import Campaign
from checklist.reading.similar_texts import alike_pairs
from checklist.states import OPEN


def undecided(records: Records, campaign: Campaign) -> Iterator[Difference]:
    """Yield pairs awaiting the office's decision, which block the final table."""
    yield from _pairs(records, campaign, _UNDECIDED, "double-undecided")


def unasked(records: Records, campaign: Campaign) -> Iterator[Difference]:
    """Yield issues that were never told apart: same household and type, or same place and level and similar text."""
    yield from _pairs(records, campaign, _UNASKED, "double-unasked")
    if not _are_kept(records):
        return
    asked = {(str(first), str(second)) for first, second in records.run(_asked(campaign))}
    general = records.run(_GENERAL.format(campaign=literals([campaign.id]), open=literals(OPEN)))
    for _, group in groupby(general, key=lambda row: row[3:]):
        issues = list(group)
        for one, other in alike_pairs([str(row[2] or "") for row in issues]):
            (first, first_unit, *_), (second, second_unit, *rest) = issues[one], issues[other]
            if not {(first, second), (second, first)} & asked:
                pair = first, first_unit, second, second_unit, rest[1]
                yield _difference(campaign, "double-unasked-text", pair)


def _are_kept(records: Records) -> bool:
    return has(records, "possible_double") and "household_id" in records.columns.get("issue", ())


def _pairs(records: Records, campaign: Campaign, query: str, code: str) -> Iterator[Difference]:
    if not _are_kept(records):
        return
    for pair in records.run(query.format(campaign=literals([campaign.id]), open=literals(OPEN))):
        yield _difference(campaign, code, pair)


def _difference(campaign: Campaign, code: str, pair: Sequence[Any]) -> Difference:
    first, first_unit, second, second_unit, problem_type = pair
    units = {unit.code: unit.name for unit in campaign.filing_units}
    names = {
        "first": units.get(str(first_unit), first_unit),
        "second": units.get(str(second_unit), second_unit),
    }
    ids = str(first), str(second)
    return Difference(say(code, **names), str(second_unit), str(problem_type), ids, kind="double")


def _asked(campaign: Campaign) -> str:
    return f"SELECT first_id, second_id FROM possible_double WHERE campaign_id = {literals([campaign.id])}"  # noqa: S608 - quoted by literals


_UNDECIDED = """
SELECT a.id, a.unit_code, b.id, b.unit_code, b.problem_type_id
FROM possible_double AS pair JOIN issue AS a ON a.id = pair.first_id JOIN issue AS b ON b.id = pair.second_id
WHERE pair.campaign_id = {campaign} AND pair.state = 'open' AND a.state <> 'withdrawn' AND b.state <> 'withdrawn'
UNION ALL
SELECT a.id, a.unit_code, b.id, b.unit_code, b.problem_type_id
FROM possible_double AS pair
JOIN proposed_household AS a ON a.id = pair.first_id JOIN proposed_household AS b ON b.id = pair.second_id
WHERE pair.campaign_id = {campaign} AND pair.state = 'open' AND a.state <> 'withdrawn' AND b.state <> 'withdrawn'
ORDER BY 1, 3
"""

_UNASKED = """
SELECT a.id, a.unit_code, b.id, b.unit_code, b.problem_type_id
FROM issue AS a
JOIN issue AS b ON b.household_id = a.household_id AND b.problem_type_id = a.problem_type_id
    AND (b.created_at > a.created_at OR (b.created_at = a.created_at AND b.id > a.id))
WHERE a.campaign_id = {campaign} AND b.campaign_id = a.campaign_id
    AND a.state IN ({open}) AND b.state IN ({open})
    AND NOT EXISTS (SELECT 1 FROM possible_double AS pair
        WHERE (pair.first_id = a.id AND pair.second_id = b.id) OR (pair.first_id = b.id AND pair.second_id = a.id))
UNION ALL
SELECT a.id, a.unit_code, b.id, b.unit_code, b.problem_type_id
FROM proposed_household AS a
JOIN proposed_household AS b ON b.household_id = a.household_id
    AND (b.created_at > a.created_at OR (b.created_at = a.created_at AND b.id > a.id))
WHERE a.campaign_id = {campaign} AND b.campaign_id = a.campaign_id
    AND a.state IN ({open}) AND b.state IN ({open})
    AND NOT EXISTS (SELECT 1 FROM possible_double AS pair
        WHERE (pair.first_id = a.id AND pair.second_id = b.id) OR (pair.first_id = b.id AND pair.second_id = a.id))
ORDER BY 1, 3
"""

_GENERAL = """
SELECT id, unit_code, content, problem_type_id, level, township_code, village_code
FROM issue
WHERE campaign_id = {campaign} AND state IN ({open}) AND level IS NOT NULL
ORDER BY problem_type_id, level, township_code, village_code, created_at, id
"""
