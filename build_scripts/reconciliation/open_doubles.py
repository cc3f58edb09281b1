"""Possible duplicates: undecided pairs, and issues alike that nobody was asked about."""

from collections.abc import Iterator

from build_scripts.counting.count_query import Records, has, literals
from build_scripts.counting.differences import Difference
from checklist.messages import say
from checklist.model import Campaign
from checklist.states import OPEN


def undecided(records: Records, campaign: Campaign) -> Iterator[Difference]:
    """Yield pairs awaiting the office's decision, which block the final table."""
    yield from _pairs(records, campaign, _UNDECIDED, "double-undecided")


def unasked(records: Records, campaign: Campaign) -> Iterator[Difference]:
    """Yield issues of one household and problem type that were never told apart, for review."""
    yield from _pairs(records, campaign, _UNASKED, "double-unasked")


def _pairs(records: Records, campaign: Campaign, query: str, code: str) -> Iterator[Difference]:
    if not has(records, "possible_double") or "household_id" not in records.columns.get("issue", ()):
        return
    units = {unit.code: unit.name for unit in campaign.filing_units}
    for first, first_unit, second, second_unit, problem_type in records.run(
        query.format(campaign=literals([campaign.id]), open=literals(OPEN))
    ):
        names = {
            "first": units.get(str(first_unit), first_unit),
            "second": units.get(str(second_unit), second_unit),
        }
        yield Difference(
            say(code, **names), str(second_unit), str(problem_type), (str(first), str(second)), kind="double"
        )


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
