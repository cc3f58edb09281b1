"""The sums of a register period by period: figures for a table, and their chart."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from checklist.model import Field, Register
from checklist.register_periods import period_words
from forms_server.desk import Desk
from forms_server.figures.trend_chart import TrendRow, trend
from forms_server.registers import row_totals
from forms_server.registers.row_listing import RowFilters, SeenRows
from forms_server.registers.row_periods import known_periods
from forms_server.registers.row_totals import RowFigures
from forms_server.registers.shown_figures import is_published, shown_figures
from forms_server.web.current_services import services
from forms_server.web.records.record_words import short_value
from forms_server.web.registers.requested_register import counted_rows

MOST_PERIODS = 13
"""Periods that are shown beside each other: a year, and the month a year ago."""


Periods = Sequence[tuple[str, RowFigures, bool]]
"""Periods with their figures, and whether these are hidden."""


def figures_by_period(at: Desk, register: Register) -> Periods:
    """Figures of the last published periods, the latest first; none of a register that is one list."""
    if not register.period.repeats:
        return []
    seen = counted_rows(register)
    periods = known_periods(at.connection, at.campaign, register)[:MOST_PERIODS]
    return [_figures(at, seen, each) for each in periods if is_published(register, each, at.now.date())]


def _figures(at: Desk, seen: SeenRows, period: str) -> tuple[str, RowFigures, bool]:
    if not seen.register.minimum_cell:
        return period, row_totals.totals(at.connection, seen, RowFilters(period)), False
    lines = row_totals.by_place(at.connection, seen, RowFilters(period))
    shown = shown_figures(at.connection, at.campaign, seen.register, period)
    return period, lines[0].figures, shown.hides(lines[0], lines)


@dataclass(frozen=True)
class PeriodTrend:
    """Figures by period, the latest first, and their drawing; empty for fewer than two periods."""

    periods: Periods
    drawing: Markup


def period_trend(at: Desk, register: Register) -> PeriodTrend:
    """The trend of a register's sums, as far as the account sees the rows; too few rows show nothing."""
    found = figures_by_period(at, register)
    if len(found) < 2 or not register.totals:
        return PeriodTrend(found, Markup())
    in_order = list(reversed(found))
    rows = [_row(register.field(name), in_order) for name in register.totals]
    drawn = trend(f"{register.name}逐期合计", [period_words(each) for each, *_ in in_order], rows)
    return PeriodTrend(found, Markup(drawn))  # noqa: S704 - the drawing escapes its texts


def _row(field: Field, periods: Periods) -> TrendRow:
    campaign = services().campaign
    values: list[int | Decimal | None] = [
        None if hidden else figures.sums.get(field.id, 0) for _, figures, hidden in periods
    ]
    words = ["不显示" if value is None else short_value(field, value, campaign) for value in values]
    return TrendRow(field.label, values, words)
