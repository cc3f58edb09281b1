"""Security headers of every response: content security policy, caching, referrer.

Handbook pages, photographs and scans set policies of their own (``web.handbook_files``, ``web.photos.photo_pages``,
``web.returns.scan_pages``).
"""

from urllib.parse import urlsplit, urlunsplit

from flask import Flask, Response, request

_COMMON = "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

POLICY = f"default-src 'self'; {_COMMON}"
"""Content security policy: no inline scripts, styles or images."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def install(app: Flask) -> None:
    """Register the middleware; a view's own policy or cache control takes precedence."""
    app.after_request(_add)


def _add(response: Response) -> Response:
    _stay_here(response)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", POLICY)
    if request.endpoint == "static" and response.status_code < 400:
        response.headers["Cache-Control"] = "public, max-age=86400"
    elif "Cache-Control" not in response.headers or "attachment" in response.headers.get(
        "Content-Disposition", ""
    ):  # Flask lets browsers keep what it sends as a file, which may name persons
        response.headers["Cache-Control"] = "no-store"
    return response


def _stay_here(response: Response) -> None:
    """Name no host in a redirect: routing takes it from the request, where anything may stand."""
    if 300 <= response.status_code < 400 and response.location:
        parts = urlsplit(response.location)
        if parts.netloc:
            response.location = urlunsplit(("", "", parts.path or "/", parts.query, parts.fragment))
            response.set_data("")
