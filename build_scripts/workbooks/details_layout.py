"""The office's workbook of the county: by unit, unit and type, village, responsible unit, overdue, day; with charts."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from build_scripts.counting.comparison import Comparison
from build_scripts.counting.county_details import CountyDetails, Figures
from build_scripts.counting.county_summary import Summary
from build_scripts.counting.daily_counts import DayCount
from build_scripts.counting.final_or_interim import PublishedState
from build_scripts.counting.percentages import NOTHING
from build_scripts.counting.summary_lines import AnnexTable, SummaryRow
from build_scripts.workbooks.comparison_layout import comparison_table
from build_scripts.workbooks.details_table import DetailColumn, DetailLine, DetailTable, rate
from build_scripts.workbooks.summary_layout import FIGURE, LABEL, TOTAL
from build_scripts.workbooks.table_header import ColumnHead
from build_scripts.workbooks.workbook_values import Book, Chart, Series, Value
from checklist.date_formats import typed_day
from checklist.model import Campaign
from checklist.states import STATE_NAMES, State

_SHADED = replace(LABEL, shaded=True), replace(FIGURE, shaded=True)
_SUBTOTAL = replace(LABEL, bold=True), TOTAL
_LEFT = replace(LABEL, align="left")
_FOUND, _DONE, _OPEN = "found", "rectified", "rectifying"


def details_book(
    summary: Summary,
    details: CountyDetails | None,
    campaign: Campaign,
    state: PublishedState,
    days: Sequence[DayCount] = (),
    comparisons: Sequence[Comparison] = (),
) -> Book:
    """Lay out the workbook; each sheet says its moment, prints one page wide, and has a filter and a fixed header.

    Args:
        summary: of one county.
        details: what is counted besides; None where only comparisons were asked for.
        campaign: gives labels and titles.
        state: of the figures.
        days: may be empty.
        comparisons: may be empty.
    """
    sheets = [
        _by_unit(summary, campaign),
        _by_unit_and_type(summary, campaign),
        *(_of_details(details, campaign) if details else []),
        *([_by_day(days)] if days else []),
        *(
            comparison_table(each, campaign, number if len(comparisons) > 1 else 0)
            for number, each in enumerate(comparisons, 1)
        ),
    ]
    name = summary.county.unit
    laid = tuple(sheet for each in sheets for sheet in each.laid_out(f"{name}{each.title}", state))
    title = f"{campaign.notice.short_name}全县明细{state.in_title}"
    return Book(title, campaign.notice.issued, laid)


def _of_details(details: CountyDetails, campaign: Campaign) -> list[DetailTable]:
    tables = [_by_village(details, campaign), _by_responsible(details, campaign)]
    return [*tables, _overdue(details, campaign)] if details.overdue else tables


def _ids(campaign: Campaign) -> list[str]:
    """The figures of the campaign's summary table."""
    return [column.id for column in campaign.summary_table.columns]


def _figure_columns(campaign: Campaign) -> list[DetailColumn]:
    return [DetailColumn(ColumnHead(each.label, each.group)) for each in campaign.summary_table.columns]


_RATE = DetailColumn(ColumnHead("整改率"))


def _by_unit(summary: Summary, campaign: Campaign) -> DetailTable:
    label, types = campaign.summary_table.unit_label, len(campaign.problem_types)
    lines = []
    for table in summary.units:
        missing = sum(line.reported == "no" for line in table.lines)
        whole = "报全" if not missing else "没有报" if missing == types else f"缺 {missing} 类"
        lines.append(DetailLine((table.unit, *_row_figures(table.total, campaign), whole)))
    total = summary.county.total
    lines.append(
        DetailLine((campaign.summary_table.total_label, *_row_figures(total, campaign), None), (TOTAL, TOTAL))
    )
    last, ids = len(summary.units) - 1, _ids(campaign)
    series = tuple(
        Series(STATE_NAMES[state], (0, last, 1 + ids.index(name)))
        for name, state in ((_DONE, State.RECTIFIED), (_OPEN, State.RECTIFYING))
        if name in ids
    )
    chart = Chart("bar", "各单位整改情况", (0, last, 0), series, height=120 + 18 * len(summary.units))
    columns = [
        DetailColumn(ColumnHead(label), 26),
        *_figure_columns(campaign),
        _RATE,
        DetailColumn(ColumnHead("报送")),
    ]
    return DetailTable("各单位", "各单位汇总", columns, lines, chart=chart)


def _row_figures(row: SummaryRow, campaign: Campaign) -> list[Value]:
    figures = [row.figure(column.id) for column in campaign.summary_table.columns]
    return [*figures, rate(row.found, row.rectified)]


