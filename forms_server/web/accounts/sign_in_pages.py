"""Sign-in with password and second factor, sign-out, name and password of the account."""

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from checklist.date_formats import full_moment
from forms_server import audit
from forms_server.account import Account
from forms_server.accounts import account_store, passwords, sessions
from forms_server.accounts.account_check import person_name
from forms_server.accounts.account_events import events_of
from forms_server.accounts.known_devices import REMEMBERED
from forms_server.accounts.password_strength import weakness
from forms_server.accounts.signing_in import (
    WRONG_CODE,
    CodeNeeded,
    SignedIn,
    SignInRefused,
    check_password,
    give_code,
    sign_in,
    start_session,
)
from forms_server.db.engine import transaction
from forms_server.web.accounts.account_forms import CodeForm, NameForm, PasswordForm, SignInForm
from forms_server.web.browser_origin import browser
from forms_server.web.cookies import DEVICE, SESSION, VISITOR, write_cookie
from forms_server.web.current_services import services
from forms_server.web.retry_page import KEPT, go_on, sign_in_again, waiting
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
    """Sign in with a new session, or ask for the second factor, and redirect to the requested page."""
    form = SignInForm(request.form)
    if not form.validate():
        return sign_in_again(form) if waiting() else (render_template("sign_in.html", form=form), 422)
    outcome = sign_in(services(), form.name.data or "", form.password.data or "", browser())
    if isinstance(outcome, CodeNeeded):
        return _ask_code(CodeForm(data={"token": outcome.token, "next": form.next.data})), 200
    return _answer(form, outcome)


@blueprint.post("/sign-in/code")
def code_submit() -> tuple[str, int] | Response:
    """Finish signing in with the second factor."""
    form = CodeForm(request.form)
    if not form.validate():
        return _ask_code(form), 422
    outcome = give_code(services(), form.token.data or "", form.code.data or "", browser())
    if isinstance(outcome, CodeNeeded):
        form.code.errors = [WRONG_CODE]
        return _ask_code(form), 422
    return _answer(SignInForm(data={"next": form.next.data}), outcome)


def _ask_code(form: CodeForm) -> str:
    form.code.data = ""
    return render_template("sign_in_code.html", form=form, typed=waiting(), kept_prefix=KEPT)


def _answer(form: SignInForm, outcome: SignedIn | SignInRefused) -> tuple[str, int] | Response:
    if isinstance(outcome, SignInRefused):
        return _refused(form, outcome)
    _tell_events(outcome.account)
    if waiting():
        return _carry(outcome, go_on(form, outcome.token))
    return _carry(outcome, redirect(safe_next(form.next.data), 303))


def _tell_events(account: Account) -> None:
    """Tell the person what others did to the account of late, at each sign-in."""
    used = services()
    now = used.clock.now()
    with used.engine.connect() as connection:
        events = events_of(connection, account.id, now - used.config.policy.reset_mark, now)
    for event in events:
        told = f"{full_moment(event.at)}，{event.words}。不是您要求的，请马上告诉办公室，并看“我的登录”。"
        flash(told, "warning")


def _refused(form: SignInForm, outcome: SignInRefused) -> tuple[str, int] | Response:
    if waiting():
        return sign_in_again(form, outcome.message)
    return render_template("sign_in.html", form=form, refusal=outcome.message), 422


def _carry(signed_in: SignedIn, answer: Response) -> Response:
    """Set the cookies of a new session and, after a sign-in, of a known device."""
    response = make_response(answer)
    config = services().config
    write_cookie(response, config, SESSION, signed_in.token)
    write_cookie(response, config, VISITOR, "")
    if signed_in.device:
        write_cookie(response, config, DEVICE, signed_in.device, REMEMBERED)
    return response


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End this session and clear its cookie."""
    used = services()
    with transaction(used.engine) as connection:
        sessions.end(connection, g.account, g.session.token_hash)
        audit.record(
            connection, used.clock.now(), g.account, "account", g.account.id, "sign-out", alters=False
        )
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
        token = start_session(connection, used, account, browser())
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
