"""要两人办的事: what one person asked for, to be confirmed by another one."""

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from forms_server.access import MANAGERS
from forms_server.accounts import account_requests, account_store
from forms_server.accounts.account_events import EVENTS
from forms_server.accounts.account_requests import (
    CHANGE_NAMES,
    VALID,
    AccountChange,
    NoSuchRequest,
    NotTheSecond,
)
from forms_server.db.engine import transaction
from forms_server.desk import Desk
from forms_server.inspection.teams import Refused
from forms_server.packs.moved_accounts import follow_move
from forms_server.reminders.account_mail import tell_by_mail
from forms_server.web.accounts.account_pages import blueprint, password_page
from forms_server.web.current_services import services

_GONE = "这件事已经办过、撤回了，或者过了期限。"
_YOURS = "是您自己申请的，要另一位办公室人员或者管理员确认。"


@blueprint.get("/requests")
def requests() -> str:
    """List what waits for a second person."""
    used = services()
    with used.engine.connect() as connection:
        waiting = account_requests.open_requests(connection, used.clock.now())
        managers = [
            each
            for each in account_store.all_accounts(connection)
            if each.role in MANAGERS and not each.disabled and each.id != g.account.id
        ]
    return render_template(
        "accounts/requests.html",
        waiting=waiting,
        change_names=CHANGE_NAMES,
        alone=not managers,
        days=VALID.days,
        of_unit=used.campaign.unit_by_code,
    )


@blueprint.post("/requests/confirm")
def confirm() -> str | Response:
    """Confirm as the second person; shows the one-use password of a reset or a new account once."""
    used = services()
    password, password_hash = account_store.hash_one_use()
    now, request_id = used.clock.now(), request.form.get("request", "")
    try:
        with transaction(used.engine) as connection:
            done, account = account_requests.confirm(connection, now, g.account, request_id, password_hash)
            if done.place and done.account:
                follow_move(Desk(connection, used.campaign, g.account, now), done.account, g.account)
    except NotTheSecond:
        return _back(_YOURS, "danger")
    except NoSuchRequest:
        return _back(_GONE, "danger")
    except Refused as error:
        return _back(str(error), "danger")
    except account_store.NameTaken:
        return _back("已有同名账号，请不同意这一件，换一个账号名再申请。", "danger")
    if done.change in EVENTS:
        words = f"{done.asked_by.shown_name}申请、{g.account.shown_name}确认，{EVENTS[done.change]}"
        tell_by_mail(used, account, words)
    if done.change in {AccountChange.RESET, AccountChange.CREATE}:
        return password_page(account, password, f"已{CHANGE_NAMES[done.change]}")
    return _back(f"已{CHANGE_NAMES[done.change]}：“{account.name}”。", "success")


@blueprint.post("/requests/refuse")
def refuse() -> Response:
    """Refuse a request, or withdraw one's own."""
    used = services()
    try:
        with transaction(used.engine) as connection:
            account_requests.refuse(connection, used.clock.now(), g.account, request.form.get("request", ""))
    except NoSuchRequest:
        return _back(_GONE, "danger")
    return _back("已撤下，没有办。", "success")


def _back(words: str, category: str) -> Response:
    flash(words, category)
    return redirect(url_for("accounts.requests"), 303)
