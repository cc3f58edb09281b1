"""Classification of rows below a header: record, subtotal, example, signature, instructions and the like."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from build_scripts.intake.cell_table import Cell
from build_scripts.intake.ledger_recognition import Header
from build_scripts.intake.total_words import TotalWords
from checklist.model import FieldType, Reading
from checklist.read_result import Read
from checklist.reading.computed_cells import COMPUTED
from checklist.reading.dates import read_date
from checklist.reading.numbers import read_integer
from checklist.text_normalisation import compact


class RowKind(StrEnum):
    """Why a row is not imported as a record."""

    BLANK = "blank"
    TOTAL = "total"
    NOTE = "note"
    SIGNATURE = "signature"
    DATE = "date"
    EXAMPLE = "example"
    NUMBERING = "numbering"
    EXPLANATION = "explanation"
    HIDDEN = "hidden"
    STRUCK = "struck"
    UNWANTED = "unwanted"


ROW_KIND_NAMES: Mapping[str, str] = {
    RowKind.BLANK: "只有序号或者空着",
    RowKind.TOTAL: "合计、小计",
    RowKind.NOTE: "说明",
    RowKind.SIGNATURE: "制表、审核等签名",
    RowKind.DATE: "单独的日期",
    RowKind.EXAMPLE: "示例",
    RowKind.NUMBERING: "栏号（1、2、3……）",
    RowKind.EXPLANATION: "填表说明",
    RowKind.HIDDEN: "隐藏的",
    RowKind.STRUCK: "划掉的",
    RowKind.UNWANTED: "写明不要的",
}

_FIGURES = re.compile(r"[\d:,.。、%+-]+")
_PROSE = frozenset({FieldType.PARAGRAPH, FieldType.PROBLEM_TYPE})
_MOST_EXPLAINED = 3
"""Rows below a header in which its columns may be explained or numbered."""


class RowClassifier:
    """Classifier of the rows under one header. Most rows are records, which it sees by two cells."""

    def __init__(self, header: Header, words: Reading, lines: Sequence[str], today: date) -> None:
        """Prepare the columns.

        Args:
            header: of the ledger.
            words: the campaign's.
            lines: labels with which a filing line begins.
            today: gives the year of a date without one.
        """
        tables = words.tables
        self._telling, self._words, self._today = header.telling, words, today
        self._totals = TotalWords(words)
        self._openings = (*lines, *tables.signatures)
        self._lines, self._notes = tuple(lines), tuple(tables.notes)
        self._examples, self._explanations = frozenset(tables.examples), tuple(tables.explanations)
        self._core = [
            header.columns[field.id]
            for field in header.fields.values()
            if field.type in _PROSE and field.required and field.id in header.columns
        ][:2]
        serial = next((field for field in header.fields.values() if field.type is FieldType.SERIAL), None)
        self._serial = header.columns[serial.id] if serial else None
        self._typed_ahead = {*header.columns.values()} - {*header.telling, self._serial}
        self._seen = 0
        self._records = 0

    def __call__(self, cells: Sequence[Cell]) -> RowKind | None:
        """Return why a row is no record; None for a record. To be called for every row in order."""
        self._seen += 1
        kind = self._kind(cells)
        self._records += kind is None
        return kind

    def _kind(self, cells: Sequence[Cell]) -> RowKind | None:
        if self._records and self._is_plainly_a_record(cells):
            return None
        texts = [cell for cell in cells if cell]
        words = [compact(cell) for cell in texts if isinstance(cell, str)]
        if not self._records and self._seen <= _MOST_EXPLAINED:
            if _is_numbering(texts):
                return RowKind.NUMBERING
            if self._explains(cells):
                return RowKind.EXPLANATION
        if self._is_example(cells):
            return RowKind.EXAMPLE
        return self._by_words(cells, texts, [word for word in words if _FIGURES.sub("", word)])

    def _by_words(self, cells: Sequence[Cell], texts: Sequence[Cell], words: Sequence[str]) -> RowKind | None:
        """Classify by what the row's texts begin or end with."""
        told = [cells[column] for column in self._telling if column < len(cells) and cells[column]]
        if words:
            opening, alone = words[0], len(texts) == 1
            if opening.startswith(self._openings) and not self._fills_core(cells):
                return RowKind.NOTE if opening.startswith(self._lines) else RowKind.SIGNATURE
            if alone and opening.startswith(self._notes):
                return RowKind.NOTE
            if self._is_total(words, told):
                return RowKind.TOTAL
            if alone and isinstance(read_date(opening, self._words.dates, self._today), Read):
                return RowKind.DATE
        elif (
            len(texts) == 1
            and told
            and isinstance(texts[0], str)
            and _is_day(texts[0], self._words, self._today)
        ):
            return RowKind.DATE
        kind = RowKind.NOTE if words and self._stands_alone(cells) else RowKind.BLANK
        return None if any(not _is_computed(cell) for cell in told) else kind

    def _stands_alone(self, cells: Sequence[Cell]) -> bool:
        """Whether a row's only text is not a pre-filled place or choice: a heading, 以下空白."""
        filled = [column for column, cell in enumerate(cells) if cell]
        return len(filled) == 1 and filled[0] not in self._typed_ahead

    def _is_plainly_a_record(self, cells: Sequence[Cell]) -> bool:
        """Whether problem type and content are written, under a number."""
        if len(self._core) < 2 or self._serial is None or self._serial >= len(cells):
            return False
        serial = cells[self._serial]
        return isinstance(serial, str) and serial.isdigit() and self._fills_core(cells)

    def _fills_core(self, cells: Sequence[Cell]) -> bool:
        width = len(cells)
        for column in self._core:
            if column >= width or not cells[column] or not isinstance(cells[column], str):
                return False
        return bool(self._core)

    def _is_example(self, cells: Sequence[Cell]) -> bool:
        if self._serial is None or self._serial >= len(cells):
            return False
        return compact(str(cells[self._serial])).strip("():.、") in self._examples

    def _is_total(self, words: Sequence[str], told: Sequence[Cell]) -> bool:
        """Whether a text ends with 小计 or the like, and the data cells hold only figures."""
        return any(map(self._totals.end, words)) and all(map(self._is_figure, told))

    def _is_figure(self, cell: Cell) -> bool:
        """Whether a cell holds a number, perhaps with a counter, or a word for a sum."""
        if not isinstance(cell, str) or self._totals.end(cell) or not _FIGURES.sub("", compact(cell)):
            return True
        # "3 条" may stand in two cells.
        return any(isinstance(read_integer(each, self._words.numbers), int) for each in (cell, f"1{cell}"))

    def _explains(self, cells: Sequence[Cell]) -> bool:
        """Whether most data cells are filling instructions."""
        if not self._explanations or (self._serial is not None and str(cells[self._serial]).isdigit()):
            return False
        told = [
            compact(cell)
            for column in self._telling
            if column < len(cells) and isinstance(cell := cells[column], str) and cell
        ]
        saying = sum(any(word in text for word in self._explanations) for text in told)
        return saying >= 2 and saying * 2 >= len(told)


def _is_numbering(texts: Sequence[Cell]) -> bool:
    """Whether the cells count from 1: the numbers of the columns."""
    numbers = [compact(str(cell)).strip("()") for cell in texts]
    return len(numbers) >= 4 and numbers == [str(number) for number in range(1, len(numbers) + 1)]


def _is_day(text: str, words: Reading, today: date) -> bool:
    """Whether a text of figures is a day with its year: 2022.8.19."""
    return not text.isdigit() and isinstance(read_date(text, words.dates, today), Read)


def _is_computed(cell: Cell) -> bool:
    return isinstance(cell, str) and cell.startswith(COMPUTED)
