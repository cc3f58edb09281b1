"""From the bytes of an upload to a table, by way of a process that may die of them."""

import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from threading import Timer
from typing import IO, Any

from build_scripts.intake.cell_table import CellSheet, Range, Row
from build_scripts.intake.farthest_cell import farthest_cell
from build_scripts.intake.file_content import FileKind, kind_of
from build_scripts.intake.refusal import Unreadable
from build_scripts.intake.row_blocks import unpacked
from build_scripts.intake.upload_limits import LIMITS, WorkbookLimits
from checklist.problems import Problem

_TOO_LONG = (-signal.SIGXCPU, -signal.SIGKILL)
_MOST_MARKS = 5_000
_READER, _MARKER = "build_scripts.intake.reading_child", "build_scripts.intake.marking_child"


@contextmanager
def open_workbook(data: bytes, limits: WorkbookLimits = LIMITS) -> Iterator[Iterator[CellSheet]]:
    """The sheets of a workbook, in order; the rows of each come before the next sheet does.

    Reading goes on in another process while the rows are worked on here.

    Raises:
        Unreadable: it is no workbook, or one that cannot be read within the limits; also while rows are taken.
    """
    kind = kind_of(data, limits)
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        with _started(_READER, file, limits) as lines:
            yield _sheets(lines, data if kind is FileKind.XLSX else b"", limits)


def mark_workbook(data: bytes, problems: Iterable[Problem], limits: WorkbookLimits = LIMITS) -> bytes:
    """A copy of the workbook in which the cells of the problems are filled and commented.

    Raises:
        Unreadable: it cannot be copied within the limits.
    """
    kind_of(data, limits)
    marks = [_mark(problem) for problem in problems if "!" in problem.place]
    with tempfile.TemporaryFile() as file:
        file.write(json.dumps(marks[:_MOST_MARKS]).encode() + b"\n" + data)
        file.seek(0)
        with _started(_MARKER, file, limits) as process:
            copy, _ = process.communicate()
    if process.returncode:
        raise Unreadable("upload-not-marked")
    return copy


def _mark(problem: Problem) -> tuple[str, str, str, bool]:
    sheet, _, cell = problem.place.rpartition("!")
    return sheet, cell, problem.message, problem.warning


@contextmanager
def _started(module: str, file: IO[bytes], limits: WorkbookLimits) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that reads the file; it is ended with the block, and after the time it may take."""
    # Isolated, and with nothing of this process's environment: that may hold the database's password.
    command = [sys.executable, "-I", "-m", module, json.dumps(asdict(limits))]
    process = subprocess.Popen(  # noqa: S603 - our own module
        command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}
    )
    # Twice: a busy machine may take longer over the same work, and the limit on processor time comes first.
    timer = Timer(2 * limits.seconds, process.kill)
    timer.start()
    try:
        yield process
    finally:
        timer.cancel()
        process.kill()
        assert process.stdout
        process.stdout.close()
        process.wait()


def _sheets(process: "subprocess.Popen[bytes]", packed: bytes, limits: WorkbookLimits) -> Iterator[CellSheet]:
    lines = _lines(process, packed, limits)
    about = next(lines)
    while "end" not in about:
        after: list[Any] = []
        rows = _rows(lines, after)
        yield CellSheet(about["sheet"], rows, [Range(*edges) for edges in about["merged"]], about["hidden"])
        for _row in rows:
            pass
        about = after[0]


def _rows(lines: Iterator[Any], after: list[Any]) -> Iterator[Row]:
    """The rows of a sheet; whatever comes after them goes into ``after``."""
    for line in lines:
        if isinstance(line, dict):
            after.append(line)
            return
        yield from unpacked(line)


def _lines(process: "subprocess.Popen[bytes]", packed: bytes, limits: WorkbookLimits) -> Iterator[Any]:
    """What the reading process puts out, to its last line: objects, and blocks of rows as text."""
    assert process.stdout
    left = limits.table
    while (text := process.stdout.readline(left + 1)).endswith(b"\n"):
        line = json.loads(text)
        if "refused" in line:
            raise Unreadable(line["refused"], **asdict(limits))
        length = line.get("rows", 0)
        left -= len(text) + length
        if left < 0:
            raise Unreadable("upload-too-large-table")
        block = process.stdout.read(length) if length else b""
        if len(block) < length:
            break
        yield block.decode() if length else line
        if "end" in line:
            return
    if len(text) > left:
        raise Unreadable("upload-too-large-table")
    raise _why_it_died(process.wait(), packed)


def _why_it_died(status: int, packed: bytes) -> Unreadable:
    if status in _TOO_LONG:
        return Unreadable("upload-too-long")
    place = farthest_cell(packed) if packed else ""
    return Unreadable("upload-far-cell", cell=place) if place else Unreadable("upload-too-large-table")
