"""The rules of an issue's or household's form: evaluated where the judge reads a record, and where one is stored."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from build_scripts.rules.form_rulebook import rulebook
from build_scripts.rules.judged_rows import judged_rows
from build_scripts.rules.locked_database import RulesFailed
from checklist.messages import say
from checklist.model import Campaign, FieldType, FilledForm, RecordForm
from checklist.problems import Problem
from checklist.values.judge_context import Compute
from checklist.values.judge_results import CheckedRecord, Value


def computing(campaign: Campaign, today: date) -> Compute:
    """Return what evaluates the rules of the campaign's record forms for the judge (``Context.compute``).

    A page may ask for some of a form's fields only: its rules are those of the whole form. Registers have rules over
    other rows, which are asked where rows are stored.
    """

    def compute(form: FilledForm, values: Mapping[str, Value]) -> CheckedRecord:
        whole = campaign.form_by_id.get(form.id)
        if not isinstance(whole, RecordForm) or not rulebook(campaign, whole).any:
            return CheckedRecord({}, ())
        try:
            (judged,) = judged_rows(campaign, whole, [values], today)
        except RulesFailed:
            return CheckedRecord({}, (Problem("", "rules-failed", say("rules-failed")),))
        return CheckedRecord(_computed(whole, judged.values), judged.problems)

    return compute


def with_computed(
    campaign: Campaign, form: RecordForm, values: Mapping[str, Any], today: date
) -> dict[str, Any]:
    """Return a record's values with those of its computed fields, whoever stores it: nobody types them.

    Raises:
        RulesFailed: time or memory ran out.
    """
    whole = campaign.form_by_id.get(form.id)
    if not isinstance(whole, RecordForm) or not any(field.formula for field in whole.fields):
        return dict(values)
    (judged,) = judged_rows(campaign, whole, [values], today)
    return {**values, **_computed(whole, judged.values)}


def _computed(form: RecordForm, values: Mapping[str, Any]) -> dict[str, Any]:
    return {field.id: values.get(field.id) for field in form.fields if field.type is FieldType.COMPUTED}
