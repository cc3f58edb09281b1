"""Field packs: which browsers took along what, and when they last sent."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, empty."""
    op.create_table(
        "field_pack",
        sa.Column("id", sa.String(36), primary_key=True, comment="made by the browser"),
        sa.Column("campaign_id", sa.String(60), nullable=False),
        sa.Column(
            "account_id",
            sa.String(36),
            sa.ForeignKey("account.id", name="fk_field_pack_account_id"),
            nullable=False,
        ),
        sa.Column("browser", sa.String(60), nullable=False, comment="browser and kind of device"),
        sa.Column("households", sa.Integer(), nullable=False, comment="how many it holds"),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column(
            "told_at", sa.DateTime(), nullable=False, comment="when the browser last reached the server"
        ),
        sa.Column(
            "waiting", sa.Integer(), nullable=False, comment="entries that the browser had not sent then"
        ),
        sa.Column("ended_at", sa.DateTime(), comment="when it was deleted, or the office revoked it"),
        sa.Column("ended_why", sa.String(10)),
        sa.CheckConstraint(
            "ended_why IN ('replaced', 'signed-out', 'wrong-pin', 'aged', 'revoked')", name="ended_why"
        ),
        comment="households and sheets that a browser keeps encrypted for work without network",
    )
    op.create_index("ix_field_pack_account_id", "field_pack", ["account_id"])
