"""Shared services of a server: campaign, database, clock and settings."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Engine

from build_scripts.rules.form_computing import computing
from checklist.model import Campaign, Unit
from checklist.values.judge_context import Context
from forms_server.clock import Clock
from forms_server.server_settings import Config


@dataclass(frozen=True)
class Services:
    """The campaign, the database, the clock and the settings."""

    campaign: Campaign
    engine: Engine
    clock: Clock
    config: Config
    _contexts: dict[date, Context] = field(default_factory=dict, init=False, repr=False, compare=False)

    def judge_context(self, unit: Unit) -> Context:
        """The context for values of the campaign's own fields, shared by today's requests: people type few texts."""
        today = self.clock.today()
        shared = self._contexts.get(today)
        if shared is None:
            rules, office = computing(self.campaign, today), self.campaign.units.office
            shared = Context(self.campaign, office, today, compute=rules, most_seen=_MOST_SEEN)
            self._contexts.clear()
            self._contexts[today] = shared
        return shared.within(unit)


_MOST_SEEN = 500
