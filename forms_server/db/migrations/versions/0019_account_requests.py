"""Changes of accounts that take two people."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Leads from the version before to this one."""
    op.create_table(
        "account_request",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("change", sa.String(20), nullable=False, comment="reset, create, enable, factor-removed"),
        _account("account_id", comment="null for a new account"),
        sa.Column("details", sa.JSON(), comment="of a new account"),
        _account("asked_by", nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("outcome", sa.String(10), comment="confirm, refuse, withdraw; null while it waits"),
        _account("decided_by", comment="never who asked, if it was confirmed"),
        sa.Column("decided_at", sa.DateTime()),
        comment="changes of accounts that take two people",
    )


def _account(name: str, *, nullable: bool = True, comment: str | None = None) -> sa.Column[str]:
    key = sa.ForeignKey("account.id", name=f"fk_account_request_{name}")
    return sa.Column(name, sa.String(36), key, nullable=nullable, comment=comment)
