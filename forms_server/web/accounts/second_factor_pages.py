"""动态码: the account's second factor, set up with a telephone; recovery codes are shown once, to be printed."""

import segno
from flask import flash, g, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from forms_server import audit
from forms_server.accounts import second_factor
from forms_server.accounts.second_factor import Enrolment, factor_of
from forms_server.accounts.sign_in_throttle import clear, count_failure, count_of_account, locked
from forms_server.accounts.signing_in import CODE_LOCKED, WRONG_CODE, check_password
from forms_server.db.engine import transaction
from forms_server.web.accounts.account_forms import FactorChangeForm, FirstCodeForm
from forms_server.web.accounts.sign_in_pages import blueprint
from forms_server.web.current_services import services


@blueprint.get("/second-factor")
def factor_page() -> str:
    """Whether the account has a second factor, and what can be done about it."""
    return _page(FactorChangeForm())


def _page(form: FactorChangeForm) -> str:
    used = services()
    with used.engine.connect() as connection:
        factor = factor_of(connection, g.account.id)
    needed = used.config.policy.needs_second_factor(g.account.role, used.clock.now())
    since = used.config.policy.second_factor_from
    return render_template("second_factor.html", factor=factor, needed=needed, since=since, form=form)


@blueprint.post("/second-factor/begin")
def begin_factor() -> str | Response:
    """Show the secret as a QR code and in letters."""
    enrolment = _enrolment()
    return (
        _setup_page(enrolment, FirstCodeForm()) if enrolment else redirect(url_for("auth.factor_page"), 303)
    )


@blueprint.post("/second-factor/confirm")
def confirm_factor() -> str | tuple[str, int] | Response:
    """Turn the second factor on with the first code, and show the recovery codes once."""
    used, form = services(), FirstCodeForm(request.form)
    codes, told = None, WRONG_CODE
    if form.validate():
        now, counts = used.clock.now(), [count_of_account("first code", g.account.id, g.account.name)]
        with transaction(used.engine) as connection:
            if locked(connection, counts, now):
                told = CODE_LOCKED
            else:
                codes = second_factor.confirm_enrolment(connection, now, g.account, form.code.data or "")
                if codes is None:
                    count_failure(connection, counts, now)
        if codes:
            return _codes_page(codes)
        form.code.errors = [told]
    enrolment = _enrolment()
    return (_setup_page(enrolment, form), 422) if enrolment else redirect(url_for("auth.factor_page"), 303)


@blueprint.post("/second-factor/codes")
def renew_codes() -> str | tuple[str, int]:
    """Replace the recovery codes and show the new ones once."""
    form = FactorChangeForm(request.form)
    if not _proven(form):
        return _page(form), 422
    used = services()
    with transaction(used.engine) as connection:
        codes = second_factor.renew_codes(connection, used.clock.now(), g.account)
    return _codes_page(codes)


@blueprint.post("/second-factor/remove")
def remove_factor() -> tuple[str, int] | Response:
    """Remove the second factor, where it is not required."""
    used, form = services(), FactorChangeForm(request.form)
    now = used.clock.now()
    if used.config.policy.needs_second_factor(g.account.role, now):
        flash("您的账号登录必须用动态码，不能停用。换手机的，请办公室重置动态码。", "danger")
        return redirect(url_for("auth.factor_page"), 303)
    if not _proven(form):
        return _page(form), 422
    with transaction(used.engine) as connection:
        second_factor.remove_factor(connection, g.account.id)
        audit.record(connection, now, g.account, "account", g.account.id, "factor-off", alters=False)
    flash("已停用动态码，登录只要密码。", "success")
    return redirect(url_for("auth.factor_page"), 303)


def _enrolment() -> Enrolment | None:
    """The secret to read in; None for an account that has a second factor."""
    used = services()
    with transaction(used.engine) as connection:
        if factor_of(connection, g.account.id):
            return None
        return second_factor.begin_enrolment(connection, g.account, used.campaign.notice.short_name)


def _proven(form: FactorChangeForm) -> bool:
    """Validate password and code; what is wrong is shown beside its field."""
    used = services()
    if not form.validate():
        return False
    if refusal := check_password(used, g.account, form.current_password.data or ""):
        form.current_password.errors = [refusal]
        return False
    now, counts = used.clock.now(), [count_of_account("code", g.account.id, g.account.name)]
    with transaction(used.engine) as connection:
        if locked(connection, counts, now):
            form.code.errors = [CODE_LOCKED]
        elif second_factor.accept_code(connection, now, g.account, form.code.data or ""):
            clear(connection, counts)
        else:
            form.code.errors = [CODE_LOCKED if count_failure(connection, counts, now) else WRONG_CODE]
    return not form.code.errors


def _setup_page(enrolment: Enrolment, form: FirstCodeForm) -> str:
    form.code.data = ""
    drawn = segno.make(enrolment.address, error="m").svg_inline(
        scale=5, border=3, svgclass="qr", lineclass=None
    )
    secret = enrolment.secret
    spelt = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    # Drawn by segno from letters and digits of our own.
    return render_template("second_factor_setup.html", qr=Markup(drawn), secret=spelt, form=form)  # noqa: S704


def _codes_page(codes: tuple[str, ...]) -> str:
    return render_template("recovery_codes.html", codes=codes, now=services().clock.now())
