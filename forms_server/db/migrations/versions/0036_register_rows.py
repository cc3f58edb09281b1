"""Rows of registers."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, empty."""
    op.create_table(
        "register_row",
        sa.Column("id", sa.String(36), primary_key=True, comment="made with the page"),
        sa.Column("campaign_id", sa.String(60), nullable=False),
        sa.Column("register_id", sa.String(60), nullable=False),
        sa.Column(
            "register_version",
            sa.Integer(),
            nullable=False,
            comment="of the YAML when the row was last written",
        ),
        sa.Column(
            "number",
            sa.Integer(),
            nullable=False,
            comment="1, 2, 3 and so on of the register: the order of its rows",
        ),
        sa.Column(
            "period",
            sa.String(10),
            nullable=False,
            comment="2026-03, 2026-Q1 or 2026; empty without periods",
        ),
        sa.Column("unit_code", sa.String(30), nullable=False, comment="the unit that keeps the row"),
        sa.Column("township_code", sa.String(30)),
        sa.Column("village_code", sa.String(12)),
        sa.Column(
            "household_id",
            sa.String(36),
            sa.ForeignKey("household.id", name="fk_register_row_household_id"),
        ),
        sa.Column("state", sa.String(60), nullable=False, comment="id of one of the register's states"),
        sa.Column("state_reason", sa.Text()),
        sa.Column(
            "ended",
            sa.Boolean(),
            nullable=False,
            comment="whether the state ends the row: it counts in no total",
        ),
        sa.Column("extra", sa.JSON(), nullable=False, comment="numbers, days, choices and codes by field id"),
        sa.Column("texts", sa.JSON(), nullable=False, comment="whatever may name somebody, by field id"),
        sa.Column(
            "row_key",
            sa.String(64),
            comment="digest of the fields that occur once a period; null once it ended",
        ),
        sa.Column(
            "carried_from",
            sa.String(36),
            sa.ForeignKey("register_row.id", name="fk_register_row_carried_from"),
            comment="of the period before",
        ),
        sa.Column(
            "checked_on",
            sa.Date(),
            comment="when its values were confirmed (核实日期); null while carried over unseen",
        ),
        sa.Column(
            "issue_id",
            sa.String(36),
            sa.ForeignKey("issue.id", name="fk_register_row_issue_id"),
            comment="the issue that it was filed as, last",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="grows by one with every change"),
        sa.Column(
            "created_by",
            sa.String(36),
            sa.ForeignKey("account.id", name="fk_register_row_created_by"),
            comment="null for the command line",
        ),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.UniqueConstraint(
            "campaign_id", "register_id", "number", name="uq_register_row_campaign_id_register_id_number"
        ),
        sa.UniqueConstraint(
            "campaign_id",
            "register_id",
            "period",
            "row_key",
            name="uq_register_row_campaign_id_register_id_period_row_key",
        ),
        comment="one row of a register (台账), in one period",
    )
    of = ["campaign_id", "register_id", "period"]
    for name, column in _INDEXES:
        op.create_index(f"ix_register_row_{name}", "register_row", [*of, *column, "number", "id"])
    op.create_index("ix_register_row_household", "register_row", ["household_id"])
    op.create_index("ix_register_row_carried", "register_row", ["carried_from"])
    op.create_index("ix_register_row_issue", "register_row", ["issue_id"])


_INDEXES: tuple[tuple[str, list[str]], ...] = (
    ("county", []),
    ("township", ["township_code"]),
    ("village", ["village_code"]),
    ("unit", ["unit_code"]),
)
