"""Records that their unit withdrew though other units had found the same: nobody counts what those found."""

from collections.abc import Iterator

from build_scripts.counting.count_query import Records, has, literals
from build_scripts.counting.differences import Difference
from checklist.messages import say
from checklist.model import Campaign


def lost_findings(records: Records, campaign: Campaign) -> Iterator[Difference]:
    """Yield each unit's finding that went with another unit's record, unless the same is recorded again since."""
    if not has(records, "finding"):
        return
    units = {unit.code: unit.name for unit in campaign.filing_units}
    for record_id, withdrew, found, problem_type in records.run(
        _QUERY.format(campaign=literals([campaign.id]))
    ):
        words = say(
            "finding-lost", withdrew=units.get(str(withdrew), withdrew), found=units.get(str(found), found)
        )
        yield Difference(words, str(found), str(problem_type), (str(record_id),), kind="double")


_QUERY = """
SELECT DISTINCT gone.id, gone.unit_code, finding.unit_code, gone.problem_type_id
FROM finding JOIN issue AS gone ON gone.id = finding.record_id
WHERE finding.record_table = 'issue' AND gone.campaign_id = {campaign} AND gone.state = 'withdrawn'
    AND finding.unit_code <> gone.unit_code
    AND NOT EXISTS (SELECT 1 FROM issue AS again
        WHERE again.campaign_id = gone.campaign_id AND again.state <> 'withdrawn'
            AND again.household_id = gone.household_id AND again.problem_type_id = gone.problem_type_id)
UNION ALL
SELECT DISTINCT gone.id, gone.unit_code, finding.unit_code, gone.problem_type_id
FROM finding JOIN proposed_household AS gone ON gone.id = finding.record_id
WHERE finding.record_table = 'proposed_household' AND gone.campaign_id = {campaign} AND gone.state = 'withdrawn'
    AND finding.unit_code <> gone.unit_code
    AND NOT EXISTS (SELECT 1 FROM proposed_household AS again
        WHERE again.campaign_id = gone.campaign_id AND again.state <> 'withdrawn'
            AND again.household_id = gone.household_id)
ORDER BY 1, 3
"""
