"""待发送: the page of what this browser has not sent yet, and what its scripts ask the server."""

from flask import Blueprint, Response, current_app, g, jsonify, render_template, url_for

from forms_server.access import allowed
from forms_server.packs.pack_standing import may_take
from forms_server.web import csrf
from forms_server.web.current_services import services
from forms_server.web.outbox.browser_keys import late_token, storage_key
from forms_server.web.records.requested_record import desk

blueprint = Blueprint("outbox", __name__, url_prefix="/outbox")


@blueprint.get("/")
def index() -> str:
    """Show the frame; the browser's script fills it with what the browser keeps."""
    return render_template("outbox/index.html", forms=_blank_forms())


@blueprint.get("/session")
def session() -> Response:
    """Who is signed in, with a fresh CSRF token: ``account`` is null for nobody, so that a script can tell.

    ``pages`` are the addresses of which the browser keeps a copy for when there is no network.
    """
    if g.account is None or g.account.must_change_password or g.viewer:
        return jsonify(account=None, token=csrf.csrf_token())
    return jsonify(
        account=g.account.id,
        token=csrf.csrf_token(),
        key=storage_key(g.account.id),
        late=late_token(g.account.id),
        pages=[url_for("outbox.index"), *(address for _, address in _blank_forms()), *_field_pages()],
    )


@blueprint.get("/worker.js")
def worker() -> Response:
    """The service worker, which may look after all pages though it lies in a folder."""
    response = current_app.send_static_file("page_worker.js")
    response.headers["Service-Worker-Allowed"] = "/"
    response.headers["Cache-Control"] = "no-cache"
    return response


def _blank_forms() -> list[tuple[str, str]]:
    """Names and addresses of the forms that the account may file."""
    if not allowed(g.account.role, "records.new", "POST"):
        return []
    forms = services().campaign.record_forms
    return [(form.name, url_for("records.new", form_id=form.id)) for form in forms]


def _field_pages() -> list[str]:
    """The page of the field pack, for those who may take one along."""
    with desk() as at:
        return [url_for("packs.index")] if may_take(at) else []
