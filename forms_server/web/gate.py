"""Middleware before every view: authentication, authorization, CSRF check."""

from contextlib import suppress
from dataclasses import replace

from flask import Flask, abort, flash, g, redirect, request, url_for
from sqlalchemy.exc import DatabaseError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.wrappers import Response

from build_scripts.handbook.page_urls import FIGURES_FOLDER
from checklist.model import Campaign
from forms_server.access import MANAGERS, allowed
from forms_server.account import Account
from forms_server.accounts import account_store, seeing_as, sessions
from forms_server.accounts.account_check import person_name
from forms_server.accounts.second_factor import factor_of
from forms_server.db.engine import transaction
from forms_server.db.looking_on import LookingOn, begin_request
from forms_server.db.write_queue import begin_patience
from forms_server.entry_conditions import AS_A_PERSON, BEFORE_PASSWORD_CHANGE, BEFORE_SECOND_FACTOR
from forms_server.web import csrf
from forms_server.web.accounts.account_forms import PERSON
from forms_server.web.cookies import SESSION, read_cookie
from forms_server.web.current_services import services
from forms_server.web.errors import error_page
from forms_server.web.request_limits import take_files
from forms_server.web.retry_page import name_asked_again, resend_page

FILES = frozenset(
    {
        "static",
        "handbook.index",
        "handbook.page",
        "health.alive",
        "health.ready",
        "health.metrics",
        "outbox.worker",
    }
)
"""Routes of public files and of monitors: authentication is skipped, and nobody is asked for a new password."""

NO_UNIT = "您的单位不在本次专项行动的单位名单里，不能查看和填报。如有疑问，请联系专项小组办公室。"

ONLY_LOOKS = "您现在是看作别人的账号，只能看，不能改，也不能下载。要办事，请先按页面上方的“结束看作”。"

ENDED_LOOKING = "看作已经到时间自动结束，刚才的操作没有做。现在是您自己的账号，要办的请重新打开页面。"

NO_COOKIE = {
    True: "浏览器没有带来本系统的 Cookie。请用 https:// 开头的网址打开，并允许本网站使用 Cookie，再登录一次。",
    False: "浏览器没有带来本系统的 Cookie。请重新打开登录页；还是这样，请在浏览器设置里允许本网站使用 Cookie。",
}
"""By whether the server is reached through HTTPS: if so, cookies never come along over plain http."""


def install(app: Flask) -> None:
    """Register the request hooks."""
    app.before_request(_identify)
    app.before_request(_look_on)
    app.before_request(_admit)
    app.before_request(_check_origin)
    app.before_request(_know_person)
    app.after_request(csrf.keep_visitor)
    app.teardown_request(lambda _error: begin_request(looks_on=False))
    app.register_error_handler(LookingOn, lambda _error: error_page(403, ONLY_LOOKS))
    app.jinja_env.globals["csrf_field"] = csrf.csrf_field


def _identify() -> None:
    """Authenticate by the session cookie; ``g.account`` and ``g.session`` are None for a visitor.

    ``g.identified`` tells a visitor from somebody who was not looked up: on a public file's page, or in an outage.
    """
    g.account = g.session = g.viewer = None
    g.identified = False
    begin_patience()
    begin_request(looks_on=False)
    used = services()
    token = read_cookie(used.config, SESSION)
    if request.endpoint in FILES and not _is_figures():
        return
    g.identified = not token
    if not token:
        return
    now = used.clock.now()
    with used.engine.connect() as connection:
        found = sessions.find(connection, token, now, used.config.policy)
    g.identified = True
    if found is None:
        return
    g.session, account = found
    g.account = in_office(account, used.campaign)
    if sessions.needs_touch(g.session, account, now, used.config.policy):
        # A page that is only read waits for no writer, and is shown though the disk is full or read-only.
        with (
            suppress(DatabaseError, PoolTimeout, OSError),
            transaction(used.engine, patience=0) as connection,
        ):
            sessions.touch(connection, g.session, now)


