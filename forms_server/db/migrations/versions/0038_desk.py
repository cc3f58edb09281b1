"""The office's desk: contacts of units, the wall display, saved filters; and sessions that look on as somebody else."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, empty; no session looks on as somebody else."""
    op.create_table(
        "unit_contact",
        sa.Column("campaign_id", sa.String(60), primary_key=True),
        sa.Column("unit_code", sa.String(30), primary_key=True),
        sa.Column("person", sa.String(60), nullable=False),
        sa.Column("phone", sa.String(40), nullable=False),
        sa.Column(
            "changed_by",
            sa.String(36),
            sa.ForeignKey("account.id", name="fk_unit_contact_changed_by"),
            nullable=False,
        ),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        comment="whom the office telephones in a unit; in nothing that is published",
    )
    op.create_table(
        "wall_display",
        sa.Column("campaign_id", sa.String(60), primary_key=True),
        sa.Column(
            "token_hash", sa.String(64), nullable=False, comment="SHA-256 of the secret in its address"
        ),
        sa.Column(
            "made_by",
            sa.String(36),
            sa.ForeignKey("account.id", name="fk_wall_display_made_by"),
            nullable=False,
        ),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.UniqueConstraint("token_hash", name="uq_wall_display_token_hash"),
        comment="the address at which a wall shows the county's figures, without names",
    )
    op.create_table(
        "saved_filter",
        sa.Column("id", sa.String(36), primary_key=True, comment="made with the page"),
        sa.Column("campaign_id", sa.String(60), nullable=False),
        sa.Column(
            "account_id",
            sa.String(36),
            sa.ForeignKey("account.id", name="fk_saved_filter_account_id"),
            nullable=False,
        ),
        sa.Column("form_id", sa.String(60), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("query", sa.Text(), nullable=False, comment="of the ledger's address, filters and columns"),
        sa.UniqueConstraint(
            "account_id",
            "campaign_id",
            "form_id",
            "name",
            name="uq_saved_filter_account_id_campaign_id_form_id_name",
        ),
        comment="filters of ledgers that an account keeps under a name",
    )
    op.add_column(
        "session",
        sa.Column("seen_as_id", sa.String(36), comment="the account as which the office looks on, if any"),
    )
    op.add_column("session", sa.Column("seen_until", sa.DateTime(), comment="when that ends by itself"))
