"""调单位: an account is moved to another unit, with the history of the units that it had."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from forms_server.account import Account
from forms_server.accounts import account_moves, account_store
from forms_server.accounts.account_check import OF_A_VILLAGE
from forms_server.accounts.account_events import EVENTS
from forms_server.accounts.account_moves import NewPlace, check_move, moves_of
from forms_server.accounts.account_requests import AccountChange, ask_move, takes_two
from forms_server.db.engine import transaction
from forms_server.desk import Desk
from forms_server.inspection.teams import Refused
from forms_server.packs.moved_accounts import follow_move
from forms_server.reminders.account_mail import tell_by_mail
from forms_server.web.accounts.account_forms import MoveForm
from forms_server.web.accounts.account_pages import blueprint
from forms_server.web.current_services import services


@blueprint.get("/<account_id>/move")
def move_page(account_id: str) -> str:
    """The form that moves an account."""
    return _page(_account(account_id), MoveForm())


@blueprint.post("/<account_id>/move")
def move(account_id: str) -> Response | tuple[str, int]:
    """Move an account, or ask for a second person."""
    account, form, used = _account(account_id), MoveForm(request.form), services()
    place = check_move(used.campaign, account, unit=form.unit.data or "", village=form.village.data or "")
    if isinstance(place, dict):
        for name, sentence in place.items():
            form[name].errors = [sentence]
        return _page(account, form), 422
    try:
        if takes_two(AccountChange.MOVE, account.role):
            return _ask(account, place)
        with transaction(used.engine) as connection:
            now = used.clock.now()
            account_moves.move(connection, now, g.account, account, place)
            packs = follow_move(Desk(connection, used.campaign, g.account, now), account, g.account)
    except Refused as error:
        form.unit.errors = [str(error)]
        return _page(account, form), 422
    tell_by_mail(used, account, f"{g.account.shown_name}{EVENTS[account_moves.MOVED]}")
    wiped = f"，外带包 {packs} 个下次联网时自动删除" if packs else ""
    unit = used.campaign.unit_by_code[place.unit_code].name
    flash(f"已把“{account.name}”调到{unit}：他要重新登录{wiped}；以前登记的仍归原单位。", "success")
    return redirect(url_for("accounts.index"), 303)


def _ask(account: Account, place: NewPlace) -> Response:
    used = services()
    with transaction(used.engine) as connection:
        ask_move(connection, used.clock.now(), g.account, account, place)
    flash(f"已申请调单位：“{account.name}”。要另一位办公室人员或者管理员确认后才生效。", "success")
    return redirect(url_for("accounts.requests"), 303)


def _account(account_id: str) -> Account:
    with services().engine.connect() as connection:
        account = account_store.find(connection, account_id)
    if account is None:
        abort(404)
    if account.id == g.account.id:
        abort(403)
    return account


def _page(account: Account, form: MoveForm) -> str:
    used = services()
    units = used.campaign.unit_by_code
    form.unit.choices = [("", "请选择单位"), *((unit.code, unit.name) for unit in units.values())]
    with used.engine.connect() as connection:
        past = moves_of(connection, account.id)
    return render_template(
        "accounts/move.html",
        moved=account,
        form=form,
        past=past,
        asks_village=account.role in OF_A_VILLAGE,
        unit_of=lambda code: units[code].name if code in units else code,
        two=takes_two(AccountChange.MOVE, account.role),
    )
