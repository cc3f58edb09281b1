"""Extensions: a deadline that was moved keeps its first day, and each move its reason."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_EXTENDED = sa.text("extensions > 0")


def upgrade() -> None:
    """No deadline that is there was moved by an extension."""
    op.add_column(
        "issue", sa.Column("first_deadline", sa.Date(), comment="the deadline before it was first moved")
    )
    op.add_column("issue", sa.Column("extensions", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(
        "ix_issue_extended",
        "issue",
        ["campaign_id", "form_id", "unit_code", "state", "created_at", "id"],
        sqlite_where=_EXTENDED,
        postgresql_where=_EXTENDED,
    )
    op.create_table(
        "extension",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column(
            "issue_id",
            sa.String(36),
            sa.ForeignKey("issue.id", name="fk_extension_issue_id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("old_day", sa.Date(), nullable=False),
        sa.Column("new_day", sa.Date(), comment="null where the new deadline has no day: 长期坚持"),
        sa.Column("new_text", sa.String(80), nullable=False, comment="as it was typed"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "approved_by",
            sa.String(36),
            sa.ForeignKey("account.id", name="fk_extension_approved_by"),
            nullable=False,
        ),
        sa.Column("approved_at", sa.DateTime(), nullable=False),
        comment="a deadline that was moved: from when to when, why, and by whose approval",
    )
    op.create_index("ix_extension_issue_id_approved_at", "extension", ["issue_id", "approved_at"])
