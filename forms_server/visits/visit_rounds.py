"""Rounds of visits (轮次): in standing work every household is visited anew each month, quarter or year.

A visit belongs to the round of the day on which it began. In a campaign without rounds it belongs to none, and all
visits count.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Connection, func, select, true

from checklist.model import Campaign
from checklist.register_periods import is_period, period_of
from forms_server.db.tables import visit

MOST_ROUNDS = 60
"""Rounds that a page offers, the latest first."""


def round_on(campaign: Campaign, day: date) -> str | None:
    """The round in which a day lies, such as ``2026-03``; None in a campaign without rounds."""
    return period_of(campaign.notice.visit_rounds, day) or None


def in_round(round_id: str | None) -> ColumnElement[bool]:
    """The condition of the visits of a round; of all visits in a campaign without rounds."""
    return true() if round_id is None else visit.c.round == round_id


def asked_round(campaign: Campaign, asked: str, today: date) -> str | None:
    """The round that somebody asks to see, today's where that is none."""
    return asked if asked and is_period(campaign.notice.visit_rounds, asked) else round_on(campaign, today)


def known_rounds(connection: Connection, campaign: Campaign, today: date) -> Sequence[str]:
    """Today's round and those before it that have visits, the latest first; one index look-up each."""
    now = round_on(campaign, today)
    found = [now] if now else []
    while found and len(found) < MOST_ROUNDS:
        before = select(func.max(visit.c.round)).where(
            visit.c.campaign_id == campaign.id, visit.c.round < found[-1]
        )
        last = connection.execute(before).scalar()
        if last is None:
            break
        found.append(last)
    return found
