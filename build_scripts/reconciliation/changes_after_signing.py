"""Changes after signing: what anyone changed in a unit's records, zero reports and report, by the audit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from build_scripts.counting.count_query import Line, Records, has, literals
from build_scripts.reconciliation.signed_returns import Signed
from checklist.model import Campaign

_QUIET = "('verify', 'mask', 'link', 'erase', 'ask_extension', 'refuse_extension', 'unfit', 'seal')"
"""Actions that change neither figures nor meaning, and therefore need no new signature."""

_LATER = """
    FROM audit
    LEFT JOIN issue ON issue.id = audit.subject_id
    LEFT JOIN proposed_household ON proposed_household.id = audit.subject_id
    WHERE audit.id > {after}
        AND audit.subject || '' IN ('issue', 'proposed_household', 'zero_report', 'report_text')
        AND COALESCE(issue.campaign_id, proposed_household.campaign_id, {campaign}) = {campaign}
"""
"""Subjects without a record (deleted, or of another kind) count as the actor's unit's.

The empty text keeps SQLite off the index by subject: a range scan by id reads fewer rows.
"""

_OWNER = "COALESCE(issue.unit_code, proposed_household.unit_code, audit.unit_code)"


@dataclass(frozen=True)
class LaterChange:
    """An audit row after the signature, without its details."""

    moment: str
    account_id: str
    actor_unit: str
    """Code of the actor's unit; empty for the command line."""
    subject: str
    subject_id: str
    action: str


def changed_units(
    records: Records, campaign: Campaign, returns: Sequence[tuple[str, str]]
) -> Mapping[str, bool]:
    """Map units whose records changed after signing to whether other units changed any.

    Args:
        records: of a live database; a source without an audit yields no changes.
        campaign: of the records.
        returns: unit code to return id.
    """
    signed = _signatures(records, [identity for _, identity in returns])
    since = {unit: signed[identity] for unit, identity in returns if identity in signed}
    if not since:
        return {}
    own = f"MAX(CASE WHEN audit.unit_code = {_OWNER} THEN audit.id ELSE 0 END)"
    others = f"MAX(CASE WHEN audit.unit_code = {_OWNER} THEN 0 ELSE audit.id END)"
    later = f"{_later(min(since.values()), campaign)} AND audit.action NOT IN {_QUIET}"
    query = f"SELECT {_OWNER}, {own}, {others} {later} GROUP BY {_OWNER}"
    last = {str(line[0]): (int(line[1]), int(line[2])) for line in records.run(query)}
    return {
        unit: last[unit][1] > moment
        for unit, moment in since.items()
        if unit in last and max(last[unit]) > moment
    }


def changed_since_signing(
    records: Records, campaign: Campaign, returns: Sequence[Signed]
) -> Mapping[str, bool]:
    """The same for returns read from a source."""
    return changed_units(records, campaign, [(each.unit_code, each.id) for each in returns])


def last_row(records: Records) -> int:
    """Return the id of the audit's last row; 0 if empty."""
    line: Line = records.run("SELECT COALESCE(MAX(id), 0) FROM audit")[0]
    return int(line[0])


def changes_after(records: Records, campaign: Campaign, unit_code: str, row: int) -> Sequence[LaterChange]:
    """Return a unit's changes after an audit row, in order, including closed issues."""
    columns = "at, account_id, unit_code, subject, subject_id, action"
    query = (
        f"SELECT {', '.join(f'audit.{column}' for column in columns.split(', '))} {_later(row, campaign)}"
        f" AND {_OWNER} = {literals([unit_code])} ORDER BY audit.id"
    )
    return [LaterChange(*(str(cell or "") for cell in line)) for line in records.run(query)]


def _later(after: int, campaign: Campaign) -> str:
    return _LATER.format(after=after, campaign=literals([campaign.id]))


def _signatures(records: Records, returns: Sequence[str]) -> Mapping[str, int]:
    """Map each return to the audit row of its signature."""
    if not returns or not has(records, "audit"):
        return {}
    query = (
        "SELECT subject_id, MAX(id) FROM audit WHERE subject = 'signed_return' AND action = 'sign'"  # noqa: S608
        f" AND subject_id IN ({literals(returns)}) GROUP BY subject_id"
    )
    return {str(identity): int(row) for identity, row in records.run(query)}
