"""The lines to fill in above and below a table: 填报单位(盖章), 填报人, 填报时间."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from build_scripts.intake.cell_table import Cell, Row
from checklist.model import Campaign, FilingLine
from checklist.text_normalisation import compact

_NOTE = re.compile(r"\([^)]*\)")
_BLANK = re.compile(r"[_\s]*|[xX×]+")
"""Placeholders of unfilled lines: underscores, or the blank form's XX."""


@dataclass(frozen=True)
class Filled:
    """The content of a line, and its place."""

    text: str
    row: int
    column: int


def openings(campaign: Campaign) -> tuple[str, ...]:
    """The labels with which a filing line's cell begins, without blanks."""
    return tuple({_core(line) for form in campaign.forms for line in form.filing_lines})


def filing_lines(rows: Iterable[Row], campaign: Campaign) -> dict[str, Filled]:
    """Return the lines' content by line id (unit, filler, principal, date); the first non-empty one counts."""
    marks = {*campaign.reading.marks.nothing, *campaign.reading.marks.ditto}
    lines = [line for form in campaign.forms for line in form.filing_lines]
    words = {_core(line): line.id for line in sorted(lines, key=lambda line: len(_core(line)))}
    # 填报单位 before 单位, which it contains.
    pattern = re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))
    found: dict[str, Filled] = {}
    for number, cells in rows:
        for name, text, column in _of_row(cells, pattern if words else None, words):
            if text and text not in marks and name not in found:
                found[name] = Filled(text, number, column)
    return found


def _core(line: FilingLine) -> str:
    return _NOTE.sub("", compact(line.label)).rstrip(":")


def _of_row(
    cells: Iterable[Cell], pattern: re.Pattern[str] | None, words: Mapping[str, str]
) -> Iterable[tuple[str, str, int]]:
    """Return line, text and column of every label in a row; the text may be in the next non-empty cell."""
    texts = [(column, compact(str(cell))) for column, cell in enumerate(cells) if cell]
    for index, (column, text) in enumerate(texts):
        found = list(pattern.finditer(text)) if pattern else []
        if not found or found[0].start() > 0:
            continue
        ends = [match.start() for match in found[1:]] + [len(text)]
        for match, end in zip(found, ends, strict=True):
            said = _said(text[match.end() : end])
            after = texts[index + 1] if end == len(text) and index + 1 < len(texts) else (column, "")
            beside = not said and pattern and not pattern.match(after[1])
            yield words[match.group()], *((_said(after[1]), after[0]) if beside else (said, column))


def _said(text: str) -> str:
    """Return the text after a label, without note, colon and underscores."""
    rest = text.removeprefix(":")
    rest = _NOTE.sub("", rest, count=1) if rest.startswith("(") else rest
    rest = rest.removeprefix(":").strip("_")
    return "" if _BLANK.fullmatch(rest) else rest
