"""What every request needs, made once when the application starts."""

from dataclasses import dataclass
from typing import cast

from flask import current_app
from sqlalchemy import Engine

from checklist.model import Campaign
from forms_server.clock import Clock
from forms_server.config import Config


@dataclass(frozen=True)
class Services:
    """The campaign, the database, the clock and the settings."""

    campaign: Campaign
    engine: Engine
    clock: Clock
    config: Config


def services() -> Services:
    """The services of the application that handles this request."""
    return cast(Services, current_app.extensions["huitoukan"])