def _look_on() -> Response | None:
    """Put the account that is looked at in the viewer's place, who is ``g.viewer`` then and does not write."""
    if g.session is None or g.session.seen_as is None or request.endpoint in seeing_as.WHILE_LOOKING_ON:
        return None
    used, writes = services(), request.method not in {"GET", "HEAD"}
    with used.engine.connect() as connection:
        account = seeing_as.seen(connection, used.clock.now(), g.session)
    if account is None or account.unit_code not in used.campaign.unit_by_code:
        with transaction(used.engine) as connection:
            seeing_as.end_seeing(connection, used.clock.now(), g.account, g.session)
        if writes:  # from a page of the account that was looked at
            return error_page(403, ENDED_LOOKING)
        flash("看作已经到时间自动结束，现在是您自己的账号。", "warning")
        return None
    g.viewer, g.account = g.account, account
    begin_request(looks_on=True)
    return error_page(403, ONLY_LOOKS) if writes or request.endpoint in seeing_as.NOT_LOOKED_AT else None


def _is_figures() -> bool:
    """Whether a page of the handbook is one of those that not everybody may read."""
    return request.endpoint == "handbook.page" and FIGURES_FOLDER in request.path


def _admit() -> Response | None:
    """Authorize by the matrix; redirects visitors to the sign-in, and one-use passwords to the password page."""
    if request.endpoint is None:  # 404 or 405: left to the error page
        return None
    if any("\0" in text for text in (request.path, *request.args.values())):  # PostgreSQL takes none
        abort(400)
    if not allowed(g.account.role if g.account else None, request.endpoint, request.method):
        return _refuse()
    if g.account and g.account.must_change_password and request.endpoint not in BEFORE_PASSWORD_CHANGE:
        flash("这是一次性密码，请先设置自己的密码，再继续使用。", "warning")
        return redirect(url_for("auth.password_page", next=_here()), 303)
    account = g.viewer or g.account
    if account and request.endpoint not in BEFORE_SECOND_FACTOR and _lacks_second_factor(account):
        flash("您的账号登录要用动态码，请先在手机上设置好，再继续使用。", "warning")
        return redirect(url_for("auth.factor_page"), 303)
    if g.account and not _has_unit(g.account) and request.endpoint not in BEFORE_PASSWORD_CHANGE:
        abort(403, response=error_page(403, NO_UNIT))
    take_files()
    return None


def in_office(account: Account, campaign: Campaign) -> Account:
    """Map the account to this campaign: the office and administrators keep their role in every campaign.

    Records and accounts of several campaigns lie in one database, and each campaign gives its office a code.
    """
    if account.role in MANAGERS and account.unit_code not in campaign.unit_by_code:
        return replace(account, unit_code=campaign.units.office.code)
    return account


def _has_unit(account: Account) -> bool:
    return account.unit_code in services().campaign.unit_by_code


def _lacks_second_factor(account: Account) -> bool:
    used = services()
    if not used.config.policy.needs_second_factor(account.role, used.clock.now()):
        return False
    with used.engine.connect() as connection:
        return factor_of(connection, account.id) is None


def _refuse() -> Response:
    if g.account:
        abort(403)
    if request.method == "POST":
        if read_cookie(services().config, SESSION):  # what was typed beside the files is to be kept
            take_files()
        return resend_page(401)
    return redirect(url_for("auth.sign_in_page", next=_here()), 303)


def _check_origin() -> Response | None:
    if request.method not in {"POST", "PUT", "PATCH", "DELETE"} or request.endpoint is None:
        return None
    if csrf.is_foreign():
        abort(400)
    if csrf.is_genuine():
        return None
    if not request.cookies:  # the sign-in page has set one
        return error_page(400, NO_COOKIE[services().config.https], title="登录不了")
    return resend_page(400)


def _know_person() -> Response | None:
    """Ask an account without a person's name for it before it writes or signs; what was typed is kept."""
    if not g.account or g.viewer or g.account.display_name or request.endpoint not in AS_A_PERSON:
        return None
    if request.method != "POST":
        return redirect(url_for("auth.name_page", next=_here()), 303)
    name, fault = person_name(request.form.get(PERSON, ""))
    if PERSON not in request.form or fault:
        return name_asked_again(fault if PERSON in request.form else "")
    with transaction(services().engine) as connection:
        account_store.set_display_name(connection, services().clock.now(), g.account, name)
    g.account = replace(g.account, display_name=name)
    return None


def _here() -> str:
    """URL to return to; the path only for a POST."""
    return request.full_path.rstrip("?") if request.method == "GET" else request.path
