"""Workbook layout of annex 2, for a unit or the county, as in the notice."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from build_scripts.counting.annex_shape import shown
from build_scripts.counting.final_or_interim import PublishedState
from build_scripts.counting.summary_lines import AnnexTable, SummaryRow
from build_scripts.workbooks.hidden_sheets import identity_sheet
from build_scripts.workbooks.print_setup import height_of, is_landscape, page_height
from build_scripts.workbooks.sheet_heading import heading, name_of, title_of
from build_scripts.workbooks.table_header import HEADER, ColumnHead, depth, header
from build_scripts.workbooks.workbook_values import Book, Cell, CellStyle, ColumnSum, Sheet, Value
from checklist.model import Campaign, SummaryTable, Unit

LABEL = CellStyle(font="仿宋", size=11, border=True)
FIGURE = CellStyle(font="仿宋", size=11, border=True, number_format="0")
TOTAL = CellStyle(font="仿宋", size=11, bold=True, border=True, number_format="0")

LINE_HEIGHT = 21.0
"""Of a line of figures whose name fits, in points."""

_UNIT, _AREA, _PROBLEM_TYPE, _FIRST_FIGURE = range(4)
_HIGHEST_ROW = 35.0
"""Maximum row height in points, where the table leaves room on its page."""


def summary_book(table: AnnexTable, campaign: Campaign, state: PublishedState | None = None) -> Book:
    """Lay out annex 2 of a unit or the county, with its as-of time."""
    return _book(campaign, (table.unit_code, table.unit), [*table.lines, table.total], state)


def blank_summary_book(campaign: Campaign, unit: Unit | None) -> Book:
    """Lay out annex 2 without figures; without a unit, the title keeps the annex's placeholder."""
    rows = [None] * (len(campaign.problem_types) + 1)
    return _book(campaign, (unit.code if unit else "", name_of(unit)), rows)


def _book(
    campaign: Campaign,
    whose: tuple[str, str],
    rows: Sequence[SummaryRow | None],
    state: PublishedState | None = None,
) -> Book:
    """Lay out a workbook with a row for each problem type and the total."""
    form, (unit_code, name) = campaign.summary_table, whose
    widths = (
        *(form.unit_width, form.area_width, form.row_width),
        *(column.width for column in form.columns),
    )
    above = heading(form, name, widths, state)
    first = above.next_row + depth(_heads(form))
    last = first + len(campaign.problem_types)
    cells = (
        *above.cells,
        *_header(form, above.next_row),
        *_labels(campaign, name, first),
        *(
            cell
            for row, line in enumerate(rows, first)
            for cell in _figures(form, line, row, row == last, first)
        ),
    )
    landscape = is_landscape(widths)
    # Signed on paper: one page, the rows share its height.
    left = page_height(landscape=landscape) - sum(above.heights.values())
    height = min(_HIGHEST_ROW, left / (last + 1 - above.next_row))
    heights = above.heights | dict.fromkeys(range(above.next_row, last + 1), height)
    sheet = Sheet(
        name=state.sheet_name(form.name) if state else form.name,
        cells=cells,
        widths=widths,
        heights=heights | _taller(cells, widths, heights),
        landscape=landscape,
        repeated_rows=(above.next_row, first - 1),
    )
    identity = identity_sheet(form, campaign, unit_code, [column.id for column in form.columns])
    title = title_of(form, name) + (state.in_title if state else "")
    return Book(title, campaign.notice.issued, (sheet, identity))


def _taller(
    cells: tuple[Cell, ...], widths: tuple[float, ...], heights: dict[int, float]
) -> dict[int, float]:
    """Heights of rows whose single-row label does not fit the default height."""
    needed: dict[int, float] = {}
    for cell in cells:
        if cell.rows == 1 and isinstance(cell.value, str):
            across = widths[cell.column : cell.column + cell.columns]
            height = height_of(cell.value, cell.style.size, across)
            needed[cell.row] = max(height, needed.get(cell.row, heights[cell.row]))
    return needed


def _header(form: SummaryTable, row: int) -> Iterator[Cell]:
    """Two-row header; ungrouped labels span both rows."""
    figures = _heads(form)
    yield Cell(row, _UNIT, form.unit_label, HEADER, rows=depth(figures))
    yield Cell(row, _AREA, form.row_label, HEADER, rows=depth(figures), columns=2)
    yield from header(figures, row, _FIRST_FIGURE)


def _heads(form: SummaryTable) -> list[ColumnHead]:
    return [ColumnHead(column.label, column.group) for column in form.columns]


def _labels(campaign: Campaign, name: str, first: int) -> Iterator[Cell]:
    """The label columns: unit, areas with their problem types, and the total's label."""
    form, count = campaign.summary_table, len(campaign.problem_types)
    rows_of_unit = count if form.total_spans_unit else count + 1
    yield Cell(first, _UNIT, name or None, LABEL, rows=rows_of_unit)
    row = first
    for area in campaign.areas:
        several = len(area.problem_types) > 1
        if several:
            yield Cell(row, _AREA, area.name, LABEL, rows=len(area.problem_types))
        for problem_type in area.problem_types:
            column, span = (_PROBLEM_TYPE, 1) if several else (_AREA, 2)
            yield Cell(row, column, problem_type.row_name, LABEL, columns=span)
            row += 1
    column = _UNIT if form.total_spans_unit else _AREA
    yield Cell(row, column, form.total_label, TOTAL, columns=_FIRST_FIGURE - column)


def _figures(
    form: SummaryTable, line: SummaryRow | None, row: int, is_total: bool, first: int
) -> Iterator[Cell]:
    """The cells of a row; without figures they are blank, and the total adds up what is filled in above it."""
    summed = ColumnSum(first, row - 1)
    for column, figure in enumerate(form.columns, _FIRST_FIGURE):
        value = cell_value(form, line, figure.id) if line else summed if is_total else None
        style = TOTAL if is_total else FIGURE
        yield Cell(
            row, column, value, replace(style, shaded=True) if line and line.reported == "no" else style
        )


def cell_value(form: SummaryTable, line: SummaryRow, column: str) -> Value:
    """Return the displayed value of a figure's cell."""
    value = shown(form, line, column)
    # Digits as numbers: spreadsheet programs flag numbers stored as text.
    return int(value) if isinstance(value, str) and value.isdecimal() else value


def line_heights(names: Sequence[str], width: float, first: int) -> dict[int, float]:
    """Heights of lines of figures by row, from the names in their first column.

    Args:
        names: line by line.
        width: of the first column.
        first: row of the first line.
    """
    found = (max(LINE_HEIGHT, height_of(name, LABEL.size, [width])) for name in names)
    return dict(enumerate(found, first))
