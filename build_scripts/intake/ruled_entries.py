"""The rules of a form over the rows of a workbook: all of its rows at once."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from build_scripts.intake.ledger_entry import LedgerEntry
from build_scripts.rules.form_rulebook import rulebook
from build_scripts.rules.judged_rows import judged_rows
from build_scripts.rules.locked_database import RulesFailed
from checklist.messages import say
from checklist.model import FilledForm, RecordForm
from checklist.problems import Problem
from checklist.values.computed_values import differing_cell
from checklist.values.judge import Context


def rule_entries(entries: Sequence[LedgerEntry], context: Context) -> Iterator[Problem]:
    """Fill in the computed fields of entries; yield what their rules say, and cells that say something else.

    Registers' rows are left alone: their rules read other rows, and are asked when the rows are planned.
    """
    forms: dict[str, FilledForm] = {entry.form.id: entry.form for entry in entries}
    for form in forms.values():
        mine = [entry for entry in entries if entry.form.id == form.id and not entry.wrong]
        if isinstance(form, RecordForm) and (rulebook(context.campaign, form).any or _say_more(mine)):
            yield from _ruled(form, mine, context)


def _say_more(entries: Sequence[LedgerEntry]) -> bool:
    """Whether any row has a column of a computed field."""
    return any(entry.computed_texts for entry in entries)


def _ruled(form: RecordForm, entries: Sequence[LedgerEntry], context: Context) -> Iterator[Problem]:
    try:
        judged = judged_rows(context.campaign, form, [entry.values for entry in entries], context.today)
    except RulesFailed:
        yield Problem(form.name, "rules-failed", say("rules-failed"))
        return
    for entry, row in zip(entries, judged, strict=True):
        entry.values |= row.values
        told = [
            differing_cell(form.field(name), typed, row.values.get(name), context)
            for name, typed in entry.computed_texts.items()
        ]
        problems = [*row.problems, *(problem for problem in told if problem)]
        entry.doubted |= bool(problems)
        entry.wrong |= any(not problem.warning for problem in problems)
        yield from (replace(problem, place=entry.place(problem.place)) for problem in problems)
