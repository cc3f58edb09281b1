"""CSRF protection: every POST carries a token that only our pages know.

A session's token is stored in its row; a visitor's is derived from a cookie of its own, which prevents login CSRF.
Flask-WTF's token lies in a cookie that outlives the session; ours ends with the session, on all devices at once.
"""

import hashlib
import hmac
import secrets
from typing import cast

from flask import Response, current_app, g, request
from markupsafe import Markup

from forms_server.web.cookies import VISITOR, read_cookie, write_cookie
from forms_server.web.current_services import services

FIELD = "csrf_token"

HEADER = "X-CSRF-Token"
"""Header for scripts; other sites cannot send it without a CORS preflight."""


def csrf_token() -> str:
    """CSRF token of this browser's forms."""
    if g.session is not None:
        return str(g.session.csrf_token)
    return _visitors_token(_visitor())


def csrf_field() -> Markup:
    """Hidden field with the CSRF token."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, csrf_token())


def is_genuine() -> bool:
    """Whether an unsafe request carries a valid token."""
    sent = request.headers.get(HEADER) or request.form.get(FIELD, "")  # a header first: it asks for no body
    if g.session is None and not read_cookie(services().config, VISITOR):
        return False
    return hmac.compare_digest(sent.encode("utf-8", "surrogatepass"), csrf_token().encode())


def is_foreign() -> bool:
    """Whether the browser's headers declare a cross-site request."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}


def keep_visitor(response: Response) -> Response:
    """Set the visitor's cookie with the first page whose form needs it."""
    if g.get("new_visitor"):
        write_cookie(response, services().config, VISITOR, g.new_visitor)
    return response


def _visitor() -> str:
    visitor = read_cookie(services().config, VISITOR) or g.get("new_visitor")
    if not visitor:
        visitor = g.new_visitor = secrets.token_urlsafe(32)
    return str(visitor)


def _visitors_token(visitor: str) -> str:
    key = cast(bytes, current_app.secret_key)
    return hmac.new(key, b"csrf:" + visitor.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
