"""Indexes of the issues in a township that another unit filed: the township sees them."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_ELSEWHERE = sa.text("unit_code <> township_code")


def upgrade() -> None:
    """Lead from the version before to this one."""
    for order in ("created_at", "due"):
        op.create_index(
            f"ix_issue_elsewhere_{order}",
            "issue",
            ["campaign_id", "form_id", "township_code", "state", order, "id"],
            sqlite_where=_ELSEWHERE,
            postgresql_where=_ELSEWHERE,
        )
