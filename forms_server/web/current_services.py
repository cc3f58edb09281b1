"""The services of the application that handles this request."""

from typing import cast

from flask import current_app

from forms_server.services import Services


def services() -> Services:
    """The services of the application that handles this request."""
    return cast(Services, current_app.extensions["huitoukan"])
