"""The day on which a proposed household was entered in the national system, and its ledger by what is due first."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Leads from the version before to this one."""
    op.add_column(
        "proposed_household",
        sa.Column(
            "entered_on",
            sa.Date(),
            nullable=True,
            comment="when it was entered in the national system; null while it waits",
        ),
    )
    of_all = ["campaign_id", "form_id", "state", "identified_on", "id"]
    of_unit = ["campaign_id", "form_id", "unit_code", "state", "identified_on", "id"]
    op.create_index("ix_proposed_household_all_identified_on", "proposed_household", of_all)
    op.create_index("ix_proposed_household_unit_identified_on", "proposed_household", of_unit)
