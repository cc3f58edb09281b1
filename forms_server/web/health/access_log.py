"""Access log: one line a request with its id; routes in place of addresses, which may name persons or hold secrets.

A refusal names the account by its id, so that tries of one account show; other lines name nobody.
"""

import logging
import re
import secrets
import time
from typing import cast

from flask import Flask, Response, current_app, g, request

from forms_server.health.metrics import RequestCounters

log = logging.getLogger("huitoukan.access")

HEADER = "X-Request-ID"
"""Header of the answer with the request's id, the same as in the log and on error pages."""

_ADDRESS = re.compile(r"[0-9a-fA-F.:]{2,45}")


def install(app: Flask) -> None:
    """Register the middleware; before all others, so that it sees their answers and their time."""
    app.extensions["counters"] = RequestCounters()
    app.before_request(_begin)
    app.after_request(_end)


def counters() -> RequestCounters:
    """The counters of the application that handles this request."""
    return cast(RequestCounters, current_app.extensions["counters"])


def request_id() -> str:
    """The id of this request, for logs and for people who report an error."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(4)
    return str(g.request_id)


def _begin() -> None:
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    seconds = time.perf_counter() - g.get("began", time.perf_counter())
    response.headers[HEADER] = request_id()
    counters().count(response.status_code, seconds)
    if log.isEnabledFor(logging.INFO):
        route = request.url_rule.rule if request.url_rule else "-"
        log.info(
            "id=%s from=%s method=%s route=%s status=%s bytes=%s ms=%.0f%s",
            request_id(),
            _client(),
            request.method,
            route,
            response.status_code,
            response.content_length,
            seconds * 1000,
            _refused(response.status_code),
        )
    return response


def _refused(status: int) -> str:
    account = g.get("account")
    return f" account={account.id}" if account is not None and 400 <= status < 500 else ""


def _client() -> str:
    """Address of the client; behind a front on this machine, as the front names it."""
    address = request.remote_addr or "-"
    named = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    if address in {"127.0.0.1", "::1"} and _ADDRESS.fullmatch(named):
        return named
    return address
