"""The office's workbook of the county: by unit, unit and type, village, responsible unit, overdue, day; with charts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from build_scripts.counting.county_details import CountyDetails, Figures
from build_scripts.counting.county_summary import Summary
from build_scripts.counting.daily_counts import DayCount
from build_scripts.counting.final_or_interim import PublishedState
from build_scripts.counting.summary_lines import AnnexTable, SummaryRow
from build_scripts.workbooks.print_setup import height_of, is_landscape
from build_scripts.workbooks.sheet_heading import FILING, TITLE
from build_scripts.workbooks.summary_layout import FIGURE, LABEL, TOTAL
from build_scripts.workbooks.table_header import HEADER, ColumnHead, depth, header
from build_scripts.workbooks.workbook_values import Book, Cell, CellStyle, Chart, Series, Sheet, Value
from checklist.date_formats import typed_day
from checklist.model import Campaign
from checklist.states import STATE_NAMES, State

_ROW_HEIGHT = 19.0
_HEAD_HEIGHT = 32.0
_FIGURE_WIDTH = 11.0
_CHART_WIDTH = 78.0
_TITLE_ROW, _STATE_ROW, _HEAD_ROW = range(3)
_NOTHING = "—"
_SHADED = replace(LABEL, shaded=True), replace(FIGURE, shaded=True)
_SUBTOTAL = replace(LABEL, bold=True), TOTAL
_LEFT = replace(LABEL, align="left")
_FOUND, _DONE, _OPEN = "found", "rectified", "rectifying"


@dataclass(frozen=True)
class _Line:
    """A row: its values, and the styles of its texts and its figures."""

    values: Sequence[Value]
    styles: tuple[CellStyle, CellStyle] = (LABEL, FIGURE)


@dataclass(frozen=True)
class _Column:
    """A column: its head, and its width in characters."""

    head: ColumnHead
    width: float = _FIGURE_WIDTH


def details_book(
    summary: Summary,
    details: CountyDetails,
    days: Sequence[DayCount],
    campaign: Campaign,
    state: PublishedState,
) -> Book:
    """Lay out the workbook; each sheet says its moment, prints one page wide, and has a filter and a fixed header.

    Args:
        summary: of one county.
        details: what is counted besides.
        days: may be empty.
        campaign: gives labels and titles.
        state: of the figures.
    """
    sheets = [
        _by_unit(summary, campaign),
        _by_unit_and_type(summary, campaign),
        _by_village(details, campaign),
        _by_responsible(details, campaign),
        *([_overdue(details, campaign)] if details.overdue else []),
        *([_by_day(days)] if days else []),
    ]
    name = summary.county.unit
    laid = tuple(sheet for each in sheets for sheet in each.laid_out(f"{name}{each.title}", state))
    title = f"{campaign.notice.short_name}全县明细{state.in_title}"
    return Book(title, campaign.notice.issued, laid)


@dataclass(frozen=True)
class _Table:
    """A sheet's content; the last line is the total where ``has_total``."""

    name: str
    title: str
    columns: Sequence[_Column]
    lines: Sequence[_Line]
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


def _height(line: _Line, widths: Sequence[float]) -> float:
    texts = [(str(value), width) for value, width in zip(line.values, widths, strict=True) if value]
    return max(_ROW_HEIGHT, *(height_of(text, LABEL.size, [width]) for text, width in texts))


def _cells(line: _Line, row: int) -> Iterator[Cell]:
    text, figure = line.styles
    for column, value in enumerate(line.values):
        style = figure if isinstance(value, int) or value == _NOTHING else text
        yield Cell(row, column, value if value != "" else None, style)


def _ids(campaign: Campaign) -> list[str]:
    """The figures of the campaign's summary table."""
    return [column.id for column in campaign.summary_table.columns]


def _figure_columns(campaign: Campaign) -> list[_Column]:
    return [_Column(ColumnHead(each.label, each.group)) for each in campaign.summary_table.columns]


_RATE = _Column(ColumnHead("整改率"))


def _rate(found: int, rectified: int) -> Value:
    """Return the share in words; of nothing there is none."""
    return f"{100 * rectified / found:.1f}%" if found else _NOTHING


def _by_unit(summary: Summary, campaign: Campaign) -> _Table:
    label, types = campaign.summary_table.unit_label, len(campaign.problem_types)
    lines = []
    for table in summary.units:
        missing = sum(line.reported == "no" for line in table.lines)
        whole = "报全" if not missing else "没有报" if missing == types else f"缺 {missing} 类"
        lines.append(_Line((table.unit, *_row_figures(table.total, campaign), whole)))
    total = summary.county.total
    lines.append(
        _Line((campaign.summary_table.total_label, *_row_figures(total, campaign), None), (TOTAL, TOTAL))
    )
    last, ids = len(summary.units) - 1, _ids(campaign)
    series = tuple(
        Series(STATE_NAMES[state], (0, last, 1 + ids.index(name)))
        for name, state in ((_DONE, State.RECTIFIED), (_OPEN, State.RECTIFYING))
        if name in ids
    )
    chart = Chart("bar", "各单位整改情况", (0, last, 0), series, height=120 + 18 * len(summary.units))
    columns = [
        _Column(ColumnHead(label), 26),
        *_figure_columns(campaign),
        _RATE,
        _Column(ColumnHead("报送")),
    ]
    return _Table("各单位", "各单位汇总", columns, lines, chart=chart)


