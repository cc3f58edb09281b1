"""First version of the tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Leads from an empty database to this version."""
    _account()
    _audit()
    _sign_in_failure()
    _issue()
    _draft()
    _photo()
    _proposed_household()
    _session()
    _zero_report()


def _account() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False, comment="sign-in name"),
        sa.Column(
            "display_name", sa.String(length=60), nullable=False, comment="the person's name as it signs"
        ),
        sa.Column("unit_code", sa.String(length=30), nullable=False),
        sa.Column(
            "village_code", sa.String(length=12), nullable=True, comment="a reporter bound to one village"
        ),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column(
            "must_change_password", sa.Boolean(), nullable=False, comment="the password is a one-use one"
        ),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("name", name=op.f("uq_account_name")),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column(
            "account_id", sa.String(length=36), nullable=True, comment="null for what the command line did"
        ),
        sa.Column("unit_code", sa.String(length=30), nullable=True),
        sa.Column(
            "subject", sa.String(length=30), nullable=False, comment="table of the record that changed"
        ),
        sa.Column("subject_id", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=30), nullable=False),
        sa.Column(
            "change",
            sa.JSON(),
            nullable=False,
            comment="field ids that changed, states from and to; no names",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(
        op.f("ix_audit_subject_subject_id_id"), "audit", ["subject", "subject_id", "id"], unique=False
    )


def _sign_in_failure() -> None:
    op.create_table(
        "sign_in_failure",
        sa.Column(
            "name_hash",
            sa.String(length=64),
            nullable=False,
            comment="SHA-256 of the name that was typed, known or not",
        ),
        sa.Column("failures", sa.Integer(), nullable=False, comment="failed sign-ins in a row"),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.Column("locked_until", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("name_hash", name=op.f("pk_sign_in_failure")),
    )
    op.create_index(op.f("ix_sign_in_failure_last_at"), "sign_in_failure", ["last_at"], unique=False)


def _issue() -> None:
    op.create_table(
        "issue",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("campaign_id", sa.String(length=60), nullable=False),
        sa.Column("form_id", sa.String(length=60), nullable=False),
        sa.Column("form_version", sa.Integer(), nullable=False),
        sa.Column(
            "unit_code", sa.String(length=30), nullable=False, comment="the unit that filed it and counts it"
        ),
        sa.Column("problem_type_id", sa.String(length=60), nullable=False),
        sa.Column("township_code", sa.String(length=30), nullable=True),
        sa.Column("village_code", sa.String(length=12), nullable=True),
        sa.Column("householder", sa.String(length=60), nullable=True),
        sa.Column("household_type", sa.String(length=60), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("extra", sa.JSON(), nullable=False, comment="fields that have no column of their own"),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column(
            "state_reason",
            sa.Text(),
            nullable=True,
            comment="why it was withdrawn or sent back: kept here, as the audit holds no names",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="grows by one with every change"),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("area_id", sa.String(length=60), nullable=False),
        sa.Column(
            "item_id",
            sa.String(length=60),
            nullable=True,
            comment="the look-for item it was found at, where one was chosen",
        ),
        sa.Column(
            "level",
            sa.String(length=60),
            nullable=True,
            comment="general issues: county, township or village",
        ),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("measures", sa.Text(), nullable=True),
        sa.Column("responsible_person", sa.String(length=120), nullable=True),
        sa.Column("responsible_unit", sa.String(length=120), nullable=True),
        sa.Column(
            "deadline_text", sa.String(length=80), nullable=True, comment="as it was typed: 8月底前, 立行立改"
        ),
        sa.Column(
            "deadline", sa.Date(), nullable=True, comment="the day it means; null for 立行立改 and 长期坚持"
        ),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("source", sa.String(length=60), nullable=True),
        sa.Column("found_by", sa.String(length=120), nullable=True),
        sa.Column("rectified_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "state IN ('rectifying', 'rectified', 'closed', 'withdrawn')", name=op.f("ck_issue_state")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_issue_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue")),
    )
    op.create_index(
        op.f("ix_issue_campaign_id_unit_code_created_at_id"),
        "issue",
        ["campaign_id", "unit_code", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_issue_campaign_id_unit_code_problem_type_id_state"),
        "issue",
        ["campaign_id", "unit_code", "problem_type_id", "state"],
        unique=False,
    )


def _draft() -> None:
    op.create_table(
        "draft",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("page", sa.String(length=20), nullable=False, comment="new, edit, report or withdraw"),
        sa.Column(
            "record_id",
            sa.String(length=36),
            nullable=False,
            comment="of a record that may not be filed yet",
        ),
        sa.Column("campaign_id", sa.String(length=60), nullable=False),
        sa.Column("form_id", sa.String(length=60), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False, comment="what stood in the page's fields, by name"),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_draft_account_id")),
        sa.PrimaryKeyConstraint("account_id", "page", "record_id", name=op.f("pk_draft")),
    )


def _photo() -> None:
    op.create_table(
        "photo",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("issue_id", sa.String(length=36), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False, comment="before or after rectification"),
        sa.Column(
            "upload_sha256",
            sa.String(length=64),
            nullable=False,
            comment="of the file as it was sent: the same one is one photo",
        ),
        sa.Column(
            "sha256",
            sa.String(length=64),
            nullable=False,
            comment="of the picture that was made of it, and its name",
        ),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("side IN ('before', 'after')", name=op.f("ck_photo_side")),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_photo_created_by")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_photo_issue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
        sa.UniqueConstraint(
            "issue_id", "side", "upload_sha256", name=op.f("uq_photo_issue_id_side_upload_sha256")
        ),
    )
    op.create_index(op.f("ix_photo_sha256"), "photo", ["sha256"], unique=False)


def _proposed_household() -> None:
    op.create_table(
        "proposed_household",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("campaign_id", sa.String(length=60), nullable=False),
        sa.Column("form_id", sa.String(length=60), nullable=False),
        sa.Column("form_version", sa.Integer(), nullable=False),
        sa.Column(
            "unit_code", sa.String(length=30), nullable=False, comment="the unit that filed it and counts it"
        ),
        sa.Column("problem_type_id", sa.String(length=60), nullable=False),
        sa.Column("township_code", sa.String(length=30), nullable=True),
        sa.Column("village_code", sa.String(length=12), nullable=True),
        sa.Column("householder", sa.String(length=60), nullable=True),
        sa.Column("household_type", sa.String(length=60), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("extra", sa.JSON(), nullable=False, comment="fields that have no column of their own"),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column(
            "state_reason",
            sa.Text(),
            nullable=True,
            comment="why it was withdrawn or sent back: kept here, as the audit holds no names",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="grows by one with every change"),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("identified_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('proposed', 'withdrawn')", name=op.f("ck_proposed_household_state")),
        sa.CheckConstraint("people >= 1", name=op.f("ck_proposed_household_people")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_proposed_household_created_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposed_household")),
    )
    op.create_index(
        op.f("ix_proposed_household_campaign_id_unit_code_problem_type_id_state"),
        "proposed_household",
        ["campaign_id", "unit_code", "problem_type_id", "state"],
        unique=False,
    )


def _session() -> None:
    op.create_table(
        "session",
        sa.Column(
            "token_hash", sa.String(length=64), nullable=False, comment="SHA-256 of the cookie's token"
        ),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("csrf_token", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column(
            "client", sa.String(length=200), nullable=False, comment="browser, for the list of my sessions"
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_session_account_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_account_id"), "session", ["account_id"], unique=False)
    op.create_index(op.f("ix_session_expires_at"), "session", ["expires_at"], unique=False)


def _zero_report() -> None:
    op.create_table(
        "zero_report",
        sa.Column("campaign_id", sa.String(length=60), nullable=False),
        sa.Column("unit_code", sa.String(length=30), nullable=False),
        sa.Column("problem_type_id", sa.String(length=60), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_zero_report_created_by")),
        sa.PrimaryKeyConstraint("campaign_id", "unit_code", "problem_type_id", name=op.f("pk_zero_report")),
    )
