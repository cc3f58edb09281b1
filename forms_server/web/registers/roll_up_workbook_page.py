"""The roll-up of a register as a workbook to be printed; it shows what the page shows, and hides what that hides."""

from dataclasses import replace
from io import BytesIO

from flask import g, redirect, send_file, url_for
from werkzeug.wrappers import Response

from build_scripts.rules.locked_database import RulesFailed
from build_scripts.workbooks.roll_up_layout import HIDDEN, EstimateLine, FigureLine, roll_up_book
from checklist.model import Register, SurveyRate
from checklist.register_periods import period_words
from checklist.values.village_names import village_names
from forms_server.registers import row_totals
from forms_server.registers.row_listing import RowFilters
from forms_server.registers.row_totals import RolledUp, RowFigures
from forms_server.registers.shown_figures import is_published, shown_figures
from forms_server.registers.survey_figures import RateOfPlace
from forms_server.scope import sees_all
from forms_server.web.current_services import services
from forms_server.web.imports.ledger_workbook_pages import XLSX
from forms_server.web.records.record_words import unit_name
from forms_server.web.records.requested_record import desk
from forms_server.web.registers.period_trend import figures_by_period
from forms_server.web.registers.register_list_page import asked_filters
from forms_server.web.registers.requested_register import asked_register, blueprint, counted_rows
from forms_server.web.registers.roll_up_page import doubts_of_lines, shares_of_places


@blueprint.get("/<register_id>/totals.xlsx")
def totals_workbook(register_id: str) -> Response:
    """The roll-up of a period by place, and of all periods; figures alone, computed on this look."""
    from build_scripts.workbooks.xlsx_writer import to_xlsx

    register, campaign = asked_register(register_id), services().campaign
    period = asked_filters(register).period
    if not is_published(register, period, services().clock.today()):
        return redirect(url_for("registers.totals", register_id=register.id, period=period), 303)
    with desk() as at:
        lines = row_totals.by_place(at.connection, counted_rows(register), RowFilters(period))
        shown = shown_figures(at.connection, campaign, register, period)
        periods = figures_by_period(at, register)
        shares = shares_of_places(at, register, RowFilters(period), shown, lines)
        try:
            doubts = doubts_of_lines(at, register, RowFilters(period), lines)
        except RulesFailed:
            doubts = []
    places = [
        _line(_name(line, first=line is lines[0]), line.figures, shown.hides(line, lines), _level(line))
        for line in lines
    ]
    if doubts:
        pairs = zip(places, doubts, strict=True)
        places = [replace(line, doubts=(told.standing, told.exempted)) for line, told in pairs]
    by_period = [_line(period_words(each), figures, hidden) for each, figures, hidden in periods]
    estimates = [_estimate(rate, *line) for rate, of_places in shares for line in of_places]
    book = roll_up_book(campaign, register, (_whose(register), period), places, by_period, estimates)
    data = BytesIO(to_xlsx(book))
    return send_file(data, mimetype=XLSX, as_attachment=True, download_name=f"{book.title}.xlsx")


def _estimate(rate: SurveyRate, line: RateOfPlace, hidden: bool) -> EstimateLine:
    code, found = line.township_code, line.share.rate
    place = "全县" if line.is_whole else unit_name(services().campaign, code) if code else "没有写乡镇"
    if hidden or found.share is None:
        words = HIDDEN if hidden else "没有答卷"
        return EstimateLine(rate.label, place, words, "", "")
    low, high = found.interval
    return EstimateLine(
        rate.label, place, f"{found.share:.1%}", f"{low:.1%}—{high:.1%}", str(found.looked_at)
    )


def _whose(register: Register) -> str:
    """Whose figures the account sees, as a title says it."""
    campaign, account = services().campaign, g.account
    if account.village_code:
        return campaign.village_by_code[account.village_code].name
    if account.reads_assigned_units:
        return "、".join(unit_name(campaign, code) for code in sorted(account.inspects))
    whole = sees_all(account) or account.unit_code == register.owner
    return campaign.notice.county if whole else unit_name(campaign, account.unit_code)


def _name(line: RolledUp, *, first: bool) -> str:
    campaign = services().campaign
    if first:
        return "合计"
    if line.village_code:
        return village_names(campaign).get(line.village_code, line.village_code)
    return unit_name(campaign, line.township_code) if line.township_code else "没有写乡镇"


def _level(line: RolledUp) -> int:
    return 2 if line.village_code else 1 if line.township_code else 0


def _line(name: str, figures: RowFigures, hidden: bool, level: int | None = None) -> FigureLine:
    return FigureLine(name, figures.rows, figures.sums, figures.waiting, hidden, level)
