"""What the rules of a form add to the judge's verdict: computed values, missing fields, errors and doubts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from build_scripts.rules.form_rulebook import FormRulebook, RowVerdict, rulebook
from checklist.messages import say
from checklist.model import Campaign, FilledForm, RegisterCheck
from checklist.problems import Problem

RULE = "rule"
"""Code of the problems whose sentence is a check's own."""


@dataclass(frozen=True)
class JudgedRow:
    """A row with what its rules say of it."""

    values: Mapping[str, Any]
    """All values, computed ones included."""
    problems: tuple[Problem, ...]
    """``place`` is a field's id. Missing fields and checks of level ``error`` are errors, the others warnings."""


def judged_rows(
    campaign: Campaign, form: FilledForm, rows: Sequence[Mapping[str, Any]], today: date
) -> list[JudgedRow]:
    """Return what the rules say of rows of valid values, in their order.

    Args:
        campaign: of the form.
        form: whose rules are evaluated.
        rows: values by field id, and what ``FormRulebook.evaluate`` takes besides.
        today: what the rules call ``today``.

    Raises:
        RulesFailed: time or memory ran out.
    """
    book = rulebook(campaign, form)
    if not book.any:
        return [JudgedRow(row, ()) for row in rows]
    verdicts = book.evaluate(rows, today)
    return [_judged(form, book, row, verdict) for row, verdict in zip(rows, verdicts, strict=True)]


def _judged(form: FilledForm, book: FormRulebook, row: Mapping[str, Any], verdict: RowVerdict) -> JudgedRow:
    values = {**row, **verdict.computed}
    missing = [
        Problem(field.id, "required", say("required", label=field.label))
        for field in form.fields
        if field.id in verdict.required and values.get(field.id) in (None, "", ())
    ]
    found = [check_problem(form, book, check) for check in verdict.checks]
    return JudgedRow(values, (*missing, *found))


def check_problem(form: FilledForm, book: FormRulebook, check: RegisterCheck) -> Problem:
    """Return a check as a problem, at the first field of the form that it reads."""
    read = book.read_by(check.id)
    place = next((field.id for field in form.fields if field.id in read), "")
    return Problem(place, RULE, check.say, warning=check.level != "error")
