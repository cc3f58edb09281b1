"""Status of a county's returns within its export; without it, the city's figures are interim."""

from collections.abc import Sequence
from datetime import datetime

from build_scripts.counting.count_query import QUERY, RETURN_TABLE, Line, Records
from build_scripts.counting.plain_summary import summary_of_lines
from build_scripts.counting.regions import county_code
from build_scripts.reconciliation.agreement import disagreements
from build_scripts.reconciliation.awaited_returns import awaited_returns
from build_scripts.reconciliation.signed_returns import all_signed
from checklist.model import Campaign

RETURN_COLUMNS = {
    "county_code": "VARCHAR", "campaign_id": "VARCHAR", "unit_code": "VARCHAR", "awaited": "VARCHAR",
    "as_of": "TIMESTAMP",
}  # fmt: skip
"""``awaited`` is the reason of ``Awaited``, empty for a return that is received and current."""


def return_rows(records: Records, campaign: Campaign, now: datetime) -> Sequence[Line]:
    """Rows of the return table: one for each filing unit of a live database."""
    lines = [line for line in records.run(QUERY) if line[0] == campaign.id]
    summary = summary_of_lines(lines, campaign)
    unsettled = disagreements(records, summary, campaign)
    awaited = awaited_returns(records, campaign, summary, all_signed(records, campaign), unsettled)
    why = {each.unit_code: str(each.why) for each in awaited}
    county = county_code(campaign)
    return [
        (county, campaign.id, unit.code, why.get(unit.code, ""), now.isoformat(sep=" "))
        for unit in campaign.filing_units
    ]


def moment_of(records: Records, now: datetime) -> datetime:
    """As-of time of a source: now for a live database, the earliest export's otherwise.

    An export without one counts as of its last change.
    """
    if not records.files:
        return now
    if RETURN_TABLE in records.columns:
        query = f"SELECT MIN(as_of) FROM {RETURN_TABLE}"  # noqa: S608 - a name of ours
    elif "changed_at" in records.columns["issue"]:
        query = "SELECT MAX(changed_at) FROM issue"
    else:
        return now
    found = records.run(query)[0][0]
    return datetime.fromisoformat(str(found)).replace(second=0, microsecond=0, tzinfo=None) if found else now
