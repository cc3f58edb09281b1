"""What no row of a workbook changes: what a team found, and the day of a deadline."""

from collections.abc import Collection, Iterator, Mapping

from build_scripts.intake.ledger_entry import LedgerEntry
from checklist.date_formats import full_day
from checklist.messages import say
from checklist.overdue import deadline_moved
from checklist.problems import Problem
from checklist.reading.deadlines import Deadline
from checklist.values.judge import Value

DEADLINE_KEPT = "deadline-kept"
"""Code of the sentence about a deadline that a row moves and that stays."""

Change = tuple[Value, Value]
"""A field's recorded and typed value."""


def kept_as_recorded(
    entry: LedgerEntry, locked: Collection[str], fields: Mapping[str, Change]
) -> tuple[dict[str, Change], list[Problem]]:
    """Return the changes that remain, and a warning for each that does not.

    Args:
        entry: the row.
        locked: ids of the fields that are a team's.
        fields: what the row would change.
    """
    kept = {
        **{field_id: _locked(entry, field_id, fields[field_id]) for field_id in fields if field_id in locked},
        **dict(_moved_deadlines(entry, fields)),
    }
    return {field_id: pair for field_id, pair in fields.items() if field_id not in kept}, list(kept.values())


def _locked(entry: LedgerEntry, field_id: str, change: Change) -> Problem:
    field, (old, _) = entry.form.field(field_id), change
    kept = {each.id: each.label for each in field.choices}.get(str(old), str(old or ""))
    words = say("finding-kept", label=field.label, kept=kept)
    return Problem(entry.place(field_id), "finding-kept", words, warning=True)


def _moved_deadlines(entry: LedgerEntry, fields: Mapping[str, Change]) -> Iterator[tuple[str, Problem]]:
    """Deadlines whose day a row moves: it takes a reason and an approval."""
    for field_id, (old, new) in fields.items():
        after = new if isinstance(new, Deadline) else None
        if isinstance(old, Deadline) and old.due and deadline_moved(old, after):
            typed = after.text if after else ""
            label, day = entry.form.field(field_id).label, full_day(old.due)
            words = say(DEADLINE_KEPT, label=label, day=day, typed=typed)
            yield field_id, Problem(entry.place(field_id), DEADLINE_KEPT, words, warning=True)
