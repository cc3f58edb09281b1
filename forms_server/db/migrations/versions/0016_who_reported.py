"""Who reported an issue rectified: neither the account nor its unit verifies it."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_REPORTED_ELSEWHERE = sa.text("reporting_unit_code <> unit_code")


def upgrade() -> None:
    """Until now only the filing unit reported; the account is that of the last report, or of the filing."""
    op.execute(
        "ALTER TABLE issue ADD COLUMN reported_by VARCHAR(36)"
        " CONSTRAINT fk_issue_reported_by REFERENCES account (id)"
    )
    op.add_column(
        "issue",
        sa.Column(
            "reporting_unit_code",
            sa.String(30),
            comment="that account's unit, which does not verify either",
        ),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column(
            "issue", "reported_by", comment="the account that reported it rectified: it does not verify"
        )
    op.execute(
        "UPDATE issue SET reporting_unit_code = unit_code, reported_by = ("
        "SELECT account_id FROM audit WHERE subject = 'issue' AND subject_id = issue.id"
        " AND action IN ('report', 'file') ORDER BY audit.id DESC LIMIT 1"
        ") WHERE state IN ('rectified', 'closed')"
    )
    op.create_index(
        "ix_issue_reported_elsewhere",
        "issue",
        ["campaign_id", "form_id", "state", "reporting_unit_code"],
        sqlite_where=_REPORTED_ELSEWHERE,
        postgresql_where=_REPORTED_ELSEWHERE,
    )
