"""The roster's pages: an upload that is shown before it is imported, and choosing a household for a form."""

import hashlib

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from build_scripts.intake.refusal import Unreadable
from build_scripts.intake.roster_columns import roster_form
from build_scripts.intake.roster_reading import Lists
from checklist.model import RecordForm, Unit
from checklist.values.judge import Context, display
from forms_server.access import Action, may_write
from forms_server.db.engine import transaction
from forms_server.imports.roster_import import RosterImport, listing_unit, plan_import, read_roster, store
from forms_server.imports.uploads import Uploads
from forms_server.visits import household_search
from forms_server.visits.visit_progress import by_village, total
from forms_server.web.current_services import services
from forms_server.web.records.requested_record import desk, record_form
from forms_server.web.visits.visit_list_page import sought_in_address, villages

blueprint = Blueprint("roster", __name__, url_prefix="/roster")

SHOWN_PROBLEMS, SHOWN_HOUSEHOLDS = 300, 50


@blueprint.get("/")
def index() -> str:
    """How many households are known in each village, and the upload for those who keep the roster."""
    return _page()


@blueprint.post("/check")
def check() -> str | tuple[str, int]:
    """Read an uploaded list and show what would be done with it; nothing is stored."""
    _require_listing()
    file = request.files.get("file")
    data = file.read() if file else b""
    if not file or not file.filename:
        return _page(refusal="还没有选文件；请先选一个 Excel 文件，再点“核对”。"), 422
    return _checked(_uploads().keep(g.account.id, data), data, file.filename)


@blueprint.post("/<token>/import")
def import_(token: str) -> Response | str | tuple[str, int]:
    """Import a list as it was shown: all of it, or nothing."""
    _require_listing()
    data = _uploads().find(g.account.id, token)
    if data is None:
        abort(404)
    name, used = request.form.get("name", ""), services()
    try:
        lists = _read(data)
    except Unreadable as error:
        return _unread(token, name, error)
    with transaction(used.engine) as connection:
        found = plan_import(connection, lists, _context())
        changed = bool(found.errors) or request.form.get("seen") != _print_of(found)
        if not changed:
            store(connection, _context(), found, g.account, used.clock.now())
    if changed:
        flash("核对以后名册又有了变动，没有导入。请看过下面的结果，再点一次导入。", "warning")
        return _checked(token, data, name)
    _uploads().drop(g.account.id, token)
    plan, counter = found.plan, used.campaign.counter
    flash(
        f"已导入：新增 {len(plan.new)} {counter}，变更 {len(plan.changed)} {counter}，"
        f"停用 {len(plan.gone)} {counter}。",
        "success",
    )
    return redirect(url_for("roster.index"), 303)


@blueprint.get("/choose/<form_id>")
def choose(form_id: str) -> str:
    """Look for a household by village and name, to fill in a form with it."""
    form, sought = record_form(form_id), sought_in_address()
    with desk() as at:
        found, number = household_search.search(at, form, sought)
    return render_template(
        "roster/choose.html",
        form=form,
        item=request.args.get("item", ""),
        sought=sought,
        found=found,
        number=number,
        villages=villages(),
        shown_value=_shown,
    )


def _checked(token: str, data: bytes, name: str) -> str | tuple[str, int]:
    """The page with what a list says, or why it cannot be read."""
    try:
        lists = _read(data)
    except Unreadable as error:
        return _unread(token, name, error)
    with services().engine.connect() as connection:
        found = plan_import(connection, lists, _context())
    page = render_template(
        "roster/preview.html",
        found=found,
        token=token,
        name=name,
        seen=_print_of(found),
        villages=[
            (services().campaign.village_by_code[code].name, number)
            for code, number in found.by_village(services().campaign).items()
        ],
        shown_problems=SHOWN_PROBLEMS,
        shown_households=SHOWN_HOUSEHOLDS,
        form=roster_form(services().campaign),
        number_label=services().campaign.roster.number_label,
        shown_value=_shown,
    )
    return (page, 422) if found.errors else page


def _page(refusal: str = "") -> str:
    campaign = services().campaign
    form = campaign.household_form
    with services().engine.connect() as connection:
        lines = by_village(connection, campaign, g.account, form) if form else []
    return render_template(
        "roster/index.html",
        refusal=refusal,
        may_list=_may_list(),
        whole_county=_unit() is campaign.units.office,
        labels=[form.field(name).label for name in ("village", "householder")]
        if roster_form(campaign) and form
        else [],
        lines=[line for line in lines if line.households],
        whole=total(lines),
        names={village.code: village.name for village in campaign.village_by_code.values()},
        townships={code: unit.name for code, unit in campaign.township_of_village.items()},
        form=form,
    )


def _may_list() -> bool:
    campaign, unit = services().campaign, _unit()
    return (
        roster_form(campaign) is not None
        and listing_unit(campaign, unit)
        and may_write(g.account, Action.LIST, unit.code)
    )


def _require_listing() -> None:
    if not _may_list():
        abort(403)


def _unit() -> Unit:
    return services().campaign.unit_by_code[g.account.unit_code]


def _context() -> Context:
    used = services()
    return Context(used.campaign, _unit(), used.clock.today())


def _unread(token: str, name: str, error: Unreadable) -> tuple[str, int]:
    """Why a list cannot be read; it is not kept."""
    _uploads().drop(g.account.id, token)
    return _page(refusal=f"没有读“{name}”：{error}"), 422


def _read(data: bytes) -> Lists:
    with _uploads().one_at_a_time():
        return read_roster(data, _context())


def _uploads() -> Uploads:
    return Uploads(services().config.home)


def _shown(form: RecordForm, name: str, value: object) -> str:
    if value is None or not any(field.id == name for field in form.fields):
        return ""
    return display(form.field(name), value, services().campaign)  # type: ignore[arg-type]


def _print_of(found: RosterImport) -> str:
    """A print of what an import would do: the same again unless the roster was changed meanwhile."""
    plan = found.plan
    said = (len(plan.new), sorted(each.known.id for each in plan.changed), plan.unchanged,
            sorted(each.id for each in plan.gone))  # fmt: skip
    return hashlib.sha256(repr(said).encode()).hexdigest()
