"""The source that only a team's findings have (``source`` of ``inspection.yml``): nobody else gives it to an issue."""

from checklist.messages import say
from checklist.model import Campaign, FieldType, FilledForm
from checklist.problems import Problem
from checklist.values.judge_results import Value

SOURCE = "source"
"""The field of issue forms that says where an issue comes from."""


def becomes_findings(campaign: Campaign, before: Value, after: Value) -> bool:
    """Whether an issue's source becomes the findings' one; what has it already keeps it."""
    plan = campaign.inspection
    return plan is not None and after == plan.source and before != after


def source_refusal(form: FilledForm, place: str, source: Value) -> Problem:
    """Return the problem of an issue that is no finding and has the findings' source."""
    field = form.field(SOURCE)
    names = {each.id: each.label for each in field.choices} if field.type is FieldType.CHOICE else {}
    others = "、".join(f"“{name}”" for code, name in names.items() if code != source)
    typed = names.get(str(source), str(source))
    words = say("source-of-findings", label=field.label, typed=typed, others=others)
    return Problem(place, "source-of-findings", words)
