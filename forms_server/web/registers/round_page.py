"""The page of a round (月会商月研判): who has taken which step, what is late, and the button of one's own step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from build_scripts.rules.locked_database import RulesFailed
from checklist.messages import say
from checklist.model import Register, Round, RoundStep
from checklist.values.village_names import village_names
from forms_server.db.tables import register_row
from forms_server.desk import Desk
from forms_server.registers import row_listing, row_moves
from forms_server.registers.register_row import RegisterRow
from forms_server.registers.round_standing import (
    StepStanding,
    round_places,
    stages_of,
    step_days,
    step_standings,
)
from forms_server.registers.row_doubts import FoundRows, found_rows
from forms_server.registers.row_listing import RowFilters
from forms_server.registers.row_moves import LeftRow
from forms_server.registers.row_scope import keeps_rows, takes_step
from forms_server.web.current_services import services
from forms_server.web.read_names import note_read
from forms_server.web.records.requested_record import desk
from forms_server.web.registers.period_trend import period_trend
from forms_server.web.registers.requested_register import (
    PERIOD,
    asked_period,
    asked_register,
    blueprint,
    offered_periods,
    row_title,
    seen_rows,
)

MOST_LEFT = 5
"""Rows left behind by a step that a message names."""


@dataclass(frozen=True)
class _Period:
    """A period of a round, as an account sees it."""

    rows: Mapping[str, RegisterRow]
    """By village."""
    stages: Mapping[str, int]
    days: Mapping[tuple[str, int], date]


@blueprint.get("/<register_id>/round")
def round_(register_id: str) -> str:
    """Show where the steps of a period stand, by township, with what the checks find."""
    register, asked = _asked_round(register_id)
    period = asked_period(register, request.args.get(PERIOD, ""))
    failed, found = "", list[FoundRows]()
    with desk() as at:
        stands = _read(at, register, asked, period)
        try:
            found = found_rows(at, seen_rows(register), RowFilters(period))
        except RulesFailed:
            failed = say("rules-failed")
        trend = period_trend(at, register)
        periods = offered_periods(at, register, period)
    note_read(register_row.name, [(row.unit_code, row.unit_code) for row in stands.rows.values()])
    places = round_places(services().campaign, g.account, register)
    villages = [code for place in places for code in place.villages]
    steps = _steps(asked, period, villages, stands)
    return render_template(
        "registers/round.html",
        form=register,
        period=period,
        periods=periods,
        steps=steps,
        places=[(place, _steps(asked, period, place.villages, stands)) for place in places],
        rows=stands.rows,
        stages=stands.stages,
        keeps=keeps_rows(services().campaign, g.account, register),
        own=_own_steps(register, asked, stands, villages),
        found=found,
        failed=failed,
        trend=trend,
        today=services().clock.today(),
        village_names=village_names(services().campaign),
    )


@blueprint.post("/<register_id>/round")
def take_step(register_id: str) -> Response:
    """Take the rows of one's own villages one step further."""
    register, asked = _asked_round(register_id)
    period = asked_period(register, request.form.get(PERIOD, ""))
    step = next((each for each in asked.steps if each.id == request.form.get("step")), None) or abort(400)
    try:
        with desk(writes=True) as at:
            moved, left = row_moves.take_step(at, register, period, step)
    except RulesFailed:
        flash(say("rules-failed"), "danger")
    else:
        _say_taken(step, moved, left)
    return redirect(url_for("registers.round_", register_id=register.id, period=period), 303)


def _say_taken(step: RoundStep, moved: int, left: Sequence[LeftRow]) -> None:
    if moved:
        flash(f"“{step.label}”做了 {moved} 个村。", "success")
    elif not left:
        flash(f"现在没有等着“{step.label}”的村。", "warning")
    for each in left[:MOST_LEFT]:
        words = "".join(dict.fromkeys(problem.message for problem in each.problems))
        flash(f"没有动第 {each.row.number} 行（{row_title(each.row)}）：{words}", "danger")
    if len(left) > MOST_LEFT:
        flash(f"还有 {len(left) - MOST_LEFT} 个村也没有动，原因见各行。", "danger")


def _asked_round(register_id: str) -> tuple[Register, Round]:
    register = asked_register(register_id)
    return register, register.round or abort(404)


def _read(at: Desk, register: Register, asked: Round, period: str) -> _Period:
    rows = [
        row
        for row in row_listing.all_rows(at.connection, seen_rows(register), RowFilters(period))
        if not row.ended
    ]
    by_village = {row.village_code: row for row in rows if row.village_code}
    return _Period(by_village, stages_of(asked, rows), step_days(at.connection, asked, rows))


def _steps(asked: Round, period: str, villages: Sequence[str], stands: _Period) -> list[StepStanding]:
    return step_standings(asked, period, villages, stands.stages, stands.days)


def _own_steps(
    register: Register, asked: Round, stands: _Period, villages: Sequence[str]
) -> list[tuple[RoundStep, int]]:
    """The steps above a village's that the account takes, with how many villages are ready for them."""
    return [
        (step, sum(stands.stages.get(code) == place for code in villages))
        for place, step in enumerate(asked.steps)
        if place and takes_step(services().campaign, g.account, register, step)
    ]
