"""Gzip middleware: the stylesheet alone is 230 kB, a ledger's page 80 kB, and townships have slow lines.

Pages with a query string are not compressed: they may reflect it beside the CSRF token, and the compressed length
would then leak the token (BREACH attack). Without a query string a page reflects no input of an attacker.
"""

import gzip

from flask import Flask, Response, request

from forms_server.web.gate import FILES

_WORTHWHILE = 1024
_TYPES = ("text/", "application/json", "application/javascript", "image/svg+xml")


def install(app: Flask) -> None:
    """Register the middleware."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.status_code != 200 or request.method != "GET":
        return response
    if request.query_string and request.endpoint not in FILES:
        return response
    if not (response.mimetype or "").startswith(_TYPES) or (response.content_length or 0) < _WORTHWHILE:
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings["gzip"]:
        return response
    response.direct_passthrough = False
    response.set_data(gzip.compress(response.get_data(), compresslevel=6, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    etag, _ = response.get_etag()
    if etag:  # the same file in other bytes: a weak tag may stand for both
        response.set_etag(etag, weak=True)
    return response
