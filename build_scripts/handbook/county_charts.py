"""Charts of the county: a bar for each problem type, and a heat map of units and areas."""

from bisect import bisect_left
from collections.abc import Iterator

from build_scripts.counting.final_or_interim import INTERIM, PublishedState
from build_scripts.handbook import svg
from build_scripts.handbook.markdown import bullets, folded, plain
from build_scripts.handbook.page_words import area_title
from build_scripts.handbook.summary_html import Rows, cell, html_table
from checklist.chinese_numerals import write_numeral
from checklist.date_formats import as_of
from checklist.model import Campaign, ProblemType, Unit
from checklist.states import STATE_NAMES, State

_ROW, _BAR, _TOP, _LONGEST = 44, 12, 56, 344
_LEFT = 8
_SHADES = 5


def as_of_words(state: PublishedState | None) -> str:
    """The as-of caption of a chart, short enough to fit in it."""
    if state is None:
        return f"{INTERIM}，时间没有记下"
    return f"{'' if state.final else f'{INTERIM} {state.share}，'}{as_of(state.as_of)}"


def bars(campaign: Campaign, summary: Rows, state: PublishedState | None = None) -> str:
    """Bar chart of found and rectified issues by problem type."""
    kinds = campaign.problem_types
    most = max([1, *(_sum(summary, kind, "found") for kind in kinds)])
    when = svg.text(_LEFT, 43, as_of_words(state), "start")
    shapes = [
        *_key(),
        when,
        *(shape for row, kind in enumerate(kinds) for shape in _bar(summary, kind, row, most)),
    ]
    words = "；".join((*(_sentence(summary, kind) for kind in kinds), as_of_words(state)))
    return svg.drawing("bars", _TOP + _ROW * len(kinds) + 4, "各问题类型的排查和整改", words, shapes)


def _sum(summary: Rows, kind: ProblemType, figure: str) -> int:
    return sum(row.figure(figure) for row in summary if row.problem_type_id == kind.id)


def _sentence(summary: Rows, kind: ProblemType) -> str:
    found, rectified = _sum(summary, kind, "found"), _sum(summary, kind, "rectified")
    return f"{kind.name}：共排查{found}个，已整改{rectified}个"


def _key() -> Iterator[str]:
    """Render the legend of the two colours."""
    for left, css, words in (
        (_LEFT, "bar-done", STATE_NAMES[State.RECTIFIED]),
        (90, "bar-open", STATE_NAMES[State.RECTIFYING]),
    ):
        yield _rectangle(left, 8, 14, css)
        yield svg.text(left + 20, 19, words, "start")


def _bar(summary: Rows, kind: ProblemType, row: int, most: int) -> Iterator[str]:
    found, rectified = _sum(summary, kind, "found"), _sum(summary, kind, "rectified")
    done, total = (_LONGEST * figure / most for figure in (rectified, found))
    top = _TOP + _ROW * row
    yield svg.text(_LEFT, top + 16, kind.name, "start")
    yield svg.text(_LEFT + _LONGEST, top + 16, f"{rectified} / {found}", "end")
    yield _rectangle(_LEFT, top + 24, done, "bar-done")
    yield _rectangle(_LEFT + done, top + 24, total - done, "bar-open")


def _rectangle(left: float, top: float, width: float, css_class: str) -> str:
    size = f'x="{left:g}" y="{top:g}" width="{width:.4g}" height="{_BAR}"'
    return f'<rect class="{css_class}" {size}/>'


def heat_map(campaign: Campaign, summary: Rows) -> str:
    """Render a heat map of units and areas, darker for more issues."""
    labels = "".join(f'<th scope="col">{write_numeral(area.number)}</th>' for area in campaign.areas)
    head = f'<tr><th scope="col">{plain(campaign.summary_table.unit_label)}</th>{labels}</tr>'
    found = {unit.code: _found_by_area(campaign, summary, unit) for unit in campaign.filing_units}
    counts = sorted(count for figures in found.values() for count in map(_count, figures) if count)
    body = "\n".join(_line(unit, found[unit.code], counts) for unit in campaign.filing_units)
    names = folded("各列是哪个方面", bullets(plain(area_title(area)) for area in campaign.areas))
    return f"{html_table(head, body, 'figures heat')}\n\n{names}"


def _found_by_area(campaign: Campaign, summary: Rows, unit: Unit) -> list[str]:
    own = [row for row in summary if row.unit_code == unit.code]
    kinds = [{kind.id for kind in area.problem_types} for area in campaign.areas]
    return [
        cell(campaign.summary_table, tuple(row for row in own if row.problem_type_id in ids), "found")
        for ids in kinds
    ]


def _count(figure: str) -> int:
    """Return a cell's count; 0 if it holds a mark."""
    return int(figure) if figure.isdecimal() else 0


def _line(unit: Unit, figures: list[str], counts: list[int]) -> str:
    cells = "".join(f'<td class="{_css(each, counts)}">{plain(each)}</td>' for each in figures)
    return f'<tr><th scope="row"><a href="{unit.code}.html">{plain(unit.name)}</a></th>{cells}</tr>'


def _css(figure: str, counts: list[int]) -> str:
    """CSS class of a cell, distinguishing unreported from zero."""
    return f"heat-{shade(int(figure), counts)}" if figure.isdecimal() else "not-reported"


def shade(count: int, counts: list[int]) -> int:
    """Return a cell's shade: 0 for none, 1 to 5 for the quintile.

    Quintiles, not linear, so that one outlier does not leave all others pale.

    Args:
        count: a cell's.
        counts: those of all cells that have one, in order.
    """
    return 1 + bisect_left(counts, count) * _SHADES // len(counts) if count else 0
