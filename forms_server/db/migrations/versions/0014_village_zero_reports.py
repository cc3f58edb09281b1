"""Zero reports by village."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Leads from the version before to this one."""
    op.create_table(
        "village_zero_report",
        sa.Column("campaign_id", sa.String(60), primary_key=True),
        sa.Column("unit_code", sa.String(30), primary_key=True),
        sa.Column("village_code", sa.String(12), primary_key=True),
        sa.Column("problem_type_id", sa.String(60), primary_key=True),
        sa.Column(
            "created_by",
            sa.String(36),
            sa.ForeignKey("account.id", name="fk_village_zero_report_created_by"),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        comment="what a village says of a problem type: looked and found nothing; the unit's follows from all of them",
        sqlite_with_rowid=False,
    )
