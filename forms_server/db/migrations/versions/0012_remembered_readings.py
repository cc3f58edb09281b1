"""How texts of workbooks are read, as people answered."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Leads from the version before to this one."""
    op.create_table(
        "remembered_reading",
        sa.Column("campaign_id", sa.String(60), primary_key=True),
        sa.Column(
            "unit_code",
            sa.String(30),
            primary_key=True,
            comment="empty for one that the office set for all units",
        ),
        sa.Column(
            "question_key", sa.String(80), primary_key=True, comment="kind, and digest of subject and text"
        ),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("label", sa.String(120), nullable=False, comment="what the text stands in, in words"),
        sa.Column("typed", sa.Text(), nullable=False, comment="the text that was not certain"),
        sa.Column("answer", sa.String(60), nullable=False, comment="id of the choice"),
        sa.Column("meaning", sa.String(120), nullable=False, comment="the choice in words"),
        sa.Column(
            "answered_by",
            sa.String(36),
            sa.ForeignKey("account.id", name="fk_remembered_reading_answered_by"),
            nullable=False,
        ),
        sa.Column("answered_at", sa.DateTime(), nullable=False),
        comment="how a text in a workbook is read from now on, since a person said so",
        sqlite_with_rowid=False,
    )
