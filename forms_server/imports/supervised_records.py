"""What an import may not do to issues of supervision: the same rules as on the pages, told at the workbook's cells."""

from collections.abc import Iterator

from sqlalchemy import Connection

from build_scripts.intake.import_comparison import LedgerPlan, RecordChange
from checklist.messages import say
from checklist.model import Campaign, Stage
from checklist.problems import Problem
from checklist.values.judge import Context
from forms_server.finding_states import Way
from forms_server.records.finding_claims import StandingFinding, standing_findings


def of_supervision(connection: Connection, plan: LedgerPlan, context: Context) -> Iterator[Problem]:
    """Errors for rows that report an unclaimed finding, rewrite a finder's words, or withdraw a finding.

    Args:
        connection: reads.
        plan: what the workbook would change.
        context: the filing unit.
    """
    ids = {change.recorded.id for change in plan.changed} | {record.id for record, _ in plan.withdrawn}
    found = standing_findings(connection, ids)
    for change in plan.changed:
        for each in found.get(change.recorded.id, ()):
            yield from _of_change(context.campaign, change, each)
    for record, _ in plan.withdrawn:
        for each in found.get(record.id, ())[:1]:
            yield Problem("", "finding-not-withdrawn", say("finding-not-withdrawn", number=each.number))


def _of_change(campaign: Campaign, change: RecordChange, finding: StandingFinding) -> Iterator[Problem]:
    if change.reports and not finding.is_claimed:
        yield Problem(
            change.entry.place_of_state, "finding-unclaimed", say("finding-unclaimed", number=finding.number)
        )
    if finding.way is not Way.MISSED:  # the unit filed the issue, in its own words
        return
    claimed = campaign.inspection.claimed if campaign.inspection else ()
    for field_id in change.fields:
        field = change.entry.form.field(field_id)
        if field.stage is not Stage.RECTIFIED and field_id not in claimed:
            said = say("finding-words", label=field.label, number=finding.number)
            yield Problem(change.entry.place(field_id), "finding-words", said)
