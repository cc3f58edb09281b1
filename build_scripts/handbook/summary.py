"""The summary tables of the county and of each unit, from what was compiled from the ledgers."""

from collections.abc import Iterable, Iterator

from build_scripts.handbook import addresses
from build_scripts.handbook.addresses import SUMMARY, to
from build_scripts.handbook.writing import heading, link, page, plain, title
from build_scripts.summary.rows import SummaryRow, together
from checklist.model import Area, Campaign, ProblemType, SummaryTable, Unit

Rows = tuple[SummaryRow, ...]
"""Rows of ``summary.csv``: one for each unit and problem type."""

NOT_COMPILED = "还没有汇总过。县里运行汇总以后，数字会出现在这里。"


def summary_index(campaign: Campaign, summary: Rows | None) -> str:
    """The county's table, and how far each unit has got."""
    table = campaign.summary_table
    return page(
        title(table.name),
        _how(campaign, SUMMARY),
        *(_county(campaign, summary) if summary is not None else (NOT_COMPILED,)),
        heading(2, plain("各单位"), "units"),
        _units(campaign, summary or ()),
    )


def _how(campaign: Campaign, here: str) -> str:
    there = to(here, addresses.form_page(campaign.summary_table))
    return f"数字由台账汇总得出，不另外填报。{link('每个数字怎么来', there)}"


def _county(campaign: Campaign, summary: Rows) -> Iterator[str]:
    yield heading(2, plain(f"{campaign.notice.county}合计"), "county")
    yield figures_table(campaign, summary)
    yield _marks(campaign.summary_table)


def _marks(table: SummaryTable) -> str:
    return f"“{plain(table.zero_mark)}”是查过没有问题，“{plain(table.missing_mark)}”是还没有报。"


def summary_page(campaign: Campaign, unit: Unit, summary: Rows | None) -> str:
    """One unit's table."""
    here = addresses.summary_page(unit)
    back = f"{link(unit.name, to(here, addresses.unit_page(unit)))}　{link('全县汇总', to(here, SUMMARY))}"
    rows = tuple(row for row in summary or () if row.unit_code == unit.code)
    return page(
        title(f"{unit.name}{campaign.summary_table.name}"),
        _how(campaign, here),
        *((figures_table(campaign, rows), _marks(campaign.summary_table)) if rows else (NOT_COMPILED,)),
        back,
    )


def figures_table(campaign: Campaign, rows: Rows) -> str:
    """The table in the annex's layout, as HTML: Markdown has no merged cells."""
    head = "\n".join(_head(campaign.summary_table))
    body = "\n".join(_body(campaign, rows))
    return _html_table(head, f"{body}\n{_total(campaign.summary_table, rows)}")


def _html_table(head: str, body: str) -> str:
    return (
        '<div class="table-scroll" tabindex="0"><table class="figures">\n'
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
            yield _line(_names(area, kind), cells(campaign.summary_table, own))


def _names(area: Area, kind: ProblemType) -> str:
    """The cells that name a problem type: below its area where that is divided, otherwise across both columns."""
    if len(area.problem_types) == 1:
        return f'<th colspan="2">{plain(kind.row_name)}</th>'
    first = kind is area.problem_types[0]
    area_cell = f'<th rowspan="{len(area.problem_types)}">{plain(area.name)}</th>' if first else ""
    return f"{area_cell}<th>{plain(kind.row_name)}</th>"


def cells(table: SummaryTable, rows: Rows) -> Iterator[str]:
    """What the table prints for these rows together: their sums, or the mark for zero or for not reported."""
    marks = {"zero": table.zero_mark, "no": table.missing_mark}
    reported = together(row.reported for row in rows)
    for column in table.columns:
        yield marks.get(reported) or str(sum(row.figure(column.id) for row in rows))


def _total(table: SummaryTable, rows: Rows) -> str:
    return _line(f'<th colspan="2">{plain(table.total_label)}</th>', cells(table, rows), "total")


def _line(names: str, figures: Iterable[str], css_class: str = "") -> str:
    where = f' class="{css_class}"' if css_class else ""
    return f"<tr{where}>{names}{''.join(f'<td>{plain(figure)}</td>' for figure in figures)}</tr>"


def _units(campaign: Campaign, summary: Rows) -> str:
    table = campaign.summary_table
    labels = "".join(f"<th>{plain(column.group + column.label)}</th>" for column in table.columns)
    head = f"<tr><th>{plain(table.unit_label)}</th>{labels}<th>已报{plain(table.row_label)}</th></tr>"
    return _html_table(head, "\n".join(_unit_line(campaign, unit, summary) for unit in campaign.filing_units))


def _unit_line(campaign: Campaign, unit: Unit, summary: Rows) -> str:
    rows = tuple(row for row in summary if row.unit_code == unit.code)
    reported = sum(row.reported != "no" for row in rows)
    name = f'<th><a href="{unit.code}.html">{plain(unit.name)}</a></th>'
    return _line(name, (*cells(campaign.summary_table, rows), f"{reported} / {len(campaign.problem_types)}"))
