"""Rows of findings that nobody has claimed: what their unit has yet to fill in may stay empty, as in the export."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from build_scripts.intake.import_comparison import Recorded
from build_scripts.intake.ledger_entry import LedgerEntry
from checklist.problems import Problem

_REQUIRED = "required"


def without_unclaimed(
    entries: Iterable[LedgerEntry], problems: Sequence[Problem], recorded: Iterable[Recorded]
) -> tuple[list[LedgerEntry], list[Problem]]:
    """Return the rows and the problems without those of cells that are empty in the finding, too."""
    findings = {each.id: each for each in recorded if each.locked}
    rows = list(entries)
    if not findings:
        return rows, list(problems)
    empty = {
        row.place(field_id)
        for row in rows
        if (finding := findings.get(row.record_id))
        for field_id in row.header.columns
        if field_id not in finding.locked and finding.values.get(field_id) is None
    }
    left = [each for each in problems if each.code != _REQUIRED or each.place not in empty]
    wrong = {each.place for each in left if not each.warning}
    settled = [
        replace(row, wrong=any(row.place(field_id) in wrong for field_id in row.header.columns))
        if row.wrong and row.record_id in findings
        else row
        for row in rows
    ]
    return settled, left
