"""Members of households, as rosters by person list them."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

_OF_TABLE = (
    "one row for each person whom a row of a register is about, or whom the roster lists as a member; no"
    " identity number, no birthday"
)
_BEFORE = "one row for each person whom a row of a register is about; no identity number, no birthday"
_OF_HOUSEHOLD = "the household that lists the person, or in whose row it was first named"


def upgrade() -> None:
    """Add whether the roster lists a person; of those who are known nobody knows it yet."""
    listed = "whether the roster lists the person now; null of one whom it never did"
    op.add_column("person", sa.Column("listed", sa.Boolean(), comment=listed))
    if op.get_bind().dialect.name == "postgresql":  # SQLite keeps no comments
        op.alter_column("person", "household_id", comment=_OF_HOUSEHOLD)
        op.create_table_comment("person", _OF_TABLE, existing_comment=_BEFORE)
