"""Calendars to subscribe to, and e-mail addresses for reminders."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Leads from the version before to this one."""
    op.create_table(
        "calendar_feed",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column(
            "token_hash", sa.String(length=64), nullable=False, comment="SHA-256 of the secret in its address"
        ),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_calendar_feed_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
        comment="calendars of reminders that somebody can subscribe to",
    )
    op.create_table(
        "mail_address",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column(
            "address",
            sa.String(length=120),
            nullable=False,
            comment="where reminders go; given by the account itself",
        ),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column(
            "reminded_on", sa.Date(), nullable=True, comment="the last day on which a reminder was sent"
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_mail_address_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_mail_address")),
    )
