"""Tells the audit from which network address a request comes."""

from flask import Flask

from forms_server import audit
from forms_server.web.browser_origin import browser

_LONGEST = 45


def install(app: Flask) -> None:
    """Register the hooks."""
    app.before_request(_know_origin)
    app.teardown_request(_forget_origin)


def _know_origin() -> None:
    audit.ORIGIN.set(browser().address[:_LONGEST] or None)


def _forget_origin(_error: BaseException | None) -> None:
    audit.ORIGIN.set(None)
