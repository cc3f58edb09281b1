"""Which issue a register's row was filed as."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, empty."""
    with op.batch_alter_table("register_row") as table:
        table.add_column(
            sa.Column(
                "issue_id",
                sa.String(36),
                sa.ForeignKey("issue.id", name="fk_register_row_issue_id"),
                comment="the issue that it was filed as, last",
            )
        )
    op.create_index("ix_register_row_issue", "register_row", ["issue_id"])
