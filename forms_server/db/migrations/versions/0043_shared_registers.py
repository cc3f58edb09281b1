"""Indexes of register rows that begin with the register: campaigns may share one."""

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

_LISTS = {"county": [], "township": ["township_code"], "village": ["village_code"], "unit": ["unit_code"]}


def upgrade() -> None:
    """Replace the indexes of lists; add those by key and by number, which were found by their campaign."""
    for name, columns in _LISTS.items():
        op.drop_index(f"ix_register_row_{name}", "register_row")
        ordered = ["register_id", "period", *columns, "number", "id"]
        op.create_index(f"ix_register_row_{name}", "register_row", ordered)
    op.create_index("ix_register_row_key", "register_row", ["register_id", "row_key"])
    op.create_index("ix_register_row_number", "register_row", ["register_id", "number"])
