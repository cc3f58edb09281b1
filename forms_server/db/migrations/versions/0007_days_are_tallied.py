"""A tally by day for the office's home page, and units in the index that leads through all records."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table, counts what there is, and leaves it to triggers from then on."""
    op.create_table(
        "day_tally",
        sa.Column("campaign_id", sa.String(60), nullable=False),
        sa.Column("unit_code", sa.String(30), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False, comment="issues filed on that day, not withdrawn"),
        sa.Column(
            "rectified",
            sa.Integer(),
            nullable=False,
            comment="issues rectified or closed whose ledger names that day, but not before they were filed",
        ),
        sa.PrimaryKeyConstraint("campaign_id", "unit_code", "day", name=op.f("pk_day_tally")),
        comment="issues day by day; the database's own triggers keep it, nobody writes it",
        sqlite_with_rowid=False,
    )
    for table, order, *besides in (
        ("issue", "created_at", "unit_code"),
        ("issue", "due", "unit_code", "problem_type_id"),
        ("proposed_household", "created_at", "unit_code"),
    ):
        columns = ["campaign_id", "form_id", "state", order, "id", *besides]
        op.drop_index(f"ix_{table}_all_{order}", table)
        op.create_index(f"ix_{table}_all_{order}", table, columns)
    statements = Path(__file__).with_name(f"0007_days_{op.get_bind().dialect.name}.sql")
    for statement in statements.read_text(encoding="utf-8").split("\n\n"):
        op.get_bind().exec_driver_sql(statement)
