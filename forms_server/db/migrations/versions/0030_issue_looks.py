"""Which issues somebody opened before closing them."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of what was closed before, nobody knows."""
    closing: sa.Column[bool] = sa.Column(
        "opened_before_closing",
        sa.Boolean(),
        nullable=False,
        server_default=sa.false(),
        comment="whether who closed it had opened it as it was then",
    )
    op.add_column("issue", closing)
    op.create_table(
        "issue_look",
        sa.Column(
            "issue_id",
            sa.String(36),
            sa.ForeignKey("issue.id", name="fk_issue_look_issue_id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column(
            "account_id",
            sa.String(36),
            sa.ForeignKey("account.id", name="fk_issue_look_account_id"),
            primary_key=True,
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="the issue's when it was last opened"),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        comment="issues that wait to be closed, opened by somebody who may close them",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_issue_look_account_id", "issue_look", ["account_id"])
