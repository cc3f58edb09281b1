"""The columns that make an account, with the units that an inspector's teams are assigned to."""

from sqlalchemy import func, select

from forms_server.db.tables import account, assignment, team, team_member

_assigned = (
    select(func.aggregate_strings(assignment.c.unit_code, ","))
    .join(team, team.c.id == assignment.c.team_id)
    .join(team_member, team_member.c.team_id == team.c.id)
    .where(
        team_member.c.account_id == account.c.id,
        team_member.c.left_at.is_(None),
        team.c.ended_at.is_(None),
        assignment.c.withdrawn_at.is_(None),
    )
    .correlate(account)
    .scalar_subquery()
    .label("inspects")
)
"""A member sees a unit from the day it is planned until the assignment is withdrawn, to prepare and to check again."""

ACCOUNT_COLUMNS = (*account.c, _assigned)
