"""Cookies: out of reach of scripts and of other sites, and sent through HTTPS only where that is in use."""

from flask import Response, request

from forms_server.config import Config

SESSION = "huitoukan"
VISITOR = "huitoukan-visitor"


def cookie_name(config: Config, name: str) -> str:
    """The name in use; with HTTPS, the prefix makes browsers refuse one that a neighbouring host planted."""
    return f"__Host-{name}" if config.https else name


def read_cookie(config: Config, name: str) -> str:
    """The value that the browser sent; empty where it sent none."""
    return request.cookies.get(cookie_name(config, name), "")


def write_cookie(response: Response, config: Config, name: str, value: str) -> None:
    """Set a cookie until the browser closes; an empty value removes it."""
    response.set_cookie(
        cookie_name(config, name),
        value,
        max_age=None if value else 0,
        secure=config.https,
        httponly=True,
        samesite="Lax",
    )
