"""Draws of what is inspected on the spot."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def _account(name: str, table: str, *, nullable: bool = True) -> sa.Column[str]:
    key = sa.ForeignKey("account.id", name=f"fk_{table}_{name}")
    return sa.Column(name, sa.String(36), key, nullable=nullable)


def upgrade() -> None:
    """Nothing was drawn before."""
    op.create_table(
        "draw",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("campaign_id", sa.String(60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="1, 2, 3 and so on of the campaign"),
        sa.Column("seed_sha256", sa.String(64), nullable=False, comment="published before the draw"),
        _account("sealed_by", "draw", nullable=False),
        sa.Column("sealed_at", sa.DateTime(), nullable=False),
        sa.Column("seed", sa.String(200), comment="null until the draw: before, it is on paper only"),
        sa.Column("plan", sa.JSON(), comment="the campaign's plan of that day"),
        sa.Column("list_sha256", sa.String(64), comment="of the list that was drawn from"),
        _account("drawn_by", "draw"),
        sa.Column("drawn_at", sa.DateTime()),
        sa.UniqueConstraint("campaign_id", "number", name="uq_draw_campaign_id_number"),
        comment="a draw of what is inspected: sealed by the hash of its seed, then opened",
    )
    op.create_table(
        "draw_row",
        sa.Column(
            "draw_id", sa.String(36), sa.ForeignKey("draw.id", name="fk_draw_row_draw_id"), primary_key=True
        ),
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column(
            "subject_id", sa.String(36), primary_key=True, comment="a village, a household or an issue"
        ),
        sa.Column(
            "group_code",
            sa.String(30),
            nullable=False,
            comment="township, village or unit of which it is drawn",
        ),
        sa.Column("stratum", sa.String(60), nullable=False),
        sa.Column("marks", sa.String(200), nullable=False, comment="what the records said of it, by commas"),
        sa.Column("rank", sa.Integer(), nullable=False, comment="its place within group and stratum"),
        sa.Column(
            "why", sa.String(20), nullable=False, comment="a mark, or lot; empty for those that are left"
        ),
        sa.CheckConstraint("kind IN ('village', 'household', 'issue')", name="kind"),
        comment="the list of a draw, with what was drawn; never changed",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_draw_row_draw_id_group_code", "draw_row", ["draw_id", "group_code"])
    op.create_table(
        "draw_replacement",
        sa.Column(
            "draw_id",
            sa.String(36),
            sa.ForeignKey("draw.id", name="fk_draw_replacement_draw_id"),
            primary_key=True,
        ),
        sa.Column(
            "subject_id", sa.String(36), primary_key=True, comment="the one that could not be looked at"
        ),
        sa.Column("replacement_id", sa.String(36), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _account("replaced_by", "draw_replacement", nullable=False),
        sa.Column("replaced_at", sa.DateTime(), nullable=False),
        comment="who stands in for a drawn household: the next in drawn order, with a reason",
        sqlite_with_rowid=False,
    )
