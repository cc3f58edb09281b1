"""What a register's roll-up shows besides its sums by place: earlier periods, shares of a survey, doubts by place."""

from collections.abc import Sequence

from checklist.model import SurveyRate
from forms_server.desk import LookingDesk
from forms_server.registers import row_totals
from forms_server.registers.exemption import EXEMPTIBLE
from forms_server.registers.row_doubts import DoubtFigures, doubts_by_place, found_rows, rolled_up
from forms_server.registers.row_listing import RowFilters, SeenRows
from forms_server.registers.row_periods import known_periods
from forms_server.registers.row_sorting import MOST_SORTED
from forms_server.registers.row_totals import RolledUp, RowFigures
from forms_server.registers.shown_figures import ShownFigures, is_published, shown_figures
from forms_server.registers.survey_figures import RateOfPlace, rates_of_places

MOST_PERIODS = 13
"""Periods that are shown beside each other: a year, and the month a year ago."""

Periods = Sequence[tuple[str, RowFigures, bool]]
"""Periods with their figures, and whether these are hidden."""


def figures_by_period(desk: LookingDesk, seen: SeenRows) -> Periods:
    """Figures of the last published periods, the latest first; none of a register that is one list."""
    register = seen.register
    if not register.period.repeats:
        return []
    periods = known_periods(desk.connection, desk.campaign, register)[:MOST_PERIODS]
    return [_figures(desk, seen, each) for each in periods if is_published(register, each, desk.now.date())]


def _figures(desk: LookingDesk, seen: SeenRows, period: str) -> tuple[str, RowFigures, bool]:
    if not seen.register.minimum_cell:
        return period, row_totals.totals(desk.connection, seen, RowFilters(period)), False
    lines = row_totals.by_place(desk.connection, seen, RowFilters(period))
    shown = shown_figures(desk.connection, desk.campaign, seen.register, period)
    return period, lines[0].figures, shown.hides(lines[0], lines)


def shares_of_places(
    desk: LookingDesk, seen: SeenRows, period: str, shown: ShownFigures, lines: Sequence[RolledUp]
) -> list[tuple[SurveyRate, list[tuple[RateOfPlace, bool]]]]:
    """A survey's shares of the places that are seen as everybody does, each with whether it is hidden."""
    register = seen.register
    if register.survey is None:
        return []
    everything = SeenRows(desk.campaign, None, register)
    mine = {line.township_code for line in lines[1:] if line.village_code is None}
    found = []
    for rate in register.survey.rates:
        of_places = [
            (line, shown.hides_share(line, rate))
            for line in rates_of_places(desk.connection, everything, period, rate)
            if (shown.is_whole(lines[0]) if line.is_whole else line.township_code in mine)
        ]
        found.append((rate, of_places))
    return found


def doubts_of_lines(
    desk: LookingDesk, seen: SeenRows, period: str, lines: Sequence[RolledUp]
) -> Sequence[DoubtFigures]:
    """Doubts by the lines of the roll-up, exempted ones apart; none where the rows are too many.

    Raises:
        RulesFailed: time or memory ran out.
    """
    doubtful = any(check.level == EXEMPTIBLE for check in seen.register.checks)
    if not doubtful or not lines or lines[0].figures.listed > MOST_SORTED:
        return []
    return rolled_up(doubts_by_place(found_rows(desk, seen, RowFilters(period))), lines)
