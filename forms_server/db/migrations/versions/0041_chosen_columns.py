"""Columns of ledgers, as each account chose them."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, empty: everybody sees the usual columns."""
    op.create_table(
        "chosen_column",
        sa.Column("campaign_id", sa.String(60), primary_key=True),
        sa.Column(
            "account_id",
            sa.String(36),
            sa.ForeignKey("account.id", name="fk_chosen_column_account_id"),
            primary_key=True,
        ),
        sa.Column("form_id", sa.String(60), primary_key=True),
        sa.Column("columns", sa.Text(), nullable=False, comment="ids of the columns, separated by blanks"),
        comment="the columns of a ledger that an account chose to see",
    )
