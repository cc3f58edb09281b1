"""Shared services of a server: campaign, database, clock and settings."""

from dataclasses import dataclass

from sqlalchemy import Engine

from checklist.model import Campaign
from forms_server.clock import Clock
from forms_server.server_settings import Config


@dataclass(frozen=True)
class Services:
    """The campaign, the database, the clock and the settings."""

    campaign: Campaign
    engine: Engine
    clock: Clock
    config: Config
