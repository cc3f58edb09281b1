"""The roll-up of a register from village to township to county, and its public notice; both computed, never typed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from flask import abort, render_template, request

from build_scripts.counting.percentages import percent_words
from build_scripts.rules.locked_database import RulesFailed
from build_scripts.rules.register_figures import Counts
from checklist.loading.register_rules import SUMMED
from checklist.messages import say
from checklist.model import Field, Register, RegisterCount
from checklist.register_periods import period_words
from checklist.values.village_names import village_names
from forms_server.db.tables import register_row
from forms_server.desk import Desk
from forms_server.registers import row_listing, row_totals
from forms_server.registers.roll_up_figures import doubts_of_lines, shares_of_places
from forms_server.registers.row_counts import counts_by_township
from forms_server.registers.row_listing import RowFilters, choice_fields
from forms_server.registers.row_sorting import MOST_SORTED
from forms_server.registers.row_totals import RolledUp, RowFigures
from forms_server.registers.shown_figures import ShownFigures, is_published, shown_figures
from forms_server.web.current_services import services
from forms_server.web.read_names import note_read
from forms_server.web.records.requested_record import desk
from forms_server.web.registers.period_trend import period_trend
from forms_server.web.registers.register_list_page import asked_filters, parameters
from forms_server.web.registers.requested_register import (
    asked_register,
    blueprint,
    counted_rows,
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
    if not is_published(register, filters.period, services().clock.today()):
        return _not_yet(register, filters)
    seen = counted_rows(register)
    with desk() as at:
        lines = row_totals.by_place(at.connection, seen, filters)
        shown = shown_figures(at.connection, at.campaign, register, filters.period)
        by_field = [
            (each, row_totals.by_answer(at.connection, seen, filters, each))
            for each in choice_fields(register)
        ]
        answers = [(each, _answers(found, each, shown, lines)) for each, found in by_field]
        shares = shares_of_places(at, seen, filters.period, shown, lines)
        periods = offered_periods(at, register, filters.period)
        trend = period_trend(at, register)
        failed = ""
        try:
            counts = _counts(at, register, filters, lines)
            doubts = doubts_of_lines(at, seen, filters.period, lines)
        except RulesFailed:
            counts, doubts, failed = [], [], say("rules-failed")
    return render_template(
        "registers/totals.html",
        trend=trend,
        counts=[(line, values, shown.hides(line, lines)) for line, values in counts],
        few={count.id: shown.hides_counts(counts, count, register.minimum_cell) for count in register.counts},
        doubts=doubts,
        failed=failed,
        count_words=count_words,
        percent_words=percent_words,
        form=register,
        lines=lines,
        hides=lambda line: shown.hides(line, lines),
        answers=answers,
        shares=shares,
        summed=summed_fields(register),
        village_names=village_names(services().campaign),
        filters=filters,
        periods=periods,
    )


def _not_yet(register: Register, filters: RowFilters) -> str:
    """The page of a survey's period that is not over."""
    with desk() as at:
        periods = offered_periods(at, register, filters.period)
    said = say("survey-still-open", register=register.name, period=period_words(filters.period))
    return render_template(
        "registers/not_yet.html", form=register, filters=filters, periods=periods, said=said
    )


def _counts(
    at: Desk, register: Register, filters: RowFilters, lines: Sequence[RolledUp]
) -> list[tuple[RolledUp, Counts]]:
    """The register's counts of all that is seen, and of each township; none where the rows are too many."""
    if not register.counts or not lines or lines[0].figures.listed > MOST_SORTED:
        return []
    whole, townships = counts_by_township(at, counted_rows(register), filters)
    of_places = [line for line in lines[1:] if line.village_code is None]
    return [(lines[0], whole), *((line, townships.get(line.township_code or "", {})) for line in of_places)]


def count_words(count: RegisterCount, value: Decimal | None) -> str:
    """A count as it is shown: shares in per cent with one decimal, others without needless zeros; "—" for none."""
    if value is None:
        return "—"
    return percent_words(value) if count.share else f"{value.normalize():f}"


def summed_fields(register: Register) -> list[Field]:
    """The fields that are summed."""
    return [register.field(name) for name in register.totals]


def _answers(
    found: Mapping[str, RowFigures], each: Field, shown: ShownFigures, lines: Sequence[RolledUp]
) -> list[tuple[str, RowFigures, bool]]:
    """Figures by the label of an answer, in the field's order and the empty one last, and whether they are hidden."""
    known = [(choice.id, choice.label) for choice in each.choices if choice.id in found]
    gone = sorted(set(found) - {choice.id for choice in each.choices} - {""})
    named = [*known, *((name, name) for name in gone), *([("", "没有填")] if "" in found else [])]
    return [(label, found[name], shown.hides_answer(lines[0], each.id, name)) for name, label in named]


@blueprint.get("/<register_id>/public")
def public(register_id: str) -> str:
    """The public notice of a register, to be printed: the columns that may hang on a wall."""
    register = asked_register(register_id)
    if not register.public:
        abort(404)
    asked = asked_filters(register)
    filters = RowFilters(asked.period, asked.township_code, asked.village_code)
    seen = seen_rows(register)
    with desk() as at:
        rows = row_listing.all_rows(at.connection, seen, filters)
    standing = [row for row in rows if not row.ended]
    note_read(register_row.name, [(row.unit_code, row.unit_code) for row in standing])
    return render_template(
        "registers/public.html",
        form=register,
        rows=standing[:MOST_PRINTED],
        left=max(0, len(standing) - MOST_PRINTED),
        columns=[register.field(name) for name in register.public],
        summed=[each for each in register.fields if each.holds in SUMMED],
        filters=filters,
        back=parameters(replace(asked, words="")),
        place=_place(filters) or seen.whose,
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
