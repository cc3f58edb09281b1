"""Rows of findings that nobody has claimed: what their unit has yet to fill in may stay empty, as in the export."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from build_scripts.intake.import_comparison import Recorded
from build_scripts.intake.ledger_entry import LedgerEntry
from checklist.problems import Problem

_REQUIRED = "required"


def without_unclaimed(
    entries: Sequence[LedgerEntry], problems: Sequence[Problem], recorded: Iterable[Recorded]
) -> tuple[list[LedgerEntry], list[Problem]]:
    """Return the rows and the problems without those of cells that are empty in the finding, too."""
    findings = {each.id: each for each in recorded if each.may_lack}
    rows = [each for each in entries if each.record_id in findings]
    empty = {row.place(field_id) for row in rows for field_id in findings[row.record_id].may_lack}
    left = [each for each in problems if each.code != _REQUIRED or each.place not in empty]
    wrong = {each.place for each in left if not each.warning}
    return [
        replace(each, wrong=any(each.place(field_id) in wrong for field_id in each.header.columns))
        if each.wrong and each.record_id in findings
        else each
        for each in entries
    ], left
