"""The register of letters of supervision, and what units answer."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, empty."""
    op.create_table(
        "letter",
        sa.Column("id", sa.String(36), primary_key=True, comment="made with the page"),
        sa.Column("campaign_id", sa.String(60), nullable=False),
        sa.Column(
            "kind",
            sa.String(30),
            nullable=False,
            comment="build_scripts.documents.letter_templates.LETTERS",
        ),
        sa.Column("number", sa.Integer(), nullable=False, comment="1, 2, 3 and so on of the campaign"),
        sa.Column("mark", sa.String(100), nullable=False, comment="the number as it is written (文号)"),
        sa.Column("as_of", sa.DateTime(), nullable=False, comment="the moment of its figures"),
        sa.Column(
            "facts",
            sa.JSON(),
            nullable=False,
            comment="its figures and units, and ids of findings; no names",
        ),
        sa.Column("answer_due", sa.Date(), nullable=False),
        sa.Column(
            "follows_id",
            sa.String(36),
            sa.ForeignKey("letter.id", name="fk_letter_follows_id"),
            comment="the one that was not answered",
        ),
        sa.Column(
            "issued_by",
            sa.String(36),
            sa.ForeignKey("account.id", name="fk_letter_issued_by"),
            nullable=False,
        ),
        sa.Column("issued_at", sa.DateTime(), nullable=False),
        sa.UniqueConstraint("campaign_id", "number", name="uq_letter_campaign_id_number"),
        sa.UniqueConstraint("campaign_id", "mark", name="uq_letter_campaign_id_mark"),
        comment="the register of letters: numbers given once, by whom and when, with their figures of that moment",
    )
    op.create_table(
        "letter_unit",
        sa.Column(
            "letter_id",
            sa.String(36),
            sa.ForeignKey("letter.id", name="fk_letter_unit_letter_id"),
            primary_key=True,
        ),
        sa.Column("unit_code", sa.String(30), primary_key=True),
        sa.Column("answer", sa.Text()),
        sa.Column(
            "answered_by", sa.String(36), sa.ForeignKey("account.id", name="fk_letter_unit_answered_by")
        ),
        sa.Column("answered_at", sa.DateTime()),
        comment="to whom a letter goes, and what the unit answered",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_letter_unit_unit_code", "letter_unit", ["unit_code"])
