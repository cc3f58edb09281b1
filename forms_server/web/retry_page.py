"""Retry page: keeps a form's input across an expired session or an outage, to be resubmitted.

A form sent twice makes one record: ``records.record_store``.
"""

from collections.abc import Sequence

from flask import g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from build_scripts.database_trouble import Trouble
from checklist.reading.personal_numbers import kept_text
from forms_server.accounts import sessions
from forms_server.web import csrf
from forms_server.web.accounts.account_forms import PERSON, NameForm, SignInForm
from forms_server.web.current_services import services
from forms_server.web.safe_redirects import safe_next

KEPT = "kept."
"""Prefix of pending inputs on the sign-in page; other fields' names have no dot."""

Typed = Sequence[tuple[str, str]]


def resend_page(status: int, trouble: str = "") -> Response:
    """Render the input for a retry; after an expired session (401) with the sign-in form.

    A form with a password in it is not kept.

    Args:
        status: of HTTP.
        trouble: what is the matter with the server where it is more than busy (503), in words that go on after 服务器.
    """
    typed = _typed(csrf.FIELD)
    secret = any("password" in name for name, _ in typed)
    form = SignInForm(data={"next": request.full_path.rstrip("?")})
    return _page(status, () if secret else typed, form, secret=secret, trouble=trouble)


def name_asked_again(refusal: str) -> Response:
    """Ask for the person's name on a page that holds the input, and sends both together.

    A form with a password in it is not kept.
    """
    typed = _typed(csrf.FIELD, PERSON)
    if any("password" in name for name, _ in typed):
        return redirect(url_for("auth.name_page", next=request.path), 303)
    form = NameForm(
        data={"display_name": request.form.get(PERSON, ""), "next": request.full_path.rstrip("?")}
    )
    form.display_name.name, form.display_name.errors = PERSON, [refusal] if refusal else []
    files = any(file.filename for file in request.files.values())
    page = render_template("name.html", form=form, typed=typed, files=files)
    return make_response(page, 422)


def waiting() -> Typed:
    """Pending input carried by the sign-in page."""
    return [(name.removeprefix(KEPT), value) for name, value in _typed() if name.startswith(KEPT)]


def _typed(*left: str) -> Typed:
    """What was typed, but for inputs of some names; a personal number is refused later, and not repeated here."""
    sent = request.form.items(multi=True)
    return [(name, kept_text(value)) for name, value in sent if name not in left]


def sign_in_again(form: SignInForm, refusal: str = "") -> Response:
    """Sign-in page with the pending input, after a wrong password."""
    response = _page(401, waiting(), form, refusal=refusal)
    response.status_code = 422
    return response


def go_on(form: SignInForm, token: str) -> Response:
    """Confirmation before the retry: another account may have signed in."""
    used = services()
    with used.engine.connect() as connection:
        found = sessions.find(connection, token, used.clock.now(), used.config.policy)
    assert found
    g.session, g.account = found
    return _page(200, waiting(), form)


def _page(
    status: int, typed: Typed, form: SignInForm, *, secret: bool = False, refusal: str = "", trouble: str = ""
) -> Response:
    page = render_template(
        "retry_page.html",
        status=status,
        typed=typed,
        unseen={name for name, _ in typed if {"-", "."} & set(name) or name == "seen"},
        form=form,
        target=safe_next(form.next.data),
        kept_prefix=KEPT,
        files=any(file.filename for file in request.files.values()),
        secret=secret,
        refusal=refusal,
        trouble=trouble,
        passes=trouble == Trouble.UPGRADING.value,
    )
    return make_response(page, status)
