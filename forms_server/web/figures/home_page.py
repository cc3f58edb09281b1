"""Home pages: a unit's tasks, a department's inbox, the office's overview."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from functools import lru_cache
from urllib.parse import urlencode

from flask import Blueprint, g, redirect, render_template, request, url_for
from markupsafe import Markup, escape
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from build_scripts.handbook.daily_page import sentence_of
from checklist.model import Unit
from checklist.overdue import SOON
from checklist.register_periods import period_words
from checklist.visit_forms import visit_forms
from forms_server.access import Role
from forms_server.editable_states import STATE_NAMES
from forms_server.figures import county_figures
from forms_server.figures.county_figures import County
from forms_server.figures.desk_charts import percent
from forms_server.figures.unit_figures import (
    UnitFigures,
    handed_over,
    ledger_figures,
    ledger_tasks,
    open_problem_types,
    open_requests,
    sent_back_records,
    shared_figures,
    unit_figures,
)
from forms_server.figures.unit_order import UnitOrder
from forms_server.records import inbox
from forms_server.records.inbox import Inbox
from forms_server.records.ledger_filters import parameters
from forms_server.registers.round_standing import RoundDuty, duties
from forms_server.scope import Relation, in_township, other_units
from forms_server.visits.visit_progress import Figures, by_village, reach, total
from forms_server.visits.visit_rounds import round_on
from forms_server.web.current_services import services
from forms_server.web.figures.desk_drawings import DeskFacts, drawings
from forms_server.web.figures.first_steps import first_steps
from forms_server.web.figures.open_tasks import TaskFacts, tasks
from forms_server.web.records.filter_box import RELATION_NAMES
from forms_server.web.records.record_words import record_title
from forms_server.web.returns.return_tasks import notice

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def index() -> str | Response:
    """Home page of the signed-in account; administrators are redirected to the accounts, auditors to the audit."""
    if g.account.role is Role.ADMIN:
        return redirect(url_for("accounts.index"), 303)
    if g.account.role is Role.AUDITOR:
        return redirect(url_for("audit.index"), 303)
    pages = {Role.OFFICE: _office, Role.DEPARTMENT: _department, Role.INSPECTOR: _inspector}
    return pages.get(g.account.role, _unit)()


def _unit() -> str:
    used, account = services(), g.account
    now = used.clock.now()
    with used.engine.connect() as connection:
        figures = ledger_figures(connection, used.campaign, account, now.date(), Relation.OWN)
        waiting = ledger_tasks(connection, used.campaign, account, now.date())
        shared = shared_figures(connection, used.campaign, account, now.date())
        sent_back = sent_back_records(connection, used.campaign, account, now.date(), waiting)
        facts = TaskFacts(
            used.campaign,
            account,
            now.date(),
            waiting,
            shared,
            handed_over(connection, used.campaign, account),
            open_problem_types(connection, used.campaign, account.unit_code),
            _visits(connection),
            now > used.campaign.notice.deadline.at,
            duties(connection, used.campaign, account, now.date(), SOON),
            notice(),
        )
    return render_template(
        "home_unit.html",
        figures=figures,
        waiting=waiting,
        shared=shared,
        relation_names=RELATION_NAMES,
        tasks=tasks(facts),
        visits=facts.visits,
        notice=facts.notice,
        unanswered=facts.unanswered,
        sent_back=sent_back,
        record_title=lambda record: record_title(record, used.campaign),
        state_names=STATE_NAMES,
        now=now,
        village=used.campaign.village_by_code.get(account.village_code or ""),
    )


def _department() -> str:
    used, account = services(), g.account
    now = used.clock.now()
    with used.engine.connect() as connection:
        waiting = inbox.count(connection, Inbox(used.campaign, account))
        figures = ledger_figures(connection, used.campaign, account, now.date())
        shared = shared_figures(connection, used.campaign, account, now.date())
    return render_template(
        "home_department.html",
        waiting=waiting,
        figures=figures,
        shared=shared,
        relation_names=RELATION_NAMES,
        state_names=STATE_NAMES,
        now=now,
    )


def _inspector() -> str:
    return _overview("home_inspector.html", other_units(services().campaign, g.account))


def _office() -> str:
    used = services()
    with used.engine.connect() as connection:
        waiting = inbox.count(connection, Inbox(used.campaign, g.account))
        asked = open_requests(connection, used.campaign, g.account, used.clock.today())
        round_id = round_on(used.campaign, used.clock.today())
        visits = reach(connection, used.campaign, round_id) if visit_forms(used.campaign) else None
        steps = first_steps(connection, used)
        late = duties(connection, used.campaign, g.account, used.clock.today(), SOON)
    units = used.campaign.filing_units
    facts = {"waiting": waiting, "asked": asked, "visits": visits, "steps": steps}
    return _overview(
        "home_office.html", units, **facts, late_rounds=_first_late(late), period_words=period_words
    )


def _first_late(late: Sequence[RoundDuty]) -> Sequence[RoundDuty]:
    """The lowest late step of each round: those above wait for it."""
    return list({(each.register.id, each.period): each for each in reversed(late)}.values())


def _overview(template: str, units: Sequence[Unit], **more: object) -> str:
    """Render the figures of these units by unit, area and day."""
    used = services()
    now = used.clock.now()
    with used.engine.connect() as connection:
        figures = unit_figures(connection, used.campaign, units)
        found = county_figures.county(connection, used.campaign, units, now.date())
        days = county_figures.days(connection, used.campaign, units)
    counted = replace(found, unreported=_unreported(figures, found))
    order = UnitOrder.asked(request.args.get("sort", ""), request.args.get("order", ""))
    return render_template(
        template,
        figures=order.ordered(figures, counted),
        order=order,
        county=counted,
        days=days,
        percent=percent,
        drawings=drawings(DeskFacts(used.campaign, figures, counted, days, now)),
        said=sentence_of(days) if days else "",
        now=now,
        # An inspector sees other units' issues, too; these figures are of what its units filed.
        number=_linked(
            url_for("records.found"), relation=Relation.OWN if g.account.reads_assigned_units else None
        ),
        **more,
    )


def _unreported(figures: Sequence[UnitFigures], county: County) -> frozenset[tuple[str, str]]:
    """Return the cells (unit, area) without records that have an unreported problem type."""
    return frozenset(
        (each.unit.code, area.id)
        for each in figures
        for area in county.areas
        if each.unanswered.intersection(kind.id for kind in area.problem_types)
        and not county.cell(each.unit, area).found
    )


def _linked(page: str, **always: Hashable) -> Callable[..., Markup | int]:
    """Return the formatter of a figure linked to the records behind it; ``always`` are filters of every link.

    In Python for speed: a page has 800 of them, and a macro took a quarter of its time.
    """

    def number(count: int, *, late: bool = False, **asked: Hashable) -> Markup | int:
        if not count:
            return count
        mark = ' class="late"' if late else ""
        return Markup(f'<a href="{_filtered(page, *always.items(), *asked.items())}"{mark}>{int(count)}</a>')  # noqa: S704 - escaped

    return number


@lru_cache(5_000)
def _filtered(page: str, *asked: tuple[str, Hashable]) -> Markup:
    """The address of a list of records with these filters; a county has as many as it has cells."""
    query = parameters(**dict(asked))
    return escape(f"{page}?{urlencode(query)}" if query else page)


def _visits(connection: Connection) -> Figures | None:
    """Progress of household visits; None if the campaign has none.

    Townships only: county units may visit any household, but need not visit all.
    """
    used = services()
    if not visit_forms(used.campaign):
        return None
    round_id = round_on(used.campaign, used.clock.today())
    found = total(by_village(connection, used.campaign, g.account, round_id))
    return found if in_township(used.campaign, g.account) else replace(found, households=0, visited=0)
