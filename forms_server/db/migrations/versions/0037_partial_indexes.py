"""Indexes that pages of large ledgers lacked, or that no query could use."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_RANGES = {"unit": ["unit_code"], "type": ["problem_type_id"], "all": []}


def upgrade() -> None:
    """SQLite uses a partial index only where a query says its condition in the same words."""
    for name in ("ix_issue_extension_asked_unit", "ix_issue_extension_asked_all", "ix_issue_extended"):
        op.drop_index(name, "issue")
    for name, columns in _RANGES.items():
        ordered = ["campaign_id", "form_id", *columns, "state", "created_at", "id"]
        _create(
            f"ix_issue_extension_asked_{name}", "issue", ordered, "extension_asked = 1", "extension_asked"
        )
        _create(f"ix_issue_extended_{name}", "issue", ordered, "extensions > 0")
    for table in ("issue", "proposed_household"):
        unlinked = "household_id IS NULL AND householder IS NOT NULL"
        _create(f"ix_{table}_unlinked", table, ["campaign_id", "unit_code", "id"], unlinked)
    op.create_index("ix_transfer_unit_code_state", "transfer", ["unit_code", "state"])


def _create(name: str, table: str, columns: list[str], condition: str, on_postgresql: str = "") -> None:
    other = sa.text(on_postgresql or condition)
    op.create_index(name, table, columns, sqlite_where=sa.text(condition), postgresql_where=other)
