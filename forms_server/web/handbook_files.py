"""The handbook under ``/handbook/``: the built site for everyone; its figures for those whom a setting names."""

import base64
import hashlib
import posixpath
import re
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, abort, g, redirect, render_template, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from build_scripts.handbook.page_urls import FIGURES_FOLDER
from build_scripts.settings import FigureReaders
from forms_server.access import OVERSEERS
from forms_server.web.current_services import services

blueprint = Blueprint("handbook", __name__)

_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)

_POLICY = (
    "default-src 'self'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Material for MkDocs puts scripts and styles into its pages. Of the scripts, only those of this very page run."""


@blueprint.get("/handbook/")
def index() -> ResponseReturnValue:
    """The handbook's home."""
    return page("index.html")


@blueprint.get("/handbook/<path:name>")
def page(name: str) -> ResponseReturnValue:
    """A file of the site; a folder's address shows its index page."""
    site = services().config.site
    if name.endswith("/"):
        name += "index.html"
    if refusal := _refusal(name):
        return refusal
    try:
        response = send_from_directory(site, name, max_age=0)
    except NotFound:
        return _missing(built=(site / "index.html").is_file())
    response.headers["Cache-Control"] = "no-cache"
    if name.endswith(".html"):
        path = Path(safe_join(str(site), name) or "")
        response.headers["Content-Security-Policy"] = _policy(path, path.stat().st_mtime_ns)
    return response


def _refusal(name: str) -> ResponseReturnValue | None:
    """What is answered instead of figures to those who may not read them."""
    if not posixpath.normpath(name).startswith(FIGURES_FOLDER):
        return None
    match services().config.summary_pages:
        case FigureReaders.PUBLIC:
            return None
        case FigureReaders.OFFICE if g.account and g.account.role not in OVERSEERS:
            abort(403)
    if g.account:
        return None
    return redirect(url_for("auth.sign_in_page", next=request.path), 303)


@lru_cache(maxsize=512)
def _policy(path: Path, _changed: int) -> str:
    """Content security policy of a page, cached per build."""
    digests = {hashlib.sha256(script).digest() for script in _SCRIPT.findall(path.read_bytes())}
    scripts = sorted(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return _POLICY.format(scripts=" ".join(scripts))


def _missing(built: bool) -> tuple[str, int]:
    return render_template("handbook_missing.html", built=built), 404
