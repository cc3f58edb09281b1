"""What goes out is compressed: the style alone is 230 kB, a ledger's page 80 kB, and townships have slow lines.

A page whose address asks for something is not. It may repeat what was asked, and then the length of the compressed
page would tell a listener whether a guess at the form's token, sent along with the request, was right (the BREACH
attack). Without a query there is nothing in a page that whoever leads a browser to it could choose.
"""

import gzip

from flask import Flask, Response, request

from forms_server.web.gate import FILES

_WORTHWHILE = 1024
_TYPES = ("text/", "application/json", "application/javascript", "image/svg+xml")


def install(app: Flask) -> None:
    """Compress the files and pages that the application serves to browsers which understand it."""
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
