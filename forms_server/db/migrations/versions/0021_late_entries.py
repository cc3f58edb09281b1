"""Late entries: what browsers of disabled accounts had not sent in time."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, empty."""
    op.create_table(
        "late_entry",
        sa.Column("id", sa.String(36), primary_key=True, comment="made by the browser"),
        sa.Column("campaign_id", sa.String(60), nullable=False),
        sa.Column(
            "account_id",
            sa.String(36),
            sa.ForeignKey("account.id", name="fk_late_entry_account_id"),
            nullable=False,
        ),
        sa.Column("title", sa.String(200), nullable=False, comment="what the browser called it"),
        sa.Column(
            "action", sa.String(500), nullable=False, comment="path and query that it was to be posted to"
        ),
        sa.Column(
            "typed", sa.JSON(), nullable=False, comment="names and texts in the form's order, numbers masked"
        ),
        sa.Column("typed_at", sa.DateTime(), nullable=False, comment="by the browser's clock"),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(200), comment="why it was refused"),
        sa.Column("decided_by", sa.String(36), sa.ForeignKey("account.id", name="fk_late_entry_decided_by")),
        sa.Column("decided_at", sa.DateTime()),
        sa.CheckConstraint("state IN ('held', 'taken', 'refused')", name="state"),
        comment="sent by the browser of a disabled account; the office takes it in or refuses it",
    )
    op.create_index(
        "ix_late_entry_campaign_id_state_received_at", "late_entry", ["campaign_id", "state", "received_at"]
    )
    op.create_index("ix_late_entry_account_id", "late_entry", ["account_id"])
    op.create_table(
        "late_file",
        sa.Column(
            "entry_id",
            sa.String(36),
            sa.ForeignKey("late_entry.id", name="fk_late_file_entry_id"),
            primary_key=True,
        ),
        sa.Column("position", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("field", sa.String(120), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        comment="photographs that came with a late entry; deleted once it is decided",
    )
