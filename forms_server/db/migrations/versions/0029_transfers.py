"""Transfers of issues to another responsible unit, which may refuse once, and units that assist."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was transferred before."""
    op.add_column(
        "issue",
        sa.Column(
            "handed_to",
            sa.String(30),
            comment="the unit to which it was transferred, while that one may refuse",
        ),
    )
    op.create_table(
        "transfer",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column(
            "issue_id",
            sa.String(36),
            sa.ForeignKey("issue.id", name="fk_transfer_issue_id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="the issue's when it was transferred"),
        sa.Column("assists", sa.Boolean(), nullable=False, comment="units were added beside the lead"),
        sa.Column(
            "unit_code", sa.String(30), nullable=False, comment="the new lead, or the first that assists"
        ),
        sa.Column("handed_to", sa.String(120), nullable=False, comment="as it was typed"),
        sa.Column("units_before", sa.String(120), comment="the issue's responsible_unit before"),
        sa.Column("units_after", sa.String(120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "made_by",
            sa.String(36),
            sa.ForeignKey("account.id", name="fk_transfer_made_by"),
            nullable=False,
        ),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False, comment="open: the unit may refuse"),
        sa.Column("answer", sa.Text(), comment="why it was refused"),
        sa.Column("answered_by", sa.String(36), sa.ForeignKey("account.id", name="fk_transfer_answered_by")),
        sa.Column("answered_at", sa.DateTime()),
        sa.CheckConstraint("state IN ('open', 'refused', 'final')", name="state"),
        comment="who was made responsible instead or besides, why, and who refused; a unit refuses an issue once",
    )
    op.create_index("ix_transfer_issue_id_version", "transfer", ["issue_id", "version"])
