"""The roster of households, and visits with their answers."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the tables; what was recorded before stays as it is."""
    _household()
    _visit()
    _visit_answer()


def _household() -> None:
    op.create_table(
        "household",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("campaign_id", sa.String(length=60), nullable=False),
        sa.Column(
            "number",
            sa.String(length=40),
            nullable=True,
            comment="the household's in the national system; never an identity card's number",
        ),
        sa.Column("township_code", sa.String(length=30), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("householder", sa.String(length=60), nullable=False),
        sa.Column("household_type", sa.String(length=60), nullable=True, comment="id of the form's choice"),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column(
            "active", sa.Boolean(), nullable=False, comment="false once a newer list of its village lacks it"
        ),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("people >= 1", name=op.f("ck_household_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
        sa.UniqueConstraint("campaign_id", "number", name=op.f("uq_household_campaign_id_number")),
        comment="the roster: the households that are known, from lists that were imported",
    )
    op.create_index(
        "ix_household_township",
        "household",
        ["campaign_id", "active", "township_code", "village_code", "householder", "id"],
        unique=False,
    )
    op.create_index(
        "ix_household_village",
        "household",
        ["campaign_id", "active", "village_code", "householder", "id"],
        unique=False,
    )


def _visit() -> None:
    op.create_table(
        "visit",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("campaign_id", sa.String(length=60), nullable=False),
        sa.Column(
            "form_id",
            sa.String(length=60),
            nullable=False,
            comment="of the issues that it finds: a household's or general ones",
        ),
        sa.Column(
            "unit_code",
            sa.String(length=30),
            nullable=False,
            comment="the unit that visits, and files what it finds",
        ),
        sa.Column("township_code", sa.String(length=30), nullable=True),
        sa.Column("village_code", sa.String(length=12), nullable=True),
        sa.Column("household_id", sa.String(length=36), nullable=True, comment="null where no roster has it"),
        sa.Column("householder", sa.String(length=60), nullable=True),
        sa.Column("household_type", sa.String(length=60), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column(
            "level",
            sa.String(length=60),
            nullable=True,
            comment="general checks: county, township or village",
        ),
        sa.Column("extra", sa.JSON(), nullable=False, comment="fields that have no column of their own"),
        sa.Column("visited_by", sa.String(length=120), nullable=True, comment="the name of whoever looks"),
        sa.Column("visited_on", sa.Date(), nullable=False, comment="the day on which it began"),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False, comment="how many items it asks"),
        sa.Column("answered", sa.Integer(), nullable=False, comment="how many of them are answered"),
        sa.Column(
            "problems", sa.Integer(), nullable=False, comment="how many of them are answered with a problem"
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="grows by one with every change"),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'finished')", name=op.f("ck_visit_state")),
        sa.CheckConstraint("answered BETWEEN 0 AND items", name=op.f("ck_visit_answered")),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_visit_created_by")),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_visit_household_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        comment="a household, or a unit's own work, looked at item by item",
    )
    op.create_index(
        "ix_visit_changed",
        "visit",
        ["campaign_id", "form_id", "unit_code", "state", "changed_at", "id"],
        unique=False,
    )
    op.create_index("ix_visit_household", "visit", ["household_id", "unit_code", "state"], unique=False)
    op.create_index(
        "ix_visit_progress",
        "visit",
        [
            "campaign_id",
            "form_id",
            "unit_code",
            "village_code",
            "state",
            "household_id",
            "items",
            "answered",
            "problems",
        ],
        unique=False,
    )


def _visit_answer() -> None:
    op.create_table(
        "visit_answer",
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("item_id", sa.String(length=60), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column(
            "issue_id",
            sa.String(length=36),
            nullable=True,
            comment="the issue that the problem became; stays when the answer changes",
        ),
        sa.CheckConstraint(
            "answer IN ('fine', 'problem', 'not_applicable')", name=op.f("ck_visit_answer_answer")
        ),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_visit_answer_issue_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_answer_visit_id")),
        sa.PrimaryKeyConstraint("visit_id", "item_id", name=op.f("pk_visit_answer")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_visit_answer_issue",
        "visit_answer",
        ["issue_id"],
        unique=False,
        sqlite_where=sa.text("issue_id IS NOT NULL"),
        postgresql_where=sa.text("issue_id IS NOT NULL"),
    )