def _row_figures(row: SummaryRow, campaign: Campaign) -> list[Value]:
    figures = [row.figure(column.id) for column in campaign.summary_table.columns]
    return [*figures, _rate(row.found, row.rectified)]


def _by_unit_and_type(summary: Summary, campaign: Campaign) -> _Table:
    columns = [
        _Column(ColumnHead(campaign.summary_table.unit_label), 22),
        *(_Column(ColumnHead(each.row_name), 9) for each in campaign.problem_types),
        _Column(ColumnHead(campaign.summary_table.total_label), 8),
    ]
    lines = [_Line(_found_by_type(table)) for table in summary.units]
    county = replace(summary.county, unit=campaign.summary_table.total_label)
    lines.append(_Line(_found_by_type(county), (TOTAL, TOTAL)))
    return _Table("单位与类型", "各单位各类问题数（“—”是还没有报）", columns, lines)


def _found_by_type(table: AnnexTable) -> list[Value]:
    found: list[Value] = [_NOTHING if line.reported == "no" else line.found for line in table.lines]
    return [table.unit, *found, table.total.found]


def _by_village(details: CountyDetails, campaign: Campaign) -> _Table:
    """Villages under their townships, with subtotals; those that found nothing are shaded."""
    ids = _ids(campaign)

    def line(township: str, village: str, figures: Figures) -> _Line:
        values = (township, village, *(figures[name] for name in ids), _rate(figures[_FOUND], figures[_DONE]))
        return _Line(values, (LABEL, FIGURE) if figures[_FOUND] else _SHADED)

    lines: list[_Line] = []
    counted = list(dict.fromkeys((_FOUND, _DONE, *ids)))
    total = dict.fromkeys(counted, 0)
    for township, members in groupby(details.villages, key=lambda each: each.township):
        villages = list(members)
        summed = {name: sum(each.figures[name] for each in villages) for name in counted}
        total = {name: total[name] + summed[name] for name in counted}
        if township:
            lines += [line(township, each.village, each.figures) for each in villages]
            silent = sum(not each.figures[_FOUND] for each in villages)
            words = f"小计（{len(villages)} 个村，{silent} 个没有问题）"
            lines.append(replace(line(township, words, summed), styles=_SUBTOTAL))
        else:
            lines.append(line("没有写村的", "", summed))
    label = campaign.summary_table.total_label
    lines.append(replace(line(label, "", total), styles=(TOTAL, TOTAL)))
    columns = [
        _Column(ColumnHead("乡镇"), 16),
        _Column(ColumnHead("村"), 26),
        *_figure_columns(campaign),
        _RATE,
    ]
    return _Table("各村", "各村汇总（灰的没有问题）", columns, lines)


def _by_responsible(details: CountyDetails, campaign: Campaign) -> _Table:
    labels: dict[str, str] = {column.id: column.label for column in campaign.summary_table.columns}
    ids = [name for name in (_FOUND, _DONE, _OPEN) if name in labels]
    lines = [
        _Line((name, *(figures[each] for each in ids), _rate(figures[_FOUND], figures[_DONE])))
        for name, figures in details.responsible
    ]
    total = {each: sum(figures[each] for _, figures in details.responsible) for each in (_FOUND, _DONE, *ids)}
    rate = _rate(total[_FOUND], total[_DONE])
    values = (campaign.summary_table.total_label, *(total[each] for each in ids), rate)
    lines.append(_Line(values, (TOTAL, TOTAL)))
    columns = [
        _Column(ColumnHead("责任单位"), 30),
        *(_Column(ColumnHead(labels[each]), 14) for each in ids),
        _Column(ColumnHead("整改率"), 14),
    ]
    return _Table("责任单位", "按责任单位（牵头的）汇总", columns, lines)


def _overdue(details: CountyDetails, campaign: Campaign) -> _Table:
    lines = [
        _Line((each.unit, each.village, each.problem_type, typed_day(each.deadline), each.days, each.issues))
        for each in details.overdue
    ]
    count = sum(each.issues for each in details.overdue)
    lines.append(_Line((campaign.summary_table.total_label, None, None, None, None, count), (TOTAL, TOTAL)))
    columns = [
        _Column(ColumnHead(campaign.summary_table.unit_label), 22),
        _Column(ColumnHead("村"), 22),
        _Column(ColumnHead(campaign.summary_table.row_label), 24),
        _Column(ColumnHead("时限"), 13),
        _Column(ColumnHead("逾期天数"), 8),
        _Column(ColumnHead("问题数"), 8),
    ]
    return _Table("逾期", "过了时限还没有整改的问题", columns, lines)


def _by_day(days: Sequence[DayCount]) -> _Table:
    lines = [
        _Line((typed_day(each.day), each.found, each.rectified, each.found_so_far, each.rectified_so_far))
        for each in days
    ]
    last = len(days) - 1
    columns = [
        _Column(ColumnHead("日期"), 16),
        *(_Column(ColumnHead(label), 15) for label in ("当天登记", "当天整改", "累计登记", "累计整改")),
    ]
    chart = Chart(
        "line",
        "每天累计",
        (0, last, 0),
        (Series("累计登记", (0, last, 3)), Series("累计整改", (0, last, 4))),
    )
    return _Table("每日", "每日进度", columns, lines, has_total=False, chart=chart)
