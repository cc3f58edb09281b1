"""Visits belong to rounds, in campaigns that visit every household anew."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_PROGRESS = [
    "campaign_id",
    "form_id",
    "unit_code",
    "village_code",
    "state",
    "household_id",
    "items",
    "answered",
    "problems",
]
_HOUSEHOLD = ["household_id", "unit_code", "state"]


def upgrade() -> None:
    """Visits of before belong to no round."""
    comment = "2026-03, 2026-Q1, 2026; null in a campaign without rounds of visits"
    op.add_column("visit", sa.Column("round", sa.String(7), comment=comment))
    for name, columns in (("ix_visit_progress", _PROGRESS), ("ix_visit_household", _HOUSEHOLD)):
        op.drop_index(name, table_name="visit")
        op.create_index(name, "visit", [*columns, "round"])
    op.create_index("ix_visit_round", "visit", ["campaign_id", "round", "household_id"])
