"""The roll-up of a register as a workbook to be printed; it shows what the page shows, and hides what that hides."""

from collections.abc import Sequence
from dataclasses import replace

from build_scripts.counting.percentages import percent_words
from build_scripts.rules.locked_database import RulesFailed
from build_scripts.workbooks.roll_up_layout import HIDDEN, EstimateLine, FigureLine, roll_up_book
from build_scripts.workbooks.workbook_values import Book
from checklist.model import Campaign, SurveyRate
from checklist.register_periods import period_words
from checklist.values.village_names import village_names
from forms_server.desk import LookingDesk
from forms_server.registers import row_totals
from forms_server.registers.roll_up_figures import doubts_of_lines, figures_by_period, shares_of_places
from forms_server.registers.row_listing import RowFilters, SeenRows
from forms_server.registers.row_totals import RolledUp, RowFigures
from forms_server.registers.shown_figures import ShownFigures, shown_figures
from forms_server.registers.survey_figures import RateOfPlace

_NOWHERE = "没有写乡镇"


def export_roll_up(desk: LookingDesk, seen: SeenRows, period: str) -> Book:
    """Workbook of the figures by place of a period, and of all periods, computed on this look.

    Args:
        desk: of the look.
        seen: register, and whose sight it is.
        period: a published one (``shown_figures.is_published``).
    """
    register, campaign = seen.register, desk.campaign
    lines = row_totals.by_place(desk.connection, seen, RowFilters(period))
    shown = shown_figures(desk.connection, campaign, register, period)
    shares = shares_of_places(desk, seen, period, shown, lines)
    by_period = [
        _line(period_words(each), figures, hidden) for each, figures, hidden in figures_by_period(desk, seen)
    ]
    places = _places(desk, seen, period, shown, lines)
    estimates = [_estimate(campaign, rate, *line) for rate, of_places in shares for line in of_places]
    return roll_up_book(campaign, register, (seen.whose, period), places, by_period, estimates)


def _places(
    desk: LookingDesk, seen: SeenRows, period: str, shown: ShownFigures, lines: Sequence[RolledUp]
) -> list[FigureLine]:
    names = ("合计", *(_name(desk.campaign, line) for line in lines[1:]))
    places = [
        _line(name, line.figures, shown.hides(line, lines), _level(line))
        for name, line in zip(names, lines, strict=True)
    ]
    try:
        doubts = doubts_of_lines(desk, seen, period, lines)
    except RulesFailed:
        doubts = []
    if not doubts:
        return places
    pairs = zip(places, doubts, strict=True)
    return [replace(line, doubts=(told.standing, told.exempted)) for line, told in pairs]


def _estimate(campaign: Campaign, rate: SurveyRate, line: RateOfPlace, hidden: bool) -> EstimateLine:
    found = line.share.rate
    place = "全县" if line.is_whole else _township(campaign, line.township_code)
    if hidden or found.share is None:
        words = HIDDEN if hidden else "没有答卷"
        return EstimateLine(rate.label, place, words, "", "")
    low, high = found.interval
    return EstimateLine(
        rate.label,
        place,
        percent_words(found.share),
        f"{percent_words(low)}—{percent_words(high)}",
        str(found.looked_at),
    )


def _name(campaign: Campaign, line: RolledUp) -> str:
    if line.village_code:
        return village_names(campaign).get(line.village_code, line.village_code)
    return _township(campaign, line.township_code)


def _township(campaign: Campaign, code: str | None) -> str:
    unit = campaign.unit_by_code.get(code or "")
    return unit.name if unit else code or _NOWHERE


def _level(line: RolledUp) -> int:
    return 2 if line.village_code else 1 if line.township_code else 0


def _line(name: str, figures: RowFigures, hidden: bool, level: int | None = None) -> FigureLine:
    return FigureLine(name, figures.rows, figures.sums, figures.waiting, hidden, level)
