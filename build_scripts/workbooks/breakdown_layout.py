"""Sheets of breakdowns and of changes since a day."""

from collections.abc import Sequence
from dataclasses import replace

from build_scripts.counting.breakdown import Breakdown, UnitChange
from build_scripts.counting.final_or_interim import PublishedState
from build_scripts.workbooks.print_setup import height_of
from build_scripts.workbooks.sheet_heading import TITLE
from build_scripts.workbooks.summary_layout import FIGURE, LABEL, LINE_HEIGHT, TOTAL, line_heights
from build_scripts.workbooks.table_header import HEADER, ColumnHead, depth, header
from build_scripts.workbooks.workbook_values import Book, Cell, Sheet, Value
from checklist.model import Campaign

_NAME_WIDTH = 34.0
_FIGURE_WIDTH = 12.0
Row = tuple[Value, ...]
_TITLE_ROW, _FIRST_HEADER_ROW = 0, 1


def breakdown_book(
    breakdowns: Sequence[Breakdown],
    changes: Sequence[UnitChange],
    since: str,
    name: str,
    campaign: Campaign,
    state: PublishedState | None = None,
) -> Book:
    """Lay out a sheet for each breakdown, and one for the changes; at least one of them.

    Args:
        breakdowns: may be empty.
        changes: may be empty.
        since: the day that the changes begin with.
        name: of the county, or whatever all units together are called.
        campaign: gives the figures' labels.
        state: of the figures.
    """
    sheets = [_of_breakdown(breakdown, name, campaign) for breakdown in breakdowns]
    if changes:
        sheets.append(_of_changes(changes, f"{name}{since}以来的变化", campaign))
    title = f"{campaign.notice.short_name}分项汇总{state.in_title if state else ''}"
    return Book(title, campaign.notice.issued, tuple(_told(sheet, state) for sheet in sheets))


def _told(sheet: Sheet, state: PublishedState | None) -> Sheet:
    """The sheet with the moment of its figures in its title, and in its name where they are interim."""
    if state is None:
        return sheet
    title, *others = sheet.cells
    words = f"{title.value}（{state.words.rstrip('。')}）"
    height = height_of(words, TITLE.size, sheet.widths)
    return replace(
        sheet,
        name=state.sheet_name(sheet.name),
        cells=(replace(title, value=words), *others),
        heights={**sheet.heights, _TITLE_ROW: height},
    )


def _of_breakdown(breakdown: Breakdown, name: str, campaign: Campaign) -> Sheet:
    labels: dict[str, ColumnHead] = {
        column.id: ColumnHead(column.label, column.group) for column in campaign.summary_table.columns
    }
    heads = [labels.get(column, ColumnHead(column, "")) for column in breakdown.columns]
    rows: list[Row] = [
        (each.name, *(each.figures[column] for column in breakdown.columns)) for each in breakdown.slices
    ]
    total: Row = (
        campaign.summary_table.total_label,
        *(breakdown.total[column] for column in breakdown.columns),
    )
    title = f"{name}按{breakdown.label}汇总"
    return _sheet(f"按{breakdown.label}", title, breakdown.label, heads, [*rows, total])


def _of_changes(changes: Sequence[UnitChange], title: str, campaign: Campaign) -> Sheet:
    columns = campaign.summary_table.columns
    proposed = [column for column in columns if column.id in {"proposed_households", "proposed_people"}]
    heads = [
        ColumnHead("新排查", ""),
        ColumnHead("新整改", ""),
        *(ColumnHead(column.label, f"新{column.group}") for column in proposed),
    ]
    rows = [
        (each.unit, each.found, each.rectified, *(getattr(each, column.id) for column in proposed))
        for each in changes
    ]
    return _sheet("变化", title, campaign.summary_table.unit_label, heads, rows)


def _sheet(name: str, title: str, label: str, heads: Sequence[ColumnHead], rows: Sequence[Row]) -> Sheet:
    """Lay out title, header and rows, the last of which is the total."""
    widths = (_NAME_WIDTH, *(_FIGURE_WIDTH for _ in heads))
    first = _FIRST_HEADER_ROW + depth(heads)
    cells = [
        Cell(_TITLE_ROW, 0, title, TITLE, columns=len(widths)),
        Cell(_FIRST_HEADER_ROW, 0, label, HEADER, rows=depth(heads)),
        *header(heads, _FIRST_HEADER_ROW, 1),
    ]
    for row, values in enumerate(rows, first):
        last = row == first + len(rows) - 1
        styles = (TOTAL if last else LABEL, *(TOTAL if last else FIGURE for _ in heads))
        cells += [
            Cell(row, column, value, style)
            for column, (value, style) in enumerate(zip(values, styles, strict=True))
        ]
    return Sheet(
        name=name,
        cells=cells,
        widths=widths,
        heights={
            _TITLE_ROW: height_of(title, TITLE.size, widths),
            **dict.fromkeys(range(_FIRST_HEADER_ROW, first), LINE_HEIGHT),
            **line_heights([str(values[0]) for values in rows], _NAME_WIDTH, first),
        },
        repeated_rows=(_FIRST_HEADER_ROW, first - 1),
    )
