"""The summary table in the annex's layout, as HTML: Markdown has no merged cells."""

from collections.abc import Iterable, Iterator

from build_scripts.counting.annex_shape import combined, shown
from build_scripts.counting.summary_lines import SummaryRow
from build_scripts.handbook.markdown import plain
from checklist.model import Area, Campaign, ProblemType, SummaryTable

Rows = tuple[SummaryRow, ...]
"""Rows of ``summary.csv``, one for each unit and problem type."""


def figures_table(campaign: Campaign, rows: Rows) -> str:
    """Render the table in the annex's layout."""
    head = "\n".join(_head(campaign.summary_table))
    body = "\n".join(_body(campaign, rows))
    return html_table(head, f"{body}\n{_total(campaign.summary_table, rows)}")


def html_table(head: str, body: str, css_class: str = "figures") -> str:
    """Render a table's head and body in a scroll container."""
    return (
        f'<div class="table-scroll" tabindex="0"><table class="{css_class}">\n'
        f"<thead>\n{head}\n</thead>\n<tbody>\n{body}\n</tbody>\n</table></div>"
    )


def _head(table: SummaryTable) -> Iterator[str]:
    groups = [column.group for column in table.columns if column.group]
    deep = ' rowspan="2"' if groups else ""
    upper = [f'<th colspan="2"{deep}>{plain(table.row_label)}</th>']
    for column in table.columns:
        if not column.group:
            upper.append(f"<th{deep}>{plain(column.label)}</th>")
        elif column.group in groups:
            upper.append(f'<th colspan="{groups.count(column.group)}">{plain(column.group)}</th>')
            groups = [group for group in groups if group != column.group]
    yield f"<tr>{''.join(upper)}</tr>"
    lower = "".join(f"<th>{plain(column.label)}</th>" for column in table.columns if column.group)
    if lower:
        yield f"<tr>{lower}</tr>"


def _body(campaign: Campaign, rows: Rows) -> Iterator[str]:
    for area in campaign.areas:
        for kind in area.problem_types:
            own = tuple(row for row in rows if row.problem_type_id == kind.id)
            yield line(_names(area, kind), cells(campaign.summary_table, own))


def _names(area: Area, kind: ProblemType) -> str:
    """Render the cells that name a problem type: below its area if that is divided, otherwise across both columns."""
    if len(area.problem_types) == 1:
        return f'<th colspan="2">{plain(kind.row_name)}</th>'
    first = kind is area.problem_types[0]
    area_cell = f'<th rowspan="{len(area.problem_types)}">{plain(area.name)}</th>' if first else ""
    return f"{area_cell}<th>{plain(kind.row_name)}</th>"


def cells(table: SummaryTable, rows: Rows) -> Iterator[str]:
    """Return the text of these rows merged, column by column."""
    line = combined(rows, ("", ""), ("", ""))
    return (str(shown(table, line, column.id)) for column in table.columns)


def cell(table: SummaryTable, rows: Rows, figure: str) -> str:
    """Return the sum of a figure over these rows, or the mark for zero or not reported."""
    return str(shown(table, combined(rows, ("", ""), ("", "")), figure))


def _total(table: SummaryTable, rows: Rows) -> str:
    return line(f'<th colspan="2">{plain(table.total_label)}</th>', cells(table, rows), "total")


def line(names: str, figures: Iterable[str], css_class: str = "") -> str:
    """Render a table's row: the cells that name it, then its figures."""
    where = f' class="{css_class}"' if css_class else ""
    return f"<tr{where}>{names}{''.join(map(_cell, figures))}</tr>"


def _cell(figure: str) -> str:
    """Render a figure, distinguishing unreported from zero."""
    return (
        f"<td>{plain(figure)}</td>"
        if figure[:1].isdigit()
        else f'<td class="not-reported">{plain(figure)}</td>'
    )
