"""Which households a survey asks: drawn by lot in each village, the same on every look; nobody notes who answered."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from build_scripts.sampling.drawn_order import order_key
from checklist.model import Register
from forms_server.db.engine import audit_key
from forms_server.db.tables import household
from forms_server.desk import Desk
from forms_server.scope import visible_households

SPARE = 5
"""Households of a village that stand in, in their order, for those who are not at home."""


@dataclass(frozen=True)
class AskedHousehold:
    """A household that is drawn, or stands in."""

    id: str
    householder: str
    village_code: str
    unit_code: str
    spare: bool


def asked_households(desk: Desk, register: Register, period: str) -> Sequence[AskedHousehold]:
    """The households of the villages that the account sees, by village and in the order of the draw.

    The order is that of an inspection's draw, with a seed of the register's, the period's and this installation's.
    """
    survey, here = register.survey, household.c
    if survey is None or not survey.sample:
        return []
    told = f"survey sample\n{desk.campaign.id}\n{register.id}\n{period}".encode()
    seed = hmac.new(audit_key(desk.connection), told, hashlib.sha256).hexdigest()
    mine = visible_households(desk.campaign, desk.account)
    query = select(here.id, here.householder, here.village_code, here.township_code)
    of = here.campaign_id == desk.campaign.id, here.active, here.listed, mine
    by_village: dict[str, list[tuple[str, str, str, str]]] = {}
    for row in desk.connection.execute(query.where(*of)):
        if row.village_code:
            line = order_key(seed, row.id), row.id, row.householder, row.township_code or ""
            by_village.setdefault(row.village_code, []).append(line)
    return [
        AskedHousehold(key, name, code, unit, number >= survey.sample)
        for code, lines in sorted(by_village.items())
        for number, (_, key, name, unit) in enumerate(sorted(lines)[: survey.sample + SPARE])
    ]
