"""A digest of the record in each audit row: changes past the program are found."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rows that are there keep their hashes; the program seals the records that are there after the upgrade."""
    op.add_column(
        "audit",
        sa.Column(
            "digest",
            sa.String(64),
            comment="of the record as this change left it, keyed; empty where it is gone, null where none is kept",
        ),
    )
