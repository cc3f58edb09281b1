"""Inspectors and the units that they are sent to."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import Engine, delete, insert, select

from forms_server.db.engine import transaction
from forms_server.db.tables import account, assignment, team, team_member
from tests.whole import vouch

NOW = datetime(2022, 8, 1, 9)


def send_to(engine: Engine, *unit_codes: str, name: str | None = None) -> None:
    """Send every inspector, or the one of this name, to these units and to no others."""
    query = select(account.c.id).where(account.c.role == "inspector")
    with transaction(engine) as connection:
        for account_id in (
            connection.execute(query.where(account.c.name == name) if name else query).scalars().all()
        ):
            of_account = select(team_member.c.team_id).where(team_member.c.account_id == account_id)
            connection.execute(delete(assignment).where(assignment.c.team_id.in_(of_account)))
            team_id = str(uuid4())
            connection.execute(
                insert(team).values(id=team_id, campaign_id=None, name=team_id[:8], created_at=NOW)
            )
            row = {
                "id": str(uuid4()),
                "team_id": team_id,
                "account_id": account_id,
                "leads": True,
                "added_at": NOW,
            }
            connection.execute(insert(team_member).values(row))
            for code in unit_codes:
                row = {"id": str(uuid4()), "team_id": team_id, "unit_code": code, "created_at": NOW}
                connection.execute(insert(assignment).values(row))
        vouch(connection, NOW)
