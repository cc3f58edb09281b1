"""What stays as a team found it: a finding's problem, source and finder; and its source, which nobody else chooses."""

from collections.abc import Collection, Mapping
from typing import Any

from checklist.model import Campaign, RecordForm, Stage
from checklist.problems import Problem
from checklist.values.findings_source import SOURCE, becomes_findings, source_refusal
from forms_server.desk import NotAllowed
from forms_server.records.record import Record


class SourceReserved(Exception):
    """An issue that is no finding would get the findings' source."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def answered_fields(campaign: Campaign, form: RecordForm) -> frozenset[str]:
    """Ids of the fields of a finding's issue that its unit fills in: when it claims and when it reports."""
    claimed = campaign.inspection.claimed if campaign.inspection else ()
    return frozenset({*claimed, *(each.id for each in form.fields if each.stage is Stage.RECTIFIED)})


def require_finders_words(campaign: Campaign, current: Record, changed: Collection[str]) -> None:
    """Raise NotAllowed where a unit would change what a team wrote."""
    if current.finding_number and not set(changed) <= answered_fields(campaign, current.form):
        raise NotAllowed(
            "这一条是督导发现的：问题、来源和发现的人不能改，只能填整改的内容。有异议请在“督导反馈”里提出。"
        )


def require_free_source(
    campaign: Campaign, form: RecordForm, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    """Raise SourceReserved where an issue gets the findings' source; one that has it keeps it."""
    if form.kind == "issue" and becomes_findings(campaign, before.get(SOURCE), after.get(SOURCE)):
        raise SourceReserved(source_refusal(form, SOURCE, after[SOURCE]))
