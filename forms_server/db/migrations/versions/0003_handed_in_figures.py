"""Keeps a unit's own annex 2 as it was handed in, to be compared with its ledgers."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Leads from the version before to this one."""
    op.create_table(
        "handed_in_figure",
        sa.Column("campaign_id", sa.String(length=60), nullable=False),
        sa.Column("unit_code", sa.String(length=30), nullable=False),
        sa.Column("problem_type_id", sa.String(length=60), nullable=False, comment="empty for the total"),
        sa.Column("column_id", sa.String(length=60), nullable=False, comment="a figure of annex 2"),
        sa.Column("text", sa.String(length=80), nullable=False, comment="as the unit's own workbook has it"),
        sa.Column("number", sa.Integer(), nullable=True, comment="null where the text is no number"),
        sa.Column("place", sa.String(length=120), nullable=False, comment="sheet!cell"),
        sa.Column("handed_in_by", sa.String(length=36), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["handed_in_by"], ["account.id"], name=op.f("fk_handed_in_figure_handed_in_by")
        ),
        sa.PrimaryKeyConstraint(
            "campaign_id", "unit_code", "problem_type_id", "column_id", name=op.f("pk_handed_in_figure")
        ),
        comment="a unit's own annex 2 as it last imported it, to be compared with its ledgers",
    )
