"""Reading and marking of uploads through sandboxed child processes."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import Any

from build_scripts.intake.cell_table import CellSheet, Range, Row
from build_scripts.intake.farthest_cell import farthest_cell
from build_scripts.intake.file_type_detection import FileKind, kind_of
from build_scripts.intake.refusal import Unreadable
from build_scripts.intake.row_blocks import unpacked
from build_scripts.intake.workbook_limits import LIMITS, WorkbookLimits
from build_scripts.sandbox.child_process import ChildFailed, Death, Frame, sandboxed
from checklist.problems import Problem

_MOST_MARKS = 5_000
_READER, _MARKER = "build_scripts.intake.reading_child", "build_scripts.intake.marking_child"


@contextmanager
def open_workbook(data: bytes, limits: WorkbookLimits = LIMITS) -> Iterator[Iterator[CellSheet]]:
    """Stream the sheets of a workbook in order; consume a sheet's rows before the next sheet.

    The child keeps reading while rows are processed here.

    Raises:
        Unreadable: no workbook, or not readable within the limits; also raised while rows are consumed.
    """
    kind = kind_of(data, limits)
    with sandboxed(_READER, [data], limits) as frames:
        yield _sheets(_refusing(frames, data if kind is FileKind.XLSX else b"", limits))


def mark_workbook(data: bytes, problems: Iterable[Problem], limits: WorkbookLimits = LIMITS) -> bytes:
    """Return a copy of the workbook in which the cells with problems are filled and commented.

    Raises:
        Unreadable: it cannot be copied within the limits.
    """
    kind_of(data, limits)
    marks = [_mark(problem) for problem in problems if "!" in problem.place]
    # openpyxl writes each sheet to a temporary file first.
    limits = replace(limits, file_size=limits.unpacked, output=limits.unpacked)
    asked = json.dumps(marks[:_MOST_MARKS]).encode() + b"\n"
    try:
        with sandboxed(_MARKER, [asked, data], limits) as frames:
            return b"".join(block for _, block in frames)
    except ChildFailed:
        raise Unreadable("upload-not-marked") from None


def _mark(problem: Problem) -> tuple[str, str, str, bool]:
    sheet, _, cell = problem.place.rpartition("!")
    return sheet, cell, problem.message, problem.warning


def _sheets(frames: Iterator[Frame]) -> Iterator[CellSheet]:
    about: dict[str, Any] | None = next(frames, (None, b""))[0]
    while about:
        after: list[dict[str, Any]] = []
        rows = _rows(frames, after)
        yield CellSheet(
            about["sheet"],
            rows,
            [Range(*edges) for edges in about["merged"]],
            about["hidden"],
            frozenset(about["hidden_rows"]),
            about["filtered"],
            dict(about["struck"]),
            about["date1904"],
            frozenset(about["hidden_columns"]),
        )
        for _row in rows:
            pass
        about = after[0] if after else None


def _rows(frames: Iterator[Frame], after: list[dict[str, Any]]) -> Iterator[Row]:
    """Yield the rows of a sheet; the header frame of the next one goes into ``after``."""
    for about, block in frames:
        if not block:
            after.append(about)
            return
        yield from unpacked(block.decode())


def _refusing(frames: Iterator[Frame], packed: bytes, limits: WorkbookLimits) -> Iterator[Frame]:
    """Pass frames through, translating each failure of the child to a sentence."""
    try:
        yield from frames
    except ChildFailed as failure:
        raise _refusal(failure, packed, limits) from None


def _refusal(failure: ChildFailed, packed: bytes, limits: WorkbookLimits) -> Unreadable:
    if failure.death is Death.REFUSED:
        return Unreadable(failure.code, **asdict(limits))
    if failure.death in {Death.TOO_LONG, Death.KILLED}:
        return Unreadable("upload-too-long")
    if failure.death in {Death.CRASHED, Death.NONSENSE} and packed and (place := farthest_cell(packed)):
        return Unreadable("upload-far-cell", cell=place)
    return Unreadable("upload-too-large-table")
