"""Cells of an exported row that somebody changed since: what stays, what the row changes, and what is asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from build_scripts.workbooks.record_version import checksum
from checklist.problems import Problem
from checklist.values.judge import Value

TAKEN = "taken"
"""Answer for a field that changed on both sides: the row's text takes the place of the newer one."""

Fields = Mapping[str, tuple[Value, Value]]
"""Field id to the stored and the typed value, where they differ."""


@dataclass
class MergedCells:
    """What a row changes, and what is told or asked about newer values."""

    fields: dict[str, tuple[Value, Value]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def merged_cells(
    fields: Fields, exported: Mapping[str, str], about_newer: Callable[[str, bool], Problem]
) -> MergedCells:
    """Three-way merge of a row: what was changed since the export stays unless a person chooses the row's.

    Args:
        fields: what differs.
        exported: the checksums of the export (``record_version.read_version``).
        about_newer: tells of a field that changed since; asks, if the row changed it, too.
    """
    merged = MergedCells()
    for name, (stored, typed) in fields.items():
        if checksum(stored) == exported[name]:
            merged.fields[name] = stored, typed
            continue
        problem = about_newer(name, checksum(typed) != exported[name])
        merged.problems.append(problem)
        if problem.question and problem.question.answer == TAKEN:
            merged.fields[name] = stored, typed
    return merged
