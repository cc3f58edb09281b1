"""The home page: for a unit what to do next, for the office how far every unit is."""

from flask import Blueprint, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from forms_server.access import FILERS, Role
from forms_server.lifecycle import STATE_NAMES
from forms_server.overview import ledger_figures, open_problem_types, unit_figures
from forms_server.services import services

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def index() -> str | Response:
    """The home page of whoever is signed in; an administrator has no records and goes to the accounts."""
    if g.account.role is Role.ADMIN:
        return redirect(url_for("accounts.index"), 303)
    return _office() if g.account.role is Role.OFFICE else _unit()


def _unit() -> str:
    used, account = services(), g.account
    now = used.clock.now()
    with used.engine.connect() as connection:
        figures = ledger_figures(connection, used.campaign, account, now.date())
        unanswered = open_problem_types(connection, used.campaign, account.unit_code)
    return render_template(
        "home_unit.html",
        figures=figures,
        unanswered=unanswered,
        may_file=account.role in FILERS,
        state_names=STATE_NAMES,
        now=now,
        village=used.campaign.village_by_code.get(account.village_code or ""),
    )


def _office() -> str:
    used = services()
    with used.engine.connect() as connection:
        figures = unit_figures(connection, used.campaign)
    return render_template("home_office.html", figures=figures, now=used.clock.now())
