"""Supervision in the demonstration: a team, where it goes, and a draw."""

from datetime import timedelta
from uuid import UUID, uuid5

from forms_server.account import Account
from forms_server.desk import Desk
from forms_server.inspection import draws, teams
from forms_server.inspection.teams import Days

INSPECTED = 6
"""How many townships the team looks after, two a day."""

TEAM = "第一督导组"


def plan_inspection(desk: Desk, inspector: Account) -> None:
    """Form the team of the inspector that is shown; some townships are left without."""
    stem = UUID(inspector.id)
    team_id = str(uuid5(stem, TEAM))
    teams.form_team(desk, team_id, TEAM)
    teams.add_member(desk, team_id, inspector.id, leads=True)
    first = desk.campaign.notice.phases[min(1, len(desk.campaign.notice.phases) - 1)].start
    for number, unit in enumerate(desk.campaign.units.townships[:INSPECTED]):
        day = first + timedelta(days=number // 2)
        teams.assign(desk, str(uuid5(stem, unit.code)), team_id, unit.code, Days(day, day))


SEED = "demonstration-seed-2022"


def draw_what_is_inspected(desk: Desk) -> None:
    """Seal a seed and draw with it, where the campaign has supervision."""
    if desk.campaign.inspection:
        draw_id = str(uuid5(UUID(desk.account.id), SEED))
        draws.seal(desk, draw_id, SEED)
        draws.open_and_draw(desk, draw_id, SEED)
