"""Writer of workbook values to ``.xlsx``. The only module that knows XlsxWriter."""

import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from typing import IO, Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import quote_sheetname, xl_col_to_name, xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from build_scripts.workbooks.print_setup import MARGIN, MARGIN_ABOVE, width_in_points
from build_scripts.workbooks.row_xml import SMALLER, write_rows
from build_scripts.workbooks.workbook_values import (
    Body,
    Book,
    CellStyle,
    Chart,
    Check,
    ColumnSum,
    Sheet,
    Span,
    Value,
)
from checklist.messages import say
from checklist.reading.amounts import plain_number

_A4 = 9
_AS_OF = '&L&"宋体,Regular"&9'
_FOOTER = '&C&"宋体,Regular"&9第 &P 页，共 &N 页'
_LAST_ROW = 1048575
_LONGEST_HINT = 255
_CHINESE = 134
_SERIF = 1


class _GrowingRows(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types
    """A sheet whose record rows were written before (``row_xml``), without fixed heights, so that they grow.

    XlsxWriter marks every height as custom (customHeight), which would cut off text typed later.
    """

    def __init__(self) -> None:
        super().__init__()
        self.records: IO[str] | None = None

    def _write_rows(self) -> None:
        super()._write_rows()
        if self.records:
            self.records.seek(0)
            shutil.copyfileobj(self.records, self.fh)


class _Formats:
    """Cache of the workbook's formats."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        self._workbook = workbook
        self._made: dict[CellStyle, Format] = {}

    def of(self, style: CellStyle) -> Format:
        """Return the format of a style."""
        if style not in self._made:
            self._made[style] = self._workbook.add_format(_properties(style))
        return self._made[style]

    def edge(self) -> Format:
        """Return a format with only a border, for conditional framing of non-empty rows."""
        return self._workbook.add_format({"border": 1})


def _properties(style: CellStyle) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "font_name": style.font,
        "font_size": style.size,
        "font_family": _SERIF,
        # If the font is missing, programs substitute a Chinese one of its family.
        "font_charset": _CHINESE,
        # Otherwise Excel shows the theme's font if the name is the default font's.
        "font_scheme": "",
        "bold": style.bold,
        "align": style.align,
        "valign": "vcenter",
        "text_wrap": style.wraps,
        "border": int(style.border),
        "num_format": style.number_format,
    }
    return properties | ({"bg_color": "#EDEDED"} if style.shaded else {})


def to_xlsx(book: Book) -> bytes:
    """Return the workbook as an ``.xlsx`` file, byte-identical for the same value.

    Raises:
        ValueError: a text is longer than a cell can hold.
    """
    buffer = BytesIO()
    options = {
        "default_format_properties": {"font_name": "宋体", "font_size": 11},
        # Large ledgers go through temporary files; for small workbooks these would take longer than the rest.
        "in_memory": not any(sheet.body for sheet in book.sheets),
    }
    # The files are closed once the workbook has been assembled.
    with ExitStack() as files, xlsxwriter.Workbook(buffer, options) as workbook:
        workbook.set_properties(
            {
                "title": book.title,
                "comments": book.as_of,
                "created": datetime.combine(book.created, datetime.min.time()),
            }
        )
        formats = _Formats(workbook)
        for sheet in book.sheets:
            worksheet = workbook.add_worksheet(sheet.name, _GrowingRows)
            _write_sheet(worksheet, sheet, formats, files)
            for chart in sheet.charts:
                _draw(workbook, worksheet, sheet, chart)
            if book.as_of and not sheet.hidden:
                worksheet.set_footer(f"{_AS_OF}{book.as_of}{_FOOTER}")
    return buffer.getvalue()


def _write_sheet(worksheet: _GrowingRows, sheet: Sheet, formats: _Formats, files: ExitStack) -> None:
    for column, width in enumerate(sheet.widths):
        worksheet.set_column(column, column, width)
    for row, height in sheet.heights.items():
        worksheet.set_row(row, height)
    for cell in sheet.cells:
        last_row, last_column = cell.row + cell.rows - 1, cell.column + cell.columns - 1
        if (last_row, last_column) != (cell.row, cell.column):
            worksheet.merge_range(cell.row, cell.column, last_row, last_column, "", formats.of(cell.style))
        _write(worksheet, cell.row, cell.column, cell.value, formats.of(cell.style))
    if sheet.body:
        rows = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - the stack closes it
        worksheet.records = files.enter_context(rows)
        _write_body(worksheet, sheet, sheet.body, formats)
    if sheet.hidden:
        worksheet.very_hidden()
    else:
        _set_up_page(worksheet, sheet)


def _draw(workbook: xlsxwriter.Workbook, worksheet: Worksheet, sheet: Sheet, chart: Chart) -> None:
    """Draw a chart across the sheet's columns."""
    kinds = {"bar": {"type": "bar", "subtype": "stacked"}, "line": {"type": "line"}}
    drawn = workbook.add_chart(kinds[chart.kind])
    font = {"name": "宋体", "size": 9}
    for series, colour in zip(chart.series, _COLOURS, strict=False):
        drawn.add_series(
            {
                "name": series.name,
                "categories": _reference(chart, chart.categories),
                "values": _reference(chart, series.values),
                "fill" if chart.kind == "bar" else "line": {"color": colour},
                "gap": 40,
            }
        )
    drawn.set_title({"name": chart.title, "name_font": {"name": "宋体", "size": 12}, "overlay": False})
    figures = {"num_font": font, "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}}
    names = {"num_font": font, "major_gridlines": {"visible": False}}
    if chart.kind == "bar":
        drawn.set_y_axis(names | {"reverse": True})  # the first one above
        drawn.set_x_axis(figures)
    else:
        drawn.set_x_axis(names)
        drawn.set_y_axis(figures)
    drawn.set_legend({"position": "top", "font": font})
    drawn.set_size({"width": round(width_in_points(sheet.widths) * _PIXELS_A_POINT), "height": chart.height})
    worksheet.insert_chart(1, 0, drawn)


_COLOURS = ("#1F5C99", "#B26A00", "#8F1D21")
_PIXELS_A_POINT = 96 / 72


def _reference(chart: Chart, span: Span) -> str:
    first, last, column = span
    return f"={quote_sheetname(chart.source)}!{xl_range_abs(first, column, last, column)}"


def _write(worksheet: Worksheet, row: int, column: int, value: Value, style: Format) -> None:
    """Write one cell by its type: ``Worksheet.write`` would guess formulas and links."""
    if value is None:
        result = worksheet.write_blank(row, column, None, style)
    elif isinstance(value, str):
        result = worksheet.write_string(row, column, value, style)
    elif isinstance(value, date):
        result = worksheet.write_datetime(row, column, value, style)
    elif isinstance(value, ColumnSum):
        summed = f"{xl_rowcol_to_cell(value.first_row, column)}:{xl_rowcol_to_cell(value.last_row, column)}"
        # The result that is stored is empty, as the cells are: programs that never calculate show no 0.
        result = worksheet.write_formula(row, column, f'=IF(COUNT({summed})=0,"",SUM({summed}))', style, "")
    else:
        result = worksheet.write_number(row, column, value, style)
    if result:
        raise ValueError(say("workbook-too-long", cell=xl_rowcol_to_cell(row, column)))


def _write_body(worksheet: _GrowingRows, sheet: Sheet, body: Body, formats: _Formats) -> None:
    """Write the record rows, and the blank ones below."""
    widths = sheet.widths
    for column, (style, width) in enumerate(zip(body.styles, widths, strict=True)):
        # Below the written rows, too, typed input stays text; only the border depends on content.
        below = CellStyle(style.font, style.size, align=style.align, number_format=style.number_format)
        folded = sheet.folds and column in sheet.for_machines
        worksheet.set_column(
            column, column, width, formats.of(below), {"level": 1, "hidden": True} if folded else {}
        )
    if sheet.folds:
        worksheet.set_column(len(widths), len(widths), None, None, {"collapsed": True})
    # XlsxWriter needs the sheet's dimensions before its rows.
    indexes = [
        [formats.of(replace(style, size=size))._get_xf_index() for size in (style.size, *SMALLER)]
        for style in body.styles
    ]
    assert worksheet.records
    count = write_rows(worksheet.records, body, widths, indexes)
    worksheet._check_dimensions(body.first_row + max(count - 1, 0), len(body.styles) - 1)
    if body.room:
        _make_room(worksheet, sheet.lists, body, formats)


def _make_room(worksheet: Worksheet, lists: str, body: Body, formats: _Formats) -> None:
    """Add data validation, and conditional borders around non-empty rows."""
    first, last, last_column = body.first_row, body.first_row + body.room - 1, len(body.styles) - 1
    holds_something = f"=COUNTA($A{first + 1}:${xl_col_to_name(last_column)}{first + 1})>0"
    border = {"type": "formula", "criteria": holds_something, "format": formats.edge()}
    worksheet.conditional_format(first, 0, last, last_column, border)
    for column, check in enumerate(body.checks):
        worksheet.data_validation(first, column, last, column, _validation(check, column, lists))


def _validation(check: Check, column: int, lists: str) -> dict[str, Any]:
    """Return a column's data validation in XlsxWriter's terms."""
    hint = {"input_message": check.hint[:_LONGEST_HINT]} if check.hint else {}
    if check.choices:
        source = f"={lists}!{xl_range_abs(0, column, len(check.choices) - 1, column)}"
        said = {"error_message": check.refusal, "show_error": not check.others}
        return hint | {"validate": "list", "source": source} | said
    if check.minimum is not None and check.maximum is not None:
        limits = {
            "validate": "decimal" if check.decimals else "integer",
            "criteria": "between",
            "minimum": plain_number(check.minimum),
            "maximum": plain_number(check.maximum),
            # 1.2万 is read, too.
            "error_type": "warning" if check.decimals else "stop",
        }
        return hint | limits | {"error_message": check.refusal}
    return hint | {"validate": "any"}


def _set_up_page(worksheet: Worksheet, sheet: Sheet) -> None:
    """Set up A4, one page wide, centred, with page numbers and the header on every page."""
    worksheet.set_paper(_A4)
    (worksheet.set_landscape if sheet.landscape else worksheet.set_portrait)()
    worksheet.set_margins(left=MARGIN, right=MARGIN, top=MARGIN_ABOVE, bottom=MARGIN_ABOVE)
    worksheet.center_horizontally()
    worksheet.fit_to_pages(1, 0)
    worksheet.set_footer(_FOOTER)
    if sheet.repeated_rows:
        worksheet.repeat_rows(*sheet.repeated_rows)
    if sheet.printed_columns:
        # Whole columns, so that rows added later are printed. Worksheet.print_area() would write them as $A:$L, which
        # Excel means the same by but openpyxl can't read.
        area = xl_range_abs(0, 0, _LAST_ROW, sheet.printed_columns - 1)
        worksheet.print_area_range = f"{quote_sheetname(sheet.name)}!{area}"
    if sheet.body:
        worksheet.freeze_panes(sheet.body.first_row, 0)
    elif any(sheet.frozen):
        worksheet.freeze_panes(*sheet.frozen)
    if sheet.filtered:
        head, last_row, last_column = sheet.filtered
        worksheet.autofilter(head, 0, last_row, last_column)
