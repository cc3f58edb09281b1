"""The page of daily rectification: a chart, and the same as a table."""

from collections.abc import Iterator, Sequence

from build_scripts.counting.daily_counts import DayCount
from build_scripts.counting.final_or_interim import INTERIM, PublishedState
from build_scripts.counting.percentages import part_in_words
from build_scripts.handbook import page_urls, svg
from build_scripts.handbook.county_charts import as_of_words
from build_scripts.handbook.markdown import heading, link, page, plain, title
from build_scripts.handbook.page_urls import to
from build_scripts.handbook.summary_html import html_table, line
from checklist.date_formats import short_day
from checklist.model import Campaign
from checklist.states import STATE_NAMES, State

_LEFT, _WIDTH, _TOP, _HEIGHT = 8, 344, 78, 160
_GAP = 0.2
"""As a share of a day's width."""

_HEADERS = ("日期", "当天排查", "当天整改", "累计排查", "累计整改", "整改率")


def days_page(campaign: Campaign, days: Sequence[DayCount], state: PublishedState | None = None) -> str:
    """The page of a summary that has days."""
    said = sentence_of(days)
    table = campaign.summary_table
    return page(
        title(f"{plain(table.name)}：每天进度{state.in_title if state else f'（{INTERIM}）'}"),
        f"{said}登记那天算排查，报告整改完成那天算整改（登记以前就改好的算在登记那天）。",
        heading(2, "累计排查和整改", "days-drawing"),
        drawing_of(days, said, as_of_words(state)),
        heading(2, "逐日数字", "days-table"),
        _table(days),
        link(table.name, to(page_urls.SUMMARY_DAYS, page_urls.SUMMARY)),
    )


def sentence_of(days: Sequence[DayCount]) -> str:
    """Return the sentence on the last day's totals."""
    last = days[-1]
    return f"{_words(days[0])}到{_words(last)}，累计排查 {last.found_so_far} 个，累计整改 {last.rectified_so_far} 个。"


def _words(day: DayCount) -> str:
    return short_day(day.day)


def drawing_of(days: Sequence[DayCount], said: str, as_of: str) -> str:
    """Draw cumulative found and rectified issues by day; ``said`` is the text alternative."""
    when = svg.text(_LEFT + _WIDTH, 66, as_of, "end")
    shapes = [*_key(days[-1]), when, *_bars(days), *_labels(days)]
    return svg.drawing("days", _TOP + _HEIGHT + 28, "每天累计排查和整改的问题", said, shapes)


def _key(last: DayCount) -> Iterator[str]:
    """Render the legend with the latest totals."""
    open_now = last.found_so_far - last.rectified_so_far
    done, waiting = STATE_NAMES[State.RECTIFIED], STATE_NAMES[State.RECTIFYING]
    for top, css, words in (
        (8, "bar-done", f"{done}（最后一天 {last.rectified_so_far}）"),
        (30, "bar-open", f"{waiting}（最后一天 {open_now}）"),
    ):
        yield _rectangle(_LEFT, top, 14, 12, css)
        yield svg.text(_LEFT + 20, top + 11, words, "start")


def _bars(days: Sequence[DayCount]) -> Iterator[str]:
    most, step = max(1, *(day.found_so_far for day in days)), _WIDTH / len(days)
    for number, day in enumerate(days):
        left, width = _LEFT + step * number, step * (1 - _GAP)
        found, done = (_HEIGHT * each / most for each in (day.found_so_far, day.rectified_so_far))
        bottom = _TOP + _HEIGHT
        yield _rectangle(left, bottom - found, width, max(found - done, 0), "bar-open")
        yield _rectangle(left, bottom - done, width, done, "bar-done")


def _labels(days: Sequence[DayCount]) -> Iterator[str]:
    """Label the first day, the last, and one between them if there is room."""
    base = _TOP + _HEIGHT + 18
    yield svg.text(_LEFT, base, _words(days[0]), "start")
    if len(days) > 2:
        yield svg.text(_LEFT + _WIDTH / 2, base, _words(days[len(days) // 2]))
    if len(days) > 1:
        yield svg.text(_LEFT + _WIDTH, base, _words(days[-1]), "end")


def _rectangle(left: float, top: float, width: float, height: float, css_class: str) -> str:
    size = f'x="{left:.4g}" y="{top:.4g}" width="{width:.4g}" height="{height:.4g}"'
    return f'<rect class="{css_class}" {size}/>'


def _table(days: Sequence[DayCount]) -> str:
    head = f"<tr>{''.join(f'<th>{name}</th>' for name in _HEADERS)}</tr>"
    return html_table(head, "\n".join(_line(day) for day in days))


def _line(day: DayCount) -> str:
    figures = (day.found, day.rectified, day.found_so_far, day.rectified_so_far)
    rate = part_in_words(day.rectified_so_far, day.found_so_far)
    return line(f"<th>{_words(day)}</th>", (*map(str, figures), rate))
