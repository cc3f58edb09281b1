"""A sheet of the office's workbook: title, moment, header, lines with a filter, and a chart on a sheet of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from build_scripts.counting.final_or_interim import PublishedState
from build_scripts.counting.percentages import NOTHING, part_in_words
from build_scripts.workbooks.print_setup import height_of, is_landscape
from build_scripts.workbooks.sheet_heading import FILING, TITLE
from build_scripts.workbooks.summary_layout import FIGURE, LABEL
from build_scripts.workbooks.table_header import HEADER, ColumnHead, depth, header
from build_scripts.workbooks.workbook_values import Cell, CellStyle, Chart, Sheet, Value

FIGURE_WIDTH = 11.0
_ROW_HEIGHT = 19.0
_HEAD_HEIGHT = 32.0
_CHART_WIDTH = 78.0
_TITLE_ROW, _STATE_ROW, _HEAD_ROW = range(3)


@dataclass(frozen=True)
class DetailLine:
    """A row: its values, and the styles of its texts and its figures."""

    values: Sequence[Value]
    styles: tuple[CellStyle, CellStyle] = (LABEL, FIGURE)


@dataclass(frozen=True)
class DetailColumn:
    """A column: its head, and its width in characters."""

    head: ColumnHead
    width: float = FIGURE_WIDTH


@dataclass(frozen=True)
class DetailTable:
    """A sheet's content; the last line is the total where ``has_total``."""

    name: str
    title: str
    columns: Sequence[DetailColumn]
    lines: Sequence[DetailLine]
    has_total: bool = True
    chart: Chart | None = None
    """Of rows from the first line; on a sheet of its own, since no program keeps a chart within a page."""

    def laid_out(self, title: str, state: PublishedState) -> Iterator[Sheet]:
        """Lay out title, moment, header and lines; then the chart."""
        widths = tuple(column.width for column in self.columns)
        heads = [column.head for column in self.columns]
        first = _HEAD_ROW + depth(heads)
        last = first + len(self.lines) - 1
        heights = {
            _TITLE_ROW: height_of(title, TITLE.size, widths),
            _STATE_ROW: height_of(state.words, FILING.size, widths),
            **dict.fromkeys(range(_HEAD_ROW, first), self._head_height()),
            **{row: _height(line, widths) for row, line in enumerate(self.lines, first)},
        }
        cells = [
            Cell(_TITLE_ROW, 0, title, TITLE, columns=len(widths)),
            Cell(_STATE_ROW, 0, state.words, FILING, columns=len(widths)),
            *header(heads, _HEAD_ROW),
            *(cell for row, line in enumerate(self.lines, first) for cell in _cells(line, row)),
        ]
        sheet = Sheet(
            name=state.sheet_name(self.name),
            cells=cells,
            widths=widths,
            heights=heights,
            landscape=is_landscape(widths),
            repeated_rows=(_HEAD_ROW, first - 1),
            frozen=(first, 1),
            filtered=(first - 1, last - self.has_total, len(widths) - 1),
        )
        yield sheet
        if self.chart:
            width = (_CHART_WIDTH,)
            words = f"{title}（{state.words.rstrip('。')}）"
            yield Sheet(
                name=state.sheet_name(f"{self.name}图"),
                cells=[Cell(_TITLE_ROW, 0, words, FILING)],
                widths=width,
                heights={_TITLE_ROW: height_of(words, FILING.size, width)},
                charts=(self.chart.moved(first, sheet.name),),
            )

    def _head_height(self) -> float:
        heights = (height_of(each.head.label, HEADER.size, [each.width]) for each in self.columns)
        return max(_HEAD_HEIGHT, *heights)


def _height(line: DetailLine, widths: Sequence[float]) -> float:
    texts = [(str(value), width) for value, width in zip(line.values, widths, strict=True) if value]
    return max(_ROW_HEIGHT, *(height_of(text, LABEL.size, [width]) for text, width in texts))


def _cells(line: DetailLine, row: int) -> Iterator[Cell]:
    text, figure = line.styles
    for column, value in enumerate(line.values):
        style = figure if isinstance(value, int) or value == NOTHING else text
        yield Cell(row, column, value if value != "" else None, style)


def rate(found: int, rectified: int) -> Value:
    """Return the share in words; of nothing there is none."""
    return part_in_words(rectified, found)
