"""For which unit a late entry was typed."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, empty: entries that are held count for the unit where their account is."""
    comment = "for which it was typed, where the account has left that unit since"
    op.add_column("late_entry", sa.Column("unit_code", sa.String(30), comment=comment))
