"""Month calendars of the campaign: each day with its phase, and the deadline."""

import calendar
from collections.abc import Iterator
from datetime import date

from build_scripts.handbook.markdown import plain
from checklist.date_formats import WEEKDAYS, month_of_year
from checklist.model import Campaign
from checklist.model.campaign import Phase

_COLOURS = 4
"""Number of phase colours; more phases cycle through them."""


def calendar_tables(campaign: Campaign) -> str:
    """Render a table for each month from the first phase to the deadline, and the legend."""
    last = campaign.notice.deadline.at.date()
    days = [phase.start for phase in campaign.notice.phases] + [phase.end for phase in campaign.notice.phases]
    tables = "\n".join(
        _month(campaign, year, month) for year, month in _months(min([*days, last]), max([*days, last]))
    )
    return f'<div class="calendars">\n{tables}\n</div>'


def _months(first: date, last: date) -> Iterator[tuple[int, int]]:
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        yield year, month
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def _month(campaign: Campaign, year: int, month: int) -> str:
    head = "".join(f'<th scope="col">{day}</th>' for day in WEEKDAYS)
    weeks = calendar.Calendar().monthdatescalendar(year, month)
    rows = "\n".join(f"<tr>{''.join(_day(campaign, day, month) for day in week)}</tr>" for week in weeks)
    return (
        f'<table class="calendar"><caption>{month_of_year(year, month)}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>"
    )


def _day(campaign: Campaign, day: date, month: int) -> str:
    """Render a day's cell: its number, and in words what the colour means."""
    if day.month != month:
        return "<td></td>"
    phase = phase_of(campaign, day)
    words = _words(campaign, phase, day)
    mark = f"<small>{plain(words)}</small>" if words else ""
    css = f' class="{_css(campaign, phase, day)}"' if phase or words else ""
    return f"<td{css}>{day.day}{mark}</td>"


def phase_of(campaign: Campaign, day: date) -> Phase | None:
    """Return the phase of a day; the first if two overlap."""
    return next((phase for phase in campaign.notice.phases if phase.start <= day <= phase.end), None)


def _words(campaign: Campaign, phase: Phase | None, day: date) -> str:
    """Return the cell's label: the deadline, or or the phase's name where it, a week or a month begins."""
    if day == campaign.notice.deadline.at.date():
        return "截止"
    if phase and (day == phase.start or day.weekday() == 0 or day.day == 1):
        return phase.name.removesuffix("阶段")
    return ""


def _css(campaign: Campaign, phase: Phase | None, day: date) -> str:
    classes = [f"phase phase-{campaign.notice.phases.index(phase) % _COLOURS + 1}"] if phase else []
    if day == campaign.notice.deadline.at.date():
        classes.append("due")
    return " ".join(classes)
