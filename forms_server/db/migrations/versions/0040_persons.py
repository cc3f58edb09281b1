"""Persons of registers' rows, known by a keyed digest where a list had their number."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, empty; rows that are there name nobody until they are written again."""
    op.create_table(
        "person",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("campaign_id", sa.String(60), nullable=False),
        sa.Column(
            "household_id",
            sa.String(36),
            sa.ForeignKey("household.id", name="fk_person_household_id", ondelete="SET NULL"),
            comment="the household in whose row the person was first named",
        ),
        sa.Column("name", sa.String(60)),
        sa.Column("folded_name", sa.String(60), comment="as names are compared"),
        sa.Column(
            "person_key",
            sa.String(64),
            comment="keyed digest of the identity number that a list had; null without one, and once it is forgotten",
        ),
        sa.Column(
            "from_age",
            sa.Integer(),
            comment="first age of the band of ages that the person was in on age_on",
        ),
        sa.Column("age_on", sa.Date()),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.UniqueConstraint("campaign_id", "person_key", name="uq_person_campaign_id_person_key"),
        comment="one row for each person whom a row of a register is about; no identity number, no birthday",
    )
    op.create_index("ix_person_household", "person", ["household_id", "folded_name"])
    # SQLite takes a reference only together with its column, and PostgreSQL the same words.
    op.execute(
        "ALTER TABLE register_row ADD COLUMN person_id VARCHAR(36)"
        " CONSTRAINT fk_register_row_person_id REFERENCES person (id)"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("register_row", "person_id", comment="whom the row is about")
    op.create_index("ix_register_row_person", "register_row", ["person_id"])
