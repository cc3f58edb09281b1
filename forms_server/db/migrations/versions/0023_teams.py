"""Teams and assignments in place of the list of units on an account."""

from uuid import UUID, uuid5

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_TEAM = sa.table(
    "team",
    *(sa.column(name) for name in ("id", "campaign_id", "name")),
    sa.column("created_at", sa.DateTime()),
)
_MEMBER = sa.table(
    "team_member",
    *(sa.column(name) for name in ("id", "team_id", "account_id")),
    sa.column("leads", sa.Boolean()),
    sa.column("added_at", sa.DateTime()),
)
_ASSIGNMENT = sa.table(
    "assignment",
    *(sa.column(name) for name in ("id", "team_id", "unit_code")),
    sa.column("created_at", sa.DateTime()),
)
_ACCOUNT = sa.table(
    "account",
    sa.column("id"),
    sa.column("name"),
    sa.column("role"),
    sa.column("inspects", sa.JSON()),
    sa.column("created_at", sa.DateTime()),
)


def upgrade() -> None:
    """A team of its own for each inspector with units: everybody sees what he saw."""
    _create_tables()
    _carry_over(op.get_bind())
    op.drop_column("account", "inspects")


def _account(name: str, constraint: str, comment: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.String(36), sa.ForeignKey("account.id", name=constraint), comment=comment)


def _create_tables() -> None:
    op.create_table(
        "team",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column(
            "campaign_id",
            sa.String(60),
            comment="null for all campaigns: carried over from an account's list",
        ),
        sa.Column("name", sa.String(60), nullable=False),
        _account("created_by", "fk_team_created_by", "null for an upgrade"),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        _account("ended_by", "fk_team_ended_by"),
        sa.Column("ended_at", sa.DateTime(), comment="when it was dissolved; null while it is at work"),
        comment="inspectors who go together",
    )
    op.create_index("ix_team_campaign_id", "team", ["campaign_id"])
    op.create_table(
        "team_member",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column(
            "team_id", sa.String(36), sa.ForeignKey("team.id", name="fk_team_member_team_id"), nullable=False
        ),
        sa.Column(
            "account_id",
            sa.String(36),
            sa.ForeignKey("account.id", name="fk_team_member_account_id"),
            nullable=False,
        ),
        sa.Column("leads", sa.Boolean(), nullable=False, comment="the team's leader"),
        _account("added_by", "fk_team_member_added_by", "null for an upgrade"),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        _account("left_by", "fk_team_member_left_by", "who took the member out"),
        sa.Column("left_at", sa.DateTime(), comment="null while a member"),
        comment="who belongs to a team, and who once did: a row is never deleted",
    )
    op.create_index("ix_team_member_team_id", "team_member", ["team_id"])
    op.create_index("ix_team_member_account_id_left_at", "team_member", ["account_id", "left_at"])
    op.create_table(
        "assignment",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column(
            "team_id", sa.String(36), sa.ForeignKey("team.id", name="fk_assignment_team_id"), nullable=False
        ),
        sa.Column("unit_code", sa.String(30), nullable=False, comment="the inspected unit"),
        sa.Column(
            "first_day",
            sa.Date(),
            comment="null where no day was planned: carried over from an account's list",
        ),
        sa.Column("last_day", sa.Date()),
        _account("created_by", "fk_assignment_created_by", "null for an upgrade"),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        _account("withdrawn_by", "fk_assignment_withdrawn_by"),
        sa.Column("withdrawn_at", sa.DateTime(), comment="null while it stands"),
        sa.CheckConstraint("first_day <= last_day", name="days"),
        comment="which unit a team inspects on which days, and what was planned before: a row is never deleted",
    )
    op.create_index("ix_assignment_team_id_withdrawn_at", "assignment", ["team_id", "withdrawn_at"])


def _carry_over(connection: sa.Connection) -> None:
    inspectors = connection.execute(sa.select(_ACCOUNT).where(_ACCOUNT.c.role == "inspector")).all()
    for row in inspectors:
        if not row.inspects:
            continue
        team_id = str(uuid5(UUID(row.id), "team"))
        at = row.created_at
        connection.execute(
            sa.insert(_TEAM).values(id=team_id, campaign_id=None, name=row.name, created_at=at)
        )
        member = {"id": str(uuid5(UUID(row.id), "member")), "team_id": team_id, "account_id": row.id}
        connection.execute(sa.insert(_MEMBER).values(**member, leads=True, added_at=at))
        for code in row.inspects:
            place = {"id": str(uuid5(UUID(team_id), code)), "team_id": team_id, "unit_code": code}
            connection.execute(sa.insert(_ASSIGNMENT).values(**place, created_at=at))
