"""Sign-in, sign-out, password change, and the account's sessions."""

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from forms_server.accounts import account_store, passwords, sessions
from forms_server.accounts.account_check import person_name
from forms_server.accounts.browser_name import browser_name
from forms_server.accounts.password_strength import weakness
from forms_server.accounts.sign_in_throttle import SignedIn, SignInRefused, check_password, sign_in
from forms_server.db.engine import transaction
from forms_server.web.accounts.account_forms import NameForm, PasswordForm, SignInForm
from forms_server.web.cookies import SESSION, VISITOR, write_cookie
from forms_server.web.current_services import services
from forms_server.web.retry_page import go_on, sign_in_again, waiting
from forms_server.web.safe_redirects import safe_next

blueprint = Blueprint("auth", __name__)


@blueprint.get("/sign-in")
def sign_in_page() -> str | Response:
    """Sign-in form; redirects signed-in accounts."""
    target = safe_next(request.args.get("next"))
    if g.account:
        return redirect(target, 303)
    return render_template("sign_in.html", form=SignInForm(data={"next": target}))


@blueprint.post("/sign-in")
def sign_in_submit() -> tuple[str, int] | Response:
    """Sign in with a new session and redirect to the requested page."""
    form = SignInForm(request.form)
    if not form.validate():
        return sign_in_again(form) if waiting() else (render_template("sign_in.html", form=form), 422)
    client = request.user_agent.string
    outcome = sign_in(services(), form.name.data or "", form.password.data or "", client)
    if isinstance(outcome, SignInRefused):
        return _refused(form, outcome)
    if waiting():
        return _carry(outcome, go_on(form, outcome.token))
    return _carry(outcome, redirect(safe_next(form.next.data), 303))


def _refused(form: SignInForm, outcome: SignInRefused) -> tuple[str, int] | Response:
    if waiting():
        return sign_in_again(form, outcome.message)
    return render_template("sign_in.html", form=form, refusal=outcome.message), 422


def _carry(signed_in: SignedIn, answer: Response) -> Response:
    """Set the cookie of a new session."""
    response = make_response(answer)
    config = services().config
    write_cookie(response, config, SESSION, signed_in.token)
    write_cookie(response, config, VISITOR, "")
    return response


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End this session and clear its cookie."""
    used = services()
    with transaction(used.engine) as connection:
        sessions.end(connection, g.account, g.session.token_hash)
    flash("已退出登录。", "success")
    response = make_response(redirect(url_for("auth.sign_in_page"), 303))
    write_cookie(response, used.config, SESSION, "")
    return response


@blueprint.get("/name")
def name_page() -> str:
    """The form for the person's name, which is asked for before the first record or signature."""
    data = {"next": safe_next(request.args.get("next")), "display_name": g.account.display_name}
    return render_template("name.html", form=NameForm(data=data), typed=(), files=False)


@blueprint.post("/name")
def name_submit() -> tuple[str, int] | Response:
    """Store the person's name and go on with what was being done."""
    form = NameForm(request.form)
    name, fault = person_name(form.display_name.data or "")
    if fault:
        form.display_name.errors = [fault]
        return render_template("name.html", form=form, typed=(), files=False), 422
    used = services()
    with transaction(used.engine) as connection:
        account_store.set_display_name(connection, used.clock.now(), g.account, name)
    return redirect(safe_next(form.next.data), 303)


@blueprint.get("/password")
def password_page() -> str:
    """The form for a new password."""
    data = {"next": safe_next(request.args.get("next")), "display_name": g.account.display_name}
    return render_template("password.html", form=PasswordForm(data=data))


@blueprint.post("/password")
def password_submit() -> tuple[str, int] | Response:
    """Change the password, end all sessions, and start a new one for this browser."""
    form = PasswordForm(request.form)
    if not _acceptable(form):
        return render_template("password.html", form=form), 422
    used, account = services(), g.account
    new_hash = passwords.hash_password(form.new_password.data or "")
    with transaction(used.engine) as connection:
        now = used.clock.now()
        if name := _display_name(form):
            account_store.set_display_name(connection, now, account, name)
        account_store.set_password(connection, now, account, account, new_hash, one_use=False)
        token = sessions.start(
            connection, now, account.id, used.config.session_absolute, request.user_agent.string
        )
    flash("密码已修改，其他设备上的登录都已退出。", "success")
    return _carry(SignedIn(account, token), redirect(safe_next(form.next.data), 303))


def _acceptable(form: PasswordForm) -> bool:
    """Validate the new password, then verify the old one; errors are shown beside their fields.

    The old one is verified last, since each failure counts towards the sign-in throttle.
    """
    used, account = services(), g.account
    complete, weak = form.validate(), _weakness(form)
    if fault := _name_fault(form):
        form.display_name.errors, complete = [fault], False
    if weak and not form.new_password.errors:
        form.new_password.errors = [weak]
    if not complete or weak:
        return False
    if refusal := check_password(used, account, form.current_password.data or ""):
        form.current_password.errors = [refusal]
    return not form.current_password.errors


def _name_fault(form: PasswordForm) -> str:
    """Return what is wrong with the typed name; an account that has one may leave it out."""
    typed = form.display_name.data or ""
    return "" if not typed.strip() and g.account.display_name else person_name(typed)[1]


def _display_name(form: PasswordForm) -> str:
    """Return the typed name; empty where there is none."""
    return person_name(form.display_name.data or "")[0]


def _weakness(form: PasswordForm) -> str | None:
    """Weakness of the new password, as a message; None if it is strong."""
    used, account = services(), g.account
    if form.new_password.data == form.current_password.data:
        return "新密码和现在的密码一样，请换一个"
    unit = used.campaign.unit_by_code.get(account.unit_code)
    names = [
        account.name,
        account.display_name,
        _display_name(form),
        account.unit_code,
        *([unit.name, unit.full_name] if unit else []),
    ]
    return weakness(form.new_password.data or "", names, used.campaign)


@blueprint.get("/sessions")
def session_list() -> str:
    """List this account's sessions."""
    used = services()
    with used.engine.connect() as connection:
        live = sessions.live(connection, g.account, used.clock.now(), used.config.session_idle)
    return render_template("sessions.html", sessions=live, browser_name=browser_name)


@blueprint.post("/sessions/end")
def end_session() -> Response:
    """End one or all of this account's other sessions."""
    used = services()
    chosen = request.form.get("session")
    with transaction(used.engine) as connection:
        for session in sessions.live(connection, g.account, used.clock.now(), used.config.session_idle):
            if session.token_hash != g.session.token_hash and chosen in {None, session.token_hash}:
                sessions.end(connection, g.account, session.token_hash)
    flash("已退出其他设备上的登录。", "success")
    return redirect(url_for("auth.session_list"), 303)