def _by_unit_and_type(summary: Summary, campaign: Campaign) -> DetailTable:
    columns = [
        DetailColumn(ColumnHead(campaign.summary_table.unit_label), 22),
        *(DetailColumn(ColumnHead(each.row_name), 9) for each in campaign.problem_types),
        DetailColumn(ColumnHead(campaign.summary_table.total_label), 8),
    ]
    lines = [DetailLine(_found_by_type(table)) for table in summary.units]
    county = replace(summary.county, unit=campaign.summary_table.total_label)
    lines.append(DetailLine(_found_by_type(county), (TOTAL, TOTAL)))
    return DetailTable("单位与类型", "各单位各类问题数（“—”是还没有报）", columns, lines)


def _found_by_type(table: AnnexTable) -> list[Value]:
    found: list[Value] = [NOTHING if line.reported == "no" else line.found for line in table.lines]
    return [table.unit, *found, table.total.found]


def _by_village(details: CountyDetails, campaign: Campaign) -> DetailTable:
    """Villages under their townships, with subtotals; those that found nothing are shaded."""
    ids = _ids(campaign)

    def line(township: str, village: str, figures: Figures) -> DetailLine:
        values = (township, village, *(figures[name] for name in ids), rate(figures[_FOUND], figures[_DONE]))
        return DetailLine(values, (LABEL, FIGURE) if figures[_FOUND] else _SHADED)

    lines: list[DetailLine] = []
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
        DetailColumn(ColumnHead("乡镇"), 16),
        DetailColumn(ColumnHead("村"), 26),
        *_figure_columns(campaign),
        _RATE,
    ]
    return DetailTable("各村", "各村汇总（灰的没有问题）", columns, lines)


def _by_responsible(details: CountyDetails, campaign: Campaign) -> DetailTable:
    labels: dict[str, str] = {column.id: column.label for column in campaign.summary_table.columns}
    ids = [name for name in (_FOUND, _DONE, _OPEN) if name in labels]
    lines = [
        DetailLine((name, *(figures[each] for each in ids), rate(figures[_FOUND], figures[_DONE])))
        for name, figures in details.responsible
    ]
    total = {each: sum(figures[each] for _, figures in details.responsible) for each in (_FOUND, _DONE, *ids)}
    values = (
        campaign.summary_table.total_label,
        *(total[each] for each in ids),
        rate(total[_FOUND], total[_DONE]),
    )
    lines.append(DetailLine(values, (TOTAL, TOTAL)))
    columns = [
        DetailColumn(ColumnHead("责任单位"), 30),
        *(DetailColumn(ColumnHead(labels[each]), 14) for each in ids),
        DetailColumn(ColumnHead("整改率"), 14),
    ]
    return DetailTable("责任单位", "按责任单位（牵头的）汇总", columns, lines)


def _overdue(details: CountyDetails, campaign: Campaign) -> DetailTable:
    lines = [
        DetailLine(
            (each.unit, each.village, each.problem_type, typed_day(each.deadline), each.days, each.issues)
        )
        for each in details.overdue
    ]
    count = sum(each.issues for each in details.overdue)
    lines.append(
        DetailLine((campaign.summary_table.total_label, None, None, None, None, count), (TOTAL, TOTAL))
    )
    columns = [
        DetailColumn(ColumnHead(campaign.summary_table.unit_label), 22),
        DetailColumn(ColumnHead("村"), 22),
        DetailColumn(ColumnHead(campaign.summary_table.row_label), 24),
        DetailColumn(ColumnHead("时限"), 13),
        DetailColumn(ColumnHead("逾期天数"), 8),
        DetailColumn(ColumnHead("问题数"), 8),
    ]
    return DetailTable("逾期", "过了时限还没有整改的问题", columns, lines)


def _by_day(days: Sequence[DayCount]) -> DetailTable:
    lines = [
        DetailLine(
            (typed_day(each.day), each.found, each.rectified, each.found_so_far, each.rectified_so_far)
        )
        for each in days
    ]
    last = len(days) - 1
    columns = [
        DetailColumn(ColumnHead("日期"), 16),
        *(DetailColumn(ColumnHead(label), 15) for label in ("当天登记", "当天整改", "累计登记", "累计整改")),
    ]
    chart = Chart(
        "line",
        "每天累计",
        (0, last, 0),
        (Series("累计登记", (0, last, 3)), Series("累计整改", (0, last, 4))),
    )
    return DetailTable("每日", "每日进度", columns, lines, has_total=False, chart=chart)
