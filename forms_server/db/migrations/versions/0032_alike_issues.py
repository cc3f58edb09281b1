"""Issues that a unit found among the others that it looked at after a finding."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Which ones they were was not written down before."""
    op.create_table(
        "alike_issue",
        sa.Column(
            "finding_id",
            sa.String(36),
            sa.ForeignKey("inspection_finding.id", name="fk_alike_issue_finding_id"),
            primary_key=True,
        ),
        sa.Column(
            "issue_id",
            sa.String(36),
            sa.ForeignKey("issue.id", name="fk_alike_issue_issue_id"),
            primary_key=True,
        ),
        sa.Column(
            "linked_by",
            sa.String(36),
            sa.ForeignKey("account.id", name="fk_alike_issue_linked_by"),
            nullable=False,
        ),
        sa.Column("linked_at", sa.DateTime(), nullable=False),
        comment="issues that a unit found among the others that it looked at after a finding (举一反三)",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_alike_issue_issue_id", "alike_issue", ["issue_id"])
