"""From where a change came: the network address in the audit."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rows that are there keep their hashes and have no address."""
    op.add_column(
        "audit",
        sa.Column("address", sa.String(45), comment="from where it came; null for the command line"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
