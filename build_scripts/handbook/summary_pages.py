"""The summary pages of the county and of each unit."""

from collections.abc import Iterator, Sequence

from build_scripts.counting.daily_counts import DayCount
from build_scripts.counting.final_or_interim import INTERIM, PublishedState
from build_scripts.handbook import page_urls
from build_scripts.handbook.county_charts import as_of_words, bars, heat_map
from build_scripts.handbook.markdown import heading, link, page, plain, title
from build_scripts.handbook.page_urls import SUMMARY, to
from build_scripts.handbook.summary_html import Rows, cells, figures_table, html_table, line
from checklist.model import Campaign, SummaryTable, Unit

NOT_COMPILED = "还没有汇总过。县里运行汇总以后，数字会出现在这里。"


STATE_UNKNOWN = f"{INTERIM}：没有记下截至什么时候、收齐了几个单位，请重新汇总。"


def state_words(state: PublishedState | None) -> str:
    """The statement above figures: as-of time and finality."""
    words = plain(state.words if state else STATE_UNKNOWN)
    return words if state and state.final else f"**{words}**"


def summary_index(
    campaign: Campaign,
    summary: Rows | None,
    days: Sequence[DayCount] = (),
    state: PublishedState | None = None,
) -> str:
    """The county's table, and how far each unit has got."""
    table = campaign.summary_table
    return page(
        title(table.name + in_title(summary, state)),
        _how(campaign, SUMMARY),
        *(_county(campaign, summary, state) if summary is not None else (NOT_COMPILED,)),
        *((link("每天排查和整改了多少", to(SUMMARY, page_urls.SUMMARY_DAYS)),) if days else ()),
        heading(2, plain("各单位"), "units"),
        _units(campaign, summary or ()),
    )


def _how(campaign: Campaign, here: str) -> str:
    there = to(here, page_urls.form_page(campaign.summary_table))
    return f"数字由台账汇总得出，不另外填报。{link('每个数字怎么来', there)}"


def in_title(summary: object, state: PublishedState | None) -> str:
    """Suffix of the title of a page with interim figures."""
    if not summary:
        return ""
    return state.in_title if state else f"（{INTERIM}）"


def _county(campaign: Campaign, summary: Rows, state: PublishedState | None) -> Iterator[str]:
    yield state_words(state)
    yield heading(2, plain(f"{campaign.notice.county}合计"), "county")
    yield figures_table(campaign, summary)
    yield _marks(campaign.summary_table)
    yield heading(2, plain("各问题类型整改进度"), "progress")
    yield bars(campaign, summary, state)
    yield heading(2, plain("各单位各方面查出多少问题"), "heat")
    yield f"{plain(as_of_words(state))}。颜色越深，查出的问题越多；有斜线的是还没有报。"
    yield heat_map(campaign, summary)


def _marks(table: SummaryTable) -> str:
    return f"“{plain(table.zero_mark)}”是查过没有问题，“{plain(table.missing_mark)}”是还没有报。"


def summary_page(
    campaign: Campaign, unit: Unit, summary: Rows | None, state: PublishedState | None = None
) -> str:
    """Page with a unit's table."""
    here = page_urls.summary_page(unit)
    back = f"{link(unit.name, to(here, page_urls.unit_page(unit)))}　{link('全县汇总', to(here, SUMMARY))}"
    rows = tuple(row for row in summary or () if row.unit_code == unit.code)
    return page(
        title(f"{unit.name}{campaign.summary_table.name}{in_title(rows, state)}"),
        _how(campaign, here),
        *(_own(campaign, rows, state) if rows else (NOT_COMPILED,)),
        back,
    )


def _own(campaign: Campaign, rows: Rows, state: PublishedState | None) -> Iterator[str]:
    yield state_words(state)
    yield figures_table(campaign, rows)
    yield _marks(campaign.summary_table)


def _units(campaign: Campaign, summary: Rows) -> str:
    table = campaign.summary_table
    labels = "".join(f"<th>{plain(column.group + column.label)}</th>" for column in table.columns)
    head = f"<tr><th>{plain(table.unit_label)}</th>{labels}<th>已报{plain(table.row_label)}</th></tr>"
    return html_table(head, "\n".join(_unit_line(campaign, unit, summary) for unit in campaign.filing_units))


def _unit_line(campaign: Campaign, unit: Unit, summary: Rows) -> str:
    rows = tuple(row for row in summary if row.unit_code == unit.code)
    reported = sum(row.reported != "no" for row in rows)
    name = f'<th><a href="{unit.code}.html">{plain(unit.name)}</a></th>'
    return line(name, (*cells(campaign.summary_table, rows), f"{reported} / {len(campaign.problem_types)}"))
