"""Cookies: HttpOnly, SameSite, and Secure where HTTPS is in use."""

from datetime import timedelta

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from forms_server.server_settings import Config

SESSION = "huitoukan"
VISITOR = "huitoukan-visitor"
DEVICE = "huitoukan-device"
COPY = "copy"
"""Argument by which a page is asked for as the browser's offline copy (offline_pages.js)."""


def cookie_name(config: Config, name: str) -> str:
    """Name of a cookie; with HTTPS, the ``__Host-`` prefix makes browsers refuse those set by sibling hosts."""
    return f"__Host-{name}" if config.https else name


def read_cookie(config: Config, name: str) -> str:
    """Value of a cookie; empty if missing."""
    return request.cookies.get(cookie_name(config, name), "")


def write_cookie(
    response: Response, config: Config, name: str, value: str, lasting: timedelta | None = None
) -> None:
    """Set a cookie, of the browser's session or lasting; an empty value deletes it."""
    response.set_cookie(
        cookie_name(config, name),
        value,
        max_age=lasting if value else 0,
        secure=config.https,
        httponly=True,
        samesite="Lax",
    )


class FlashCookies(SecureCookieSessionInterface):
    """Flask's signed cookie, which carries flashed messages only; one signer, where Flask makes two a request."""

    _signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """The application's signer."""
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
        return self._signer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What was flashed; nothing for the browser's offline copy, or it would take the sentence from the page."""
        return self.session_class() if COPY in request.args else super().open_session(app, request)
