"""The sums of a register period by period, with their chart."""

from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from checklist.model import Field, Register
from checklist.register_periods import period_words
from forms_server.desk import Desk
from forms_server.figures.trend_chart import TrendRow, trend
from forms_server.registers.roll_up_figures import Periods, figures_by_period
from forms_server.web.current_services import services
from forms_server.web.records.record_words import short_value
from forms_server.web.registers.requested_register import counted_rows


@dataclass(frozen=True)
class PeriodTrend:
    """Figures by period, the latest first, and their drawing; empty for fewer than two periods."""

    periods: Periods
    drawing: Markup


def period_trend(at: Desk, register: Register) -> PeriodTrend:
    """The trend of a register's sums, as far as the account sees the rows; too few rows show nothing."""
    found = figures_by_period(at, counted_rows(register))
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
