"""Exemptions of doubts of registers' rows: asked for, and agreed to by a second person."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_STANDING = sa.text("state IN ('pending', 'approved')")


def upgrade() -> None:
    """Add the table, empty."""
    op.create_table(
        "exemption",
        sa.Column("id", sa.String(36), primary_key=True, comment="made with the page"),
        sa.Column("campaign_id", sa.String(60), nullable=False),
        sa.Column("register_id", sa.String(60), nullable=False),
        sa.Column(
            "row_id",
            sa.String(36),
            sa.ForeignKey("register_row.id", name="fk_exemption_row_id"),
            nullable=False,
        ),
        sa.Column("check_id", sa.String(60), nullable=False, comment="the check of the register's YAML"),
        sa.Column("reason", sa.Text(), comment="the one that was chosen among the YAML's"),
        sa.Column("words", sa.Text(), nullable=False, comment="why the doubt is none, in words"),
        sa.Column("until", sa.Date(), nullable=False, comment="the last day on which it holds"),
        sa.Column(
            "rule_digest",
            sa.String(32),
            nullable=False,
            comment="of the check's expression when it was asked",
        ),
        sa.Column(
            "read_digest", sa.JSON(), nullable=False, comment="of each value that the check read, by column"
        ),
        sa.Column(
            "state", sa.String(20), nullable=False, comment="lapsed: found so when it was asked for anew"
        ),
        sa.Column(
            "asked_by",
            sa.String(36),
            sa.ForeignKey("account.id", name="fk_exemption_asked_by"),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("answer", sa.Text(), comment="what the second person wrote"),
        sa.Column("decided_by", sa.String(36), sa.ForeignKey("account.id", name="fk_exemption_decided_by")),
        sa.Column("decided_at", sa.DateTime()),
        sa.Column(
            "ended_by",
            sa.String(36),
            sa.ForeignKey("account.id", name="fk_exemption_ended_by"),
            comment="who withdrew it, or asked anew",
        ),
        sa.Column("ended_at", sa.DateTime()),
        sa.Column("version", sa.Integer(), nullable=False, comment="grows by one with every change"),
        sa.CheckConstraint(
            "state IN ('pending', 'approved', 'refused', 'withdrawn', 'lapsed')",
            name=op.f("ck_exemption_state"),
        ),
        comment="a doubt of a row that a second person agreed to leave (豁免)",
    )
    op.create_index("ix_exemption_register", "exemption", ["campaign_id", "register_id", "state"])
    op.create_index("ix_exemption_row", "exemption", ["row_id", "check_id"])
    op.create_index(
        "ux_exemption_standing",
        "exemption",
        ["row_id", "check_id"],
        unique=True,
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    )
