"""Charts of the office's desk, drawn as SVG with axes and values; they print and need no script.

Measures are those of ``build_scripts.handbook.svg``: 360 units across, as wide as a phone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil, log10
from typing import Literal

from build_scripts.counting.daily_counts import DayCount
from build_scripts.handbook import svg
from checklist.date_formats import clock_time, short_day
from checklist.overdue import days_left

_LEFT, _RIGHT, _ROW = 8, 352, 40
_AXIS_LEFT, _PLOT_TOP, _PLOT_HEIGHT = 40, 54, 170
_MANY = 0.8
"""Share of all issues that the darker bars of the Pareto chart make up together."""
_TICKS = 4
_MOST_BARS = 62
"""Days beyond which a chart of days shows only the last ones."""


@dataclass(frozen=True)
class RatedUnit:
    """A unit of the ranking: issues found and rectified; ``found`` is None where it has not reported."""

    name: str
    found: int | None
    done: int

    @property
    def share(self) -> float | None:
        """Rectified of found; None where there is nothing to rectify."""
        return self.done / self.found if self.found else None


def ticks(most: int) -> list[int]:
    """Round values of an axis from 0 to at least ``most``, four steps at most."""
    wanted = max(most, 1) / _TICKS
    scale = 10 ** int(log10(wanted)) if wanted >= 1 else 1
    step = next(each * scale for each in (1, 2, 5, 10) if each * scale >= wanted)
    return list(range(0, step * ceil(max(most, 1) / step) + 1, step))


def pareto(title: str, as_of: str, counted: Sequence[tuple[str, int]]) -> str:
    """Draw the counts, the largest first, each with the share that it and those above make up.

    Args:
        title: what is counted.
        as_of: the moment, in words.
        counted: names and counts; those of 0 are left out.
    """
    rows = sorted(((name, count) for name, count in counted if count), key=lambda row: -row[1])
    total, scale = sum(count for _, count in rows), ticks(rows[0][1] if rows else 1)
    shapes, above, words = list(_caption(as_of, 18)), 0, []
    foot = 32 + _ROW * len(rows)
    shapes += _vertical_grid(scale, 32, foot)
    for row, (name, count) in enumerate(rows):
        css = "bar-open" if above < _MANY * total else "bar-rest"
        above += count
        top = 32 + _ROW * row
        shapes += [
            svg.text(_LEFT, top + 16, name, "start"),
            svg.text(_RIGHT, top + 16, f"{count} 个，累计 {percent(above, total)}", "end"),
            _bar(_LEFT, top + 22, (_RIGHT - _LEFT) * count / scale[-1], css),
        ]
        words.append(f"{name}{count}个，累计{percent(above, total)}")
    return svg.drawing("pareto", foot + 24, title, "；".join([*words, as_of]), shapes)


def ranking(title: str, as_of: str, units: Sequence[RatedUnit]) -> str:
    """Draw the rates of units, the highest first; units without one stand below with a dash.

    Args:
        title: which rate.
        as_of: the moment, in words.
        units: in their usual order.
    """
    rows = ranked(units)
    foot = 32 + _ROW * len(rows)
    shapes = [*_caption(as_of, 18), *_vertical_grid([0, 25, 50, 75, 100], 32, foot, "%")]
    for row, (place, unit) in enumerate(rows):
        top = 32 + _ROW * row
        number = f"{place}　" if place else "　　"
        shapes += [
            svg.text(_LEFT, top + 16, f"{number}{unit.name}", "start"),
            svg.text(_RIGHT, top + 16, _rate_words(unit), "end"),
        ]
        if unit.share is not None:
            shapes += [
                _bar(_LEFT, top + 22, _RIGHT - _LEFT, "bar-open"),
                _bar(_LEFT, top + 22, (_RIGHT - _LEFT) * unit.share, "bar-done"),
            ]
    words = "；".join(f"{unit.name}{_rate_words(unit)}" for _, unit in rows)
    return svg.drawing("ranking", foot + 24, title, f"{words}；{as_of}", shapes)


def ranked(units: Sequence[RatedUnit]) -> list[tuple[int | None, RatedUnit]]:
    """Order units by rate with their places; equal rates share one, units without a rate have none and stand last."""
    rated = sorted((each for each in units if each.share is not None), key=lambda each: -(each.share or 0))
    places = {each.share: place for place, each in reversed(list(enumerate(rated, 1)))}
    others = sorted((each for each in units if each.share is None), key=lambda each: each.found is None)
    return [*((places[each.share], each) for each in rated), *((None, each) for each in others)]


def _rate_words(unit: RatedUnit) -> str:
    if unit.found is None:
        return "— 还没有报"
    return f"{percent(unit.done, unit.found)}（{unit.done}/{unit.found}）" if unit.found else "0 个问题"


def percent(part: int, whole: int) -> str:
    """A share in words: whole per cents, without rounding up to 100 %."""
    return f"{min(round(100 * part / whole), 100 if part >= whole else 99)}%"


def progress(title: str, as_of: str, days: Sequence[DayCount]) -> str:
    """Draw rectified and open issues at the end of each day, stacked.

    Args:
        title: of the drawing.
        as_of: the moment, in words.
        days: at least one, in order.
    """
    shown = days[-_MOST_BARS:]
    scale, last = ticks(max(day.found_so_far for day in shown)), shown[-1]
    step = (_RIGHT - _AXIS_LEFT) / len(shown)
    shapes = [
        *_legend(f"已整改 {last.rectified_so_far}", f"正在整改 {last.found_so_far - last.rectified_so_far}"),
        *_caption(as_of, 42),
        *_horizontal_grid(scale),
    ]
    for place, day in enumerate(shown):
        left, width = _AXIS_LEFT + step * place + step * 0.1, step * 0.8
        found, done = _height(day.found_so_far, scale), _height(day.rectified_so_far, scale)
        shapes += [_column(left, found, found - done, width, "bar-open"),
                   _column(left, done, done, width, "bar-done")]  # fmt: skip
    shapes += _day_labels([(_AXIS_LEFT + step * (place + 0.5), day.day) for place, day in enumerate(shown)])
    words = f"到{short_day(last.day)}共排查{last.found_so_far}个，已整改{last.rectified_so_far}个"
    return svg.drawing("progress", _PLOT_TOP + _PLOT_HEIGHT + 28, title, f"{words}；{as_of}", shapes)


@dataclass(frozen=True)
class Pace:
    """What is left at a moment, and how fast it has to go to be done by the deadline."""

    left: int
    now: datetime
    deadline: datetime

    @property
    def words(self) -> str:
        """The sentence beside the chart."""
        if not self.left:
            return "登记的问题都已整改。"
        open_ones = f"还有 {self.left} 个没有整改"
        if self.now > self.deadline:
            return f"报送时限已过，{open_ones}。"
        if not (days := days_left(self.deadline.date(), self.now.date())):
            return f"今天 {clock_time(self.deadline)} 就到报送时限，{open_ones}。"
        daily = ceil(self.left / (days + 1))
        return f"{open_ones}，离报送时限还有 {days} 天，从今天算起平均每天要整改 {daily} 个。"


def burn_down(title: str, as_of: str, days: Sequence[DayCount], pace: Pace) -> str:
    """Draw what is open at the end of each day, and the straight way from today's to none at the deadline.

    Args:
        title: of the drawing.
        as_of: the moment, in words.
        days: in order, of which those before today are drawn.
        pace: what is open now (days may lack what was rectified on a day that nobody wrote down), up to when is
            drawn, and where the straight way ends.
    """
    left, today, deadline = pace.left, pace.now.date(), pace.deadline.date()
    shown = [day for day in days[-_MOST_BARS:] if day.day < today]
    opened = [*((day.day, day.found_so_far - day.rectified_so_far) for day in shown), (today, left)]
    first, end = opened[0][0], max(deadline, today)
    scale = ticks(max(count for _, count in opened))
    span = max((end - first).days, 1)

    def point(day: date, count: int) -> tuple[float, float]:
        across = (_RIGHT - 8 - _AXIS_LEFT) * (day - first).days / span
        return _AXIS_LEFT + across, _PLOT_TOP + _PLOT_HEIGHT - _height(count, scale)

    known = [point(*each) for each in opened]
    shapes = [*_burn_legend(), *_caption(as_of, 42), *_horizontal_grid(scale)]
    shapes.append(_line(known, "line-open"))
    if today < deadline and left:
        shapes.append(_line([known[-1], point(deadline, 0)], "line-pace"))
    limit = point(deadline, 0)[0]
    if deadline >= first:
        shapes.append(_line([(limit, _PLOT_TOP), (limit, _PLOT_TOP + _PLOT_HEIGHT)], "line-limit"))
    place = known[-1]
    shapes += [
        f'<circle class="dot-open" cx="{place[0]:.4g}" cy="{place[1]:.4g}" r="4"/>',
        svg.text(
            min(place[0] + 8, _RIGHT - 60),
            max(place[1] - 8, _PLOT_TOP + 12),
            f"现在 {opened[-1][1]}",
            "start",
        ),
    ]
    shapes += _day_labels([(point(day, 0)[0], day) for day in sorted({first, today, end})])
    said = pace.words
    return svg.drawing("burn", _PLOT_TOP + _PLOT_HEIGHT + 28, title, f"{said}{as_of}", shapes)


def _caption(as_of: str, top: int) -> Iterator[str]:
    yield svg.text(_RIGHT, top, as_of, "end")


def _legend(done: str, left: str) -> Iterator[str]:
    for start, css, words in ((_LEFT, "bar-done", done), (130, "bar-open", left)):
        yield f'<rect class="{css}" x="{start}" y="8" width="14" height="12"/>'
        yield svg.text(start + 20, 19, words, "start")


def _burn_legend() -> Iterator[str]:
    for start, css, words in (
        (_LEFT, "line-open", "没有整改的"), (126, "line-pace", "匀速完成"), (234, "line-limit", "时限"),
    ):  # fmt: skip
        yield _line([(start, 14), (start + 20, 14)], css)
        yield svg.text(start + 26, 19, words, "start")


def _height(count: int, scale: Sequence[int]) -> float:
    return _PLOT_HEIGHT * count / scale[-1]


def _horizontal_grid(scale: Sequence[int]) -> Iterator[str]:
    for value in scale:
        level = _PLOT_TOP + _PLOT_HEIGHT - _height(value, scale)
        yield _line([(_AXIS_LEFT, level), (_RIGHT, level)], "grid")
        yield svg.text(_AXIS_LEFT - 4, level + 5, str(value), "end")


def _vertical_grid(scale: Sequence[int], top: int, foot: int, unit: str = "") -> Iterator[str]:
    for value in scale:
        across = _LEFT + (_RIGHT - _LEFT) * value / scale[-1]
        yield _line([(across, top), (across, foot)], "grid")
        anchor: Literal["start", "middle", "end"] = (
            "start" if not value else "end" if value == scale[-1] else "middle"
        )
        yield svg.text(across, foot + 18, f"{value}{unit}", anchor)


def _day_labels(places: Sequence[tuple[float, date]]) -> Iterator[str]:
    """Label the first day, the last, and the middle one if there is room."""
    base, middle = _PLOT_TOP + _PLOT_HEIGHT + 20, len(places) // 2
    for number, (across, day) in enumerate(places):
        if number == len(places) - 1 and number:
            yield svg.text(_RIGHT, base, short_day(day), "end")
        elif number == 0:
            yield svg.text(_AXIS_LEFT, base, short_day(day), "start")
        elif number == middle and 130 < across < 250:
            yield svg.text(across, base, short_day(day))


def _column(left: float, level: float, height: float, width: float, css: str) -> str:
    top = _PLOT_TOP + _PLOT_HEIGHT - level
    return f'<rect class="{css}" x="{left:.4g}" y="{top:.4g}" width="{width:.4g}" height="{max(height, 0):.4g}"/>'


def _bar(left: float, top: float, width: float, css: str) -> str:
    return f'<rect class="{css}" x="{left:g}" y="{top:g}" width="{width:.4g}" height="12"/>'


def _line(points: Sequence[tuple[float, float]], css: str) -> str:
    path = " ".join(f"{x:.4g} {y:.4g}" for x, y in points)
    return f'<path class="{css}" d="M{path}"/>'
