"""我的登录: where the account is signed in; its sessions are ended here."""

from datetime import datetime, timedelta

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from forms_server.accounts import sessions
from forms_server.accounts.account_events import events_of
from forms_server.accounts.browser_name import browser_name
from forms_server.accounts.second_factor import factor_of
from forms_server.accounts.sessions import Session
from forms_server.accounts.signing_in import check_password
from forms_server.db.engine import transaction
from forms_server.web.accounts.account_forms import PasswordAgainForm
from forms_server.web.accounts.sign_in_pages import blueprint
from forms_server.web.current_services import services

_TOLD_FOR = timedelta(days=90)


@blueprint.get("/sessions")
def session_list() -> str:
    """List this account's sessions."""
    return _page(PasswordAgainForm())


def _page(form: PasswordAgainForm) -> str:
    used = services()
    idle = used.config.policy.idle_of(g.account.role)
    with used.engine.connect() as connection:
        live = sessions.live(connection, g.account, used.clock.now(), idle)
        factor = factor_of(connection, g.account.id)
        now = used.clock.now()
        events = events_of(connection, g.account.id, now - _TOLD_FOR, now)
    return render_template(
        "sessions.html",
        sessions=live,
        browser_name=browser_name,
        end_of=_end_of,
        factor=factor,
        events=events,
        form=form,
    )


def _end_of(session: Session) -> datetime:
    """When a session ends if nothing is done in it."""
    return min(session.expires_at, session.seen_at + services().config.policy.idle_of(g.account.role))


@blueprint.post("/sessions/end")
def end_session() -> tuple[str, int] | Response:
    """End one or all of this account's other sessions, once the password was typed again."""
    used, form = services(), PasswordAgainForm(request.form)
    if not form.validate():
        return _page(form), 422
    if refusal := check_password(used, g.account, form.current_password.data or ""):
        form.current_password.errors = [refusal]
        return _page(form), 422
    chosen = request.form.get("session")
    idle = used.config.policy.idle_of(g.account.role)
    with transaction(used.engine) as connection:
        for session in sessions.live(connection, g.account, used.clock.now(), idle):
            if session.token_hash != g.session.token_hash and chosen in {None, session.token_hash}:
                sessions.end(connection, g.account, session.token_hash)
    flash("已退出其他设备上的登录。", "success")
    return redirect(url_for("auth.session_list"), 303)
