"""The roll-up of a register from village to township to county, and its public notice; both computed, never typed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

from flask import abort, g, render_template, request, send_file
from werkzeug.wrappers import Response

from build_scripts.rules.locked_database import RulesFailed
from build_scripts.rules.register_figures import Counts
from build_scripts.workbooks.roll_up_layout import FigureLine, roll_up_book
from checklist.messages import say
from checklist.model import Field, Register, RegisterCount
from checklist.register_periods import period_words
from checklist.values.village_names import village_names
from forms_server.db.tables import register_row
from forms_server.desk import Desk
from forms_server.registers import row_listing, row_totals
from forms_server.registers.exemption import EXEMPTIBLE
from forms_server.registers.row_counts import counts_by_township
from forms_server.registers.row_doubts import DoubtFigures, doubts_by_place, found_rows, rolled_up
from forms_server.registers.row_listing import RowFilters, choice_fields
from forms_server.registers.row_sorting import MOST_SORTED
from forms_server.registers.row_totals import RolledUp, RowFigures
from forms_server.scope import sees_all
from forms_server.web.current_services import services
from forms_server.web.imports.ledger_workbook_pages import XLSX
from forms_server.web.read_names import note_read
from forms_server.web.records.record_words import unit_name
from forms_server.web.records.requested_record import desk
from forms_server.web.registers.period_trend import figures_by_period, period_trend
from forms_server.web.registers.register_list_page import asked_filters, parameters
from forms_server.web.registers.requested_register import (
    asked_register,
    blueprint,
    offered_periods,
    seen_rows,
)

MOST_PRINTED = 2_000
"""Rows of a public notice; a village has fewer."""


@blueprint.get("/<register_id>/totals")
def totals(register_id: str) -> str:
    """Roll a register up by place, and by the answers of each choice field."""
    register = asked_register(register_id)
    filters = RowFilters(asked_filters(register).period)
    with desk() as at:
        lines = row_totals.by_place(at.connection, seen_rows(register), filters)
        answers = [
            (each, _answers(each, row_totals.by_answer(at.connection, seen_rows(register), filters, each)))
            for each in choice_fields(register)
        ]
        periods = offered_periods(at, register, filters.period)
        trend = period_trend(at, register)
        failed = ""
        try:
            counts = _counts(at, register, filters, lines)
            doubts = _doubts(at, register, filters, lines)
        except RulesFailed:
            counts, doubts, failed = [], [], say("rules-failed")
    return render_template(
        "registers/totals.html",
        trend=trend,
        counts=counts,
        doubts=doubts,
        failed=failed,
        count_words=count_words,
        form=register,
        lines=lines,
        answers=answers,
        summed=summed_fields(register),
        village_names=village_names(services().campaign),
        filters=filters,
        periods=periods,
    )


@blueprint.get("/<register_id>/totals.xlsx")
def totals_workbook(register_id: str) -> Response:
    """The roll-up as a workbook to be printed: figures alone, computed on this look."""
    from build_scripts.workbooks.xlsx_writer import to_xlsx

    register, campaign = asked_register(register_id), services().campaign
    period = asked_filters(register).period
    with desk() as at:
        lines = row_totals.by_place(at.connection, seen_rows(register), RowFilters(period))
        periods = figures_by_period(at, register)
    book = roll_up_book(
        campaign,
        register,
        (_whose(register), period),
        [_place_line(line, first=number == 0) for number, line in enumerate(lines)],
        [_line(period_words(each), figures) for each, figures in periods],
    )
    name = f"{book.title}.xlsx"
    return send_file(BytesIO(to_xlsx(book)), mimetype=XLSX, as_attachment=True, download_name=name)


def _whose(register: Register) -> str:
    """Whose figures the account sees, as a title says it."""
    campaign, account = services().campaign, g.account
    if account.village_code:
        return campaign.village_by_code[account.village_code].name
    if account.reads_assigned_units:
        return "、".join(unit_name(campaign, code) for code in sorted(account.inspects))
    whole = sees_all(account) or account.unit_code == register.owner
    return campaign.notice.county if whole else unit_name(campaign, account.unit_code)


def _place_line(line: RolledUp, *, first: bool) -> FigureLine:
    campaign = services().campaign
    if first:
        return _line("合计", line.figures, 0)
    if line.village_code:
        villages = village_names(campaign)
        return _line(villages.get(line.village_code, line.village_code), line.figures, 2)
    name = unit_name(campaign, line.township_code) if line.township_code else "没有写乡镇"
    return _line(name, line.figures, 1)


def _line(name: str, figures: RowFigures, level: int | None = None) -> FigureLine:
    return FigureLine(name, figures.rows, figures.sums, figures.waiting, level)


def _counts(
    at: Desk, register: Register, filters: RowFilters, lines: Sequence[RolledUp]
) -> list[tuple[str | None, RowFigures, Counts]]:
    """The register's counts of all that is seen, and of each township; none where the rows are too many."""
    if not register.counts or not lines or lines[0].figures.listed > MOST_SORTED:
        return []
    whole, townships = counts_by_township(at, seen_rows(register), filters)
    of_places = [line for line in lines[1:] if line.village_code is None]
    rest = [
        (line.township_code, line.figures, townships.get(line.township_code or "", {})) for line in of_places
    ]
    return [(None, lines[0].figures, whole), *rest]


