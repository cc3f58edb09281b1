"""Records that name a householder whom several households of the village may be."""

from collections.abc import Iterator

from build_scripts.counting.count_query import Records, literals
from build_scripts.counting.differences import Difference
from checklist.messages import say
from checklist.model import Campaign


def unlinked(records: Records, campaign: Campaign) -> Iterator[Difference]:
    """Yield, for each unit, its records whose household the office has to choose; they block the final table."""
    if "household_id" not in records.columns.get("issue", ()):
        return
    units = {unit.code: unit.name for unit in campaign.filing_units}
    found: dict[str, list[str]] = {}
    for record_id, unit_code in records.run(_QUERY.format(campaign=literals([campaign.id]))):
        found.setdefault(str(unit_code), []).append(str(record_id))
    for unit_code, ids in found.items():
        words = say(
            "household-unlinked",
            unit=units.get(unit_code, unit_code),
            count=len(ids),
            counter=campaign.counter,
        )
        yield Difference(words, unit_code, records=tuple(ids), kind="double")


_QUERY = """
SELECT id, unit_code FROM issue
WHERE campaign_id = {campaign} AND household_id IS NULL AND householder IS NOT NULL AND village_code IS NOT NULL
    AND state <> 'withdrawn'
UNION ALL
SELECT id, unit_code FROM proposed_household
WHERE campaign_id = {campaign} AND household_id IS NULL AND householder IS NOT NULL AND village_code IS NOT NULL
    AND state <> 'withdrawn'
ORDER BY 2, 1
"""
