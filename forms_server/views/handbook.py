"""The handbook under ``/handbook/``: the files of the built site, for everyone, signed in or not."""

from flask import Blueprint, Response, render_template, send_from_directory
from werkzeug.exceptions import NotFound

from forms_server.services import services

blueprint = Blueprint("handbook", __name__)

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
"""Material for MkDocs puts scripts and styles into its pages; they come from the build, never from what people type."""


@blueprint.get("/handbook/")
def index() -> Response | tuple[str, int]:
    """The handbook's home."""
    return page("index.html")


@blueprint.get("/handbook/<path:name>")
def page(name: str) -> Response | tuple[str, int]:
    """A file of the site; a folder's address shows its index page."""
    site = services().config.site
    if name.endswith("/"):
        name += "index.html"
    try:
        response = send_from_directory(site, name, conditional=True, max_age=0)
    except NotFound:
        return _missing(built=(site / "index.html").is_file())
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "no-cache"
    return response


def _missing(built: bool) -> tuple[str, int]:
    return render_template("handbook_missing.html", built=built), 404