def _doubts(
    at: Desk, register: Register, filters: RowFilters, lines: Sequence[RolledUp]
) -> Sequence[DoubtFigures]:
    """Doubts by the lines of the roll-up, exempted ones apart; none where the rows are too many."""
    doubtful = any(check.level == EXEMPTIBLE for check in register.checks)
    if not doubtful or not lines or lines[0].figures.listed > MOST_SORTED:
        return []
    return rolled_up(doubts_by_place(found_rows(at, seen_rows(register), filters)), lines)


def count_words(count: RegisterCount, value: Decimal | None) -> str:
    """A count as it is shown: shares in per cent with one decimal, others without needless zeros; "—" for none."""
    if value is None:
        return "—"
    return f"{value:.1%}" if count.share else f"{value.normalize():f}"


def summed_fields(register: Register) -> list[Field]:
    """The fields that are summed."""
    return [register.field(name) for name in register.totals]


def _answers(each: Field, found: Mapping[str, RowFigures]) -> list[tuple[str, RowFigures]]:
    """RowFigures by the label of an answer, in the field's order; the empty answer last."""
    known = [(choice.label, found[choice.id]) for choice in each.choices if choice.id in found]
    gone = sorted(set(found) - {choice.id for choice in each.choices} - {""})
    rest = [(name, found[name]) for name in gone]
    return [*known, *rest, *([("没有填", found[""])] if "" in found else [])]


@blueprint.get("/<register_id>/public")
def public(register_id: str) -> str:
    """The public notice of a register, to be printed: the columns that may hang on a wall."""
    register = asked_register(register_id)
    if not register.public:
        abort(404)
    asked = asked_filters(register)
    filters = RowFilters(asked.period, asked.township_code, asked.village_code)
    with desk() as at:
        rows = row_listing.all_rows(at.connection, seen_rows(register), filters)
    standing = [row for row in rows if not row.ended]
    note_read(register_row.name, [(row.unit_code, row.unit_code) for row in standing])
    return render_template(
        "registers/public.html",
        form=register,
        rows=standing[:MOST_PRINTED],
        left=max(0, len(standing) - MOST_PRINTED),
        columns=[register.field(name) for name in register.public],
        filters=filters,
        back=parameters(replace(asked, words="")),
        place=_place(filters),
        printed_on=services().clock.today(),
        villages=sorted({row.village_code for row in standing if row.village_code}),
        asked=request.args,
    )


def _place(filters: RowFilters) -> str:
    campaign = services().campaign
    if filters.village_code:
        return campaign.village_by_code[filters.village_code].name
    unit = campaign.unit_by_code.get(filters.township_code)
    return unit.name if unit else ""
